using MmuEmu.Emulator.Cpu;
using MmuEmu.Emulator.Models;
using MmuEmu.Emulator.Tlb;
using MmuEmu.Emulator.Translation;
using MmuEmu.Emulator.Values;
using MmuEmu.Tests.Builders;

namespace MmuEmu.Tests.Interpreter;

/// <summary>Random bytes as user code: whatever happens is in the manual.</summary>
/// <remarks>MMUEMU_RANDOM_SEQUENCES in the environment sets how many; ten million have been run.</remarks>
public sealed class RandomCodeTests
{
    private const int FewSequences = 300_000;
    private const int Budget = 24;

    [Fact]
    public void Random_bytes_as_code_end_in_an_exit_that_the_architecture_knows()
    {
        Random random = new(77);
        using BareCore core = new();
        core.Core.Vcpu.Model = CpuModels.Max;
        core.Core.Vcpu.Control.Xcr0 = 7;
        core.Core.Vcpu.Control.Cr4 = Cr4Bits.Pae | Cr4Bits.Osfxsr | Cr4Bits.Osxmmexcpt | Cr4Bits.Osxsave | Cr4Bits.Fsgsbase;
        Privilege.Apply(core.Core.Vcpu, Privilege.StateOf(core.Core.Vcpu), TlbInvalidation.None);
        core.Core.Mmu.Mode = core.Mode;
        byte[] code = new byte[32];
        List<string> surprises = [];
        for (int i = 0; i < Sequences() && surprises.Count < 5; i++)
        {
            random.NextBytes(code);
            CoreExit exit = Run(core, code, random, out ulong retired);
            if (!IsArchitecture(exit, retired))
            {
                surprises.Add($"{Convert.ToHexString(code)}: {exit.Kind} {exit.Vector} after {retired}");
            }
        }

        surprises.ShouldBeEmpty();
    }

    private static int Sequences() =>
        int.TryParse(Environment.GetEnvironmentVariable("MMUEMU_RANDOM_SEQUENCES"), out int sequences) ? sequences : FewSequences;

    private static CoreExit Run(BareCore core, byte[] code, Random random, out ulong retired)
    {
        for (int i = 0; i < 16; i++)
        {
            core.Core.Vcpu[i] = random.Next(5) switch
            {
                0 => (ulong)random.Next(-8, 300),
                1 => BareCore.Data + (ulong)random.Next(BareCore.DataPages * 4096),
                2 => BareCore.Data + (ulong)(4096 * random.Next(BareCore.DataPages)) + (ulong)random.Next(-16, 16),
                3 => ulong.MaxValue << random.Next(64),
                _ => (ulong)random.NextInt64(),
            };
        }

        int offset = random.Next(8) == 0 ? 0x1000 - random.Next(1, 16) : 16 * random.Next(200);
        code.CopyTo(core.Ram.SliceToWrite(new PhysAddr(0x40_0000 + (ulong)offset), code.Length));
        core.Core.Vcpu.CodeWritten(new PhysAddr(0x40_0000 + (ulong)offset), Math.Min(code.Length, 4096 - offset));
        core.Core.Vcpu.CodeWritten(new PhysAddr(0x40_1000), code.Length);
        core.Rip = BareCore.Code + (ulong)offset;
        core.Core.Vcpu[Gpr.Rsp] = random.Next(8) == 0 ? core.Core.Vcpu[Gpr.Rsp] : BareCore.StackTop - 4096;
        unsafe
        {
            Rflags.Write(core.Core.Vcpu.State, Rflags.IF | ((ulong)random.Next() & (Rflags.Arithmetic | Rflags.DF)) | OddFlags(random));
        }

        ulong before = core.Core.Retired;
        CoreExit exit = core.Run(Budget);
        retired = core.Core.Retired - before;
        return exit;
    }

    /// <summary>Now and then the trap flag, the alignment check or the resume flag.</summary>
    private static ulong OddFlags(Random random) => random.Next(16) switch
    {
        0 => Rflags.TF,
        1 => Rflags.AC,
        2 => Rflags.TF | Rflags.AC | Rflags.RF,
        3 => Rflags.NT,
        _ => 0,
    };

    private static bool IsArchitecture(in CoreExit exit, ulong retired) => retired <= Budget && exit.Kind switch
    {
        CoreExitKind.BudgetSpent => retired == Budget,
        CoreExitKind.Syscall => retired > 0,
        CoreExitKind.PageFault => true,
        CoreExitKind.Exception => Enum.IsDefined(exit.Vector),
        _ => false,
    };
}
