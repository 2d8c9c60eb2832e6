using Iced.Intel;
using MmuEmu.Debugger.Sessions;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Run;
using MmuEmu.Tests.Builders;
using static Iced.Intel.AssemblerRegisters;

namespace MmuEmu.Tests.Kernel.PageCopy;

/// <summary>Copies whose user page is part of a page of 2 MiB: transparent ones are split before they are pinned, those of the pool are held as a whole.</summary>
public sealed class HugeUserPageTests
{
    private const ulong TwoMiB = 2UL << 20;
    private const ulong Place = 0x1000_0000;
    private const ulong Anonymous = 0x32;
    private const ulong HugeTlb = 0x4_0000;

    [Theory]
    [InlineData("c0", "thp=always", Anonymous, 0UL)]
    [InlineData("c4", "thp=always", Anonymous, 1UL)]
    [InlineData("c7", "thp=always", Anonymous, 0UL)]
    [InlineData("c4", "hugepages=2", Anonymous | HugeTlb, 0UL)]
    [InlineData("c7", "hugepages=2", Anonymous | HugeTlb, 0UL)]
    public void Its_bytes_are_written_and_the_frames_are_as_free_as_before(string cure, string huge, ulong flags, ulong splits)
    {
        MiniKernel? machine = null;
        int pool = 0;
        GuestRun run = GuestRun.Of(
            a => WriteFromInside(a, flags),
            options => options with { Profile = ProfileText.Parse($"copy={cure},{huge}") },
            kernel => (machine, pool) = (kernel, kernel.Memory.Huge.Pool.Free));

        run.Result.ExitCode.ShouldBe(0, run.Result.Message);
        run.Output.Written.ToArray().ShouldBe([.. Enumerable.Repeat((byte)0x5A, 4096)]);
        run.Result.Statistics.Memory[MmCounter.ThpSplitPage].ShouldBe(splits);
        machine!.Memory.Huge.Pool.Free.ShouldBe(pool);
    }

    /// <summary>Fills a page inside 2 MiB, writes it to a file, unmaps the 2 MiB, reads the file back, and prints that.</summary>
    private static void WriteFromInside(Assembler a, ulong flags)
    {
        const ulong User = Place + (77 * 4096);
        a.Call(9, Place, TwoMiB, 3, flags, ulong.MaxValue, 0);
        a.mov(rdi, User);
        a.mov(ecx, 4096);
        a.mov(eax, 0x5A);
        a.cld();
        a.rep.stosb();
        a.Call(319, AssembledGuest.Data, 0);
        a.Call(18, 3, User, 4096, 0);
        a.Call(11, Place, TwoMiB);
        a.Call(17, 3, AssembledGuest.Data + 0x1000, 4096, 0);
        a.Call(1, 1, AssembledGuest.Data + 0x1000, 4096);
        a.Call(231, 0);
    }
}
