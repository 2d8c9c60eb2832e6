using MmuEmu.Emulator.Models;
using MmuEmu.Tests.Fuzz;
using MmuEmu.Tests.Guests;

namespace MmuEmu.Tests.Conformance;

/// <summary>QEMU's own test programs for user mode on x86-64, against a native run.</summary>
public sealed class QemuProgramTests
{
    private const string List = "qemu.txt";

    public static TheoryData<string> Programs => ProgramRow.Names(List);

    [Theory]
    [MemberData(nameof(Programs))]
    public async Task It_ends_as_natively(string name)
    {
        ProgramRow row = ProgramRow.Of(List, name);
        string program = ThirdParty.Program("qemu", name);
        if (row.Judge == Judge.Except)
        {
            row.Reason.ShouldNotBeEmpty();
            return;
        }

        HostRun native = await HostProcess.Run(program);

        Comparison.Here(program, HostProcessor.Like(CpuModels.Max)).ShouldBe(native, row.Judge);
    }
}
