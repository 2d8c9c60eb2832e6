using Iced.Intel;
using MmuEmu.Kernel.Abi;
using MmuEmu.Tests.Builders;
using static Iced.Intel.AssemblerRegisters;

namespace MmuEmu.Tests.Kernel.Mm;

/// <summary>The three modes of overcommit: what mmap, mprotect, fork and brk answer of a machine with 64 MiB of RAM and 16 MiB of swap.</summary>
public sealed class CommitTests
{
    private const ulong Mebibyte = 1 << 20;
    private const ulong Private = 0x22;
    private const ulong Shared = 0x21;
    private const ulong NoReserve = 0x4000;
    private const long NoMemory = -12;

    [Theory]
    [InlineData(Overcommit.Heuristic, 40, Private, true)]
    [InlineData(Overcommit.Heuristic, 100, Private, false)]
    [InlineData(Overcommit.Heuristic, 100, Shared, false)]
    [InlineData(Overcommit.Heuristic, 100, Private | NoReserve, true)]
    [InlineData(Overcommit.Always, 100, Private, true)]
    [InlineData(Overcommit.Always, 100, Shared, true)]
    [InlineData(Overcommit.Never, 40, Private, true)]
    [InlineData(Overcommit.Never, 60, Private, false)]
    [InlineData(Overcommit.Never, 60, Private | NoReserve, false)]
    [InlineData(Overcommit.Never, 60, Shared, false)]
    [InlineData(Overcommit.Never, 60, Shared | NoReserve, false)]
    public void A_mapping_is_promised_or_not(Overcommit mode, int mebibytes, ulong flags, bool promised)
    {
        GuestRun run = Run(mode, a => Map(a, (ulong)mebibytes * Mebibyte, prot: 3, flags));

        ((long)run[0] != NoMemory).ShouldBe(promised);
    }

    [Theory]
    [InlineData(Overcommit.Heuristic, 0)]
    [InlineData(Overcommit.Always, 0)]
    [InlineData(Overcommit.Never, NoMemory)]
    public void Two_wishes_that_fit_one_by_one_are_one_too_many_where_all_count(Overcommit mode, long second)
    {
        GuestRun run = Run(mode, a =>
        {
            Map(a, 30 * Mebibyte, prot: 3, Private);
            Map(a, 30 * Mebibyte, prot: 0, Private);
            a.mov(rdi, rax);
            a.mov(rsi, 30 * Mebibyte);
            a.mov(rdx, 3);
            a.mov(rax, 10);
            a.syscall();
        });

        ((long)run[0]).ShouldBe(second);
    }

    [Fact]
    public void What_is_unmapped_may_be_promised_again()
    {
        GuestRun run = Run(Overcommit.Never, a =>
        {
            Map(a, 40 * Mebibyte, prot: 3, Private);
            a.mov(rdi, rax);
            a.mov(rsi, 40 * Mebibyte);
            a.mov(rax, 11);
            a.syscall();
            Map(a, 40 * Mebibyte, prot: 3, Private);
        });

        ((long)run[0]).ShouldBeGreaterThan(0);
    }

    [Theory]
    [InlineData(Overcommit.Heuristic, false)]
    [InlineData(Overcommit.Never, true)]
    public void A_child_is_promised_what_its_parent_was(Overcommit mode, bool refused)
    {
        GuestRun run = Run(mode, a =>
        {
            Map(a, 30 * Mebibyte, prot: 3, Private);
            a.Call(57);
        });

        ((long)run[0] == NoMemory).ShouldBe(refused);
    }

    private static void Map(Assembler a, ulong bytes, ulong prot, ulong flags) => a.Call(9, 0, bytes, prot, flags, ulong.MaxValue, 0);

    /// <summary>Runs the code and writes RAX.</summary>
    private static GuestRun Run(Overcommit mode, Action<Assembler> code) => GuestRun.Of(
        a =>
        {
            code(a);
            a.mov(__qword_ptr[AssembledGuest.Data], rax);
            a.Call(1, 1, AssembledGuest.Data, 8);
            a.Call(231, 0);
        },
        options => options with
        {
            RamBytes = 64 * Mebibyte,
            SwapBytes = 16 * Mebibyte,
            Profile = options.Profile with { Overcommit = mode },
        });
}
