using Iced.Intel;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Run;
using MmuEmu.Kernel.Story;
using MmuEmu.Tests.Builders;
using static Iced.Intel.AssemblerRegisters;

namespace MmuEmu.Tests.Kernel.Run;

/// <summary>A refusal that more RAM would have prevented is in the result of the run; any other is not.</summary>
public sealed class ShortageTests
{
    private const ulong Mib = 1 << 20;
    private const ulong Area = 0x1000_0000;
    private const ulong PrivateAnonymous = 0x22;

    [Fact]
    public void A_mapping_larger_than_memory_names_what_would_be_enough()
    {
        GuestRun run = RunWith(16 * Mib, a => a.Call(9, 0, 64 * Mib, 3, PrivateAnonymous, ulong.MaxValue, 0));

        MemoryShortage shortage = run.Result.Shortage.ShouldNotBeNull();
        (shortage.Call, shortage.Errno, shortage.WantedBytes, shortage.Times, shortage.IsKill).ShouldBe(("mmap", Errno.ENOMEM, 64 * Mib, 1UL, false));
        shortage.NextRamBytes(16 * Mib).ShouldBe(128 * Mib);
        RunWith(128 * Mib, a => a.Call(9, 0, 64 * Mib, 3, PrivateAnonymous, ulong.MaxValue, 0)).Result.Shortage.ShouldBeNull();
    }

    [Fact]
    public void Brk_which_has_no_errno_is_a_refusal_when_the_break_stays()
    {
        static void Grow(Assembler a)
        {
            a.Call(12, 0);
            a.lea(rdi, __[rax + (int)(64 * Mib)]);
            a.mov(eax, 12);
            a.syscall();
        }

        MemoryShortage shortage = RunWith(16 * Mib, Grow).Result.Shortage.ShouldNotBeNull();

        (shortage.Call, shortage.Errno).ShouldBe(("brk", Errno.None));
        RunWith(128 * Mib, Grow).Result.Shortage.ShouldBeNull();
    }

    [Fact]
    public void A_fork_for_whose_tables_there_is_no_frame_is_told()
    {
        // Given programs that touch more and more of 1 MiB before they fork
        IEnumerable<MemoryShortage?> told = Enumerable.Range(100, 110).Select(pages => RunWith(Mib, a =>
        {
            a.MapAt(Area, 220 << 12);
            Touch(a, (ulong)pages);
            a.Call(57);
        }).Result.Shortage);

        // Then one of them has room for its pages and none for the child's tables
        MemoryShortage fork = told.First(shortage => shortage is { IsKill: false })!;
        (fork.Call, fork.Errno).ShouldBe(("fork", Errno.ENOMEM));
        fork.NextRamBytes(Mib).ShouldBe(2 * Mib);
    }

    [Fact]
    public void The_killer_is_told_before_any_refusal_and_all_are_counted()
    {
        GuestRun run = RunWith(Mib, a =>
        {
            a.Call(9, 0, 64 * Mib, 3, PrivateAnonymous, ulong.MaxValue, 0);
            a.MapAt(Area, 220 << 12);
            Touch(a, 220);
        });

        MemoryShortage shortage = run.Result.Shortage.ShouldNotBeNull();
        (run.Result.Reason, shortage.IsKill, shortage.Times).ShouldBe((EndReason.OutOfMemory, true, 2UL));
        shortage.Process.ShouldEndWith(" (1000)");
    }

    [Fact]
    public void A_thread_that_finds_no_memory_dies_with_its_process_although_another_thread_is_the_first()
    {
        GuestRun run = RunWith(Mib, a =>
        {
            Label first = a.CreateLabel();
            Label second = a.CreateLabel();
            a.MapAt(Area, 220 << 12);
            a.Call(56, 0x5_0F00, AssembledGuest.Data + 0x8000, 0, 0, 0);
            a.test(rax, rax);
            a.jz(second);
            a.Label(ref first);
            a.jmp(first);
            a.Label(ref second);
            Touch(a, 220);
        });

        run.Result.Reason.ShouldBe(EndReason.OutOfMemory);
    }

    [Theory]
    [InlineData(1UL << 40)]
    [InlineData(1UL << 63)]
    public void What_no_RAM_could_give_is_not_told(ulong bytes) =>
        RunWith(16 * Mib, a => a.Call(9, 0, bytes, 3, PrivateAnonymous, ulong.MaxValue, 0)).Result.Shortage.ShouldBeNull();

    [Fact]
    public void A_limit_that_the_program_set_itself_is_not_told()
    {
        GuestRun run = RunWith(16 * Mib, a =>
        {
            a.mov(rax, AssembledGuest.Data);
            a.mov(__qword_ptr[rax], 1 << 20);
            a.mov(__qword_ptr[rax + 8], 1 << 20);
            a.Call(160, 9, AssembledGuest.Data);
            a.Call(9, 0, 4 * Mib, 3, PrivateAnonymous, ulong.MaxValue, 0);
            a.ExpectRax(unchecked((ulong)-(long)Errno.ENOMEM));
        });

        (run.Result.ExitCode, run.Result.Shortage).ShouldBe((0, null));
    }

    [Theory]
    [InlineData(1UL << 30, 4096UL, 2UL << 30)]
    [InlineData(12UL << 20, 4096UL, 16UL << 20)]
    [InlineData(1UL << 30, 3UL << 30, 4UL << 30)]
    [InlineData(48UL << 30, 4096UL, 64UL << 30)]
    [InlineData(64UL << 30, 4096UL, null)]
    public void What_to_try_is_a_power_of_two_that_there_can_be(ulong ram, ulong wanted, ulong? next) =>
        new MemoryShortage("mmap", Errno.ENOMEM, "it (1000)", wanted, 0).NextRamBytes(ram).ShouldBe(next);

    private static GuestRun RunWith(ulong ramBytes, Action<Assembler> code) => GuestRun.Of(
        a =>
        {
            code(a);
            a.Call(231, 0);
        },
        options => options with { RamBytes = ramBytes, HostRoot = null, Trace = null });

    private static void Touch(Assembler a, ulong pages)
    {
        Label again = a.CreateLabel();
        a.mov(rbx, Area);
        a.mov(rcx, pages);
        a.Label(ref again);
        a.mov(__byte_ptr[rbx], 1);
        a.add(rbx, 4096);
        a.dec(rcx);
        a.jne(again);
    }
}
