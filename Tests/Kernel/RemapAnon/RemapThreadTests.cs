using Iced.Intel;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Run;
using MmuEmu.Tests.Builders;
using static Iced.Intel.AssemblerRegisters;

namespace MmuEmu.Tests.Kernel.RemapAnon;

/// <summary>Two threads of one program at the same pages, on one processor and on two, in turns of several lengths.</summary>
public sealed class RemapThreadTests
{
    private const ulong Page = 4096;
    private const ulong RemapAnon = 321;
    private const ulong Hole = 0x2000_0000;
    private const ulong Own = 0x1000_0000;
    private const ulong Answers = AssembledGuest.Data;
    private const ulong Seen = AssembledGuest.Data + 0x10;
    private const ulong Signals = AssembledGuest.Data + 0x20;

    [Theory, Spec("R-083", Threads = 2)]
    [InlineData(1, 7)]
    [InlineData(1, 500)]
    [InlineData(2, 1)]
    [InlineData(2, 100)]
    public void Of_two_threads_that_fill_the_same_hole_one_wins_and_the_other_hears_EEXIST_and_both_read_the_winners_page(int cpus, int quantum)
    {
        // Given two threads that touch one hole; each one's handler waits for the other's, then brings a page of its own
        TwoThreads program = null!;
        program = new TwoThreads
        {
            Before = MapHoleAndOwnPages,
            First = ReadHole,
            Second = ReadHole,
            OnBusError = a =>
            {
                program.NewGate()(a);
                BringOwnPage(a);
            },
        };

        // When both run
        GuestRun run = program.Run(cpus, (ulong)quantum);

        // Then one was first, and both see what it brought
        run.Result.Reason.ShouldBe(EndReason.Exited, run.Result.Message);
        long[] answers = [(long)run[0], (long)run[1]];
        answers.Order().ShouldBe([-(long)Errno.EEXIST, 4096]);
        ulong winner = 0x30UL + (ulong)Array.IndexOf(answers, 4096);
        (run[2], run[3], run[4]).ShouldBe((winner, winner, 2UL));
    }

    [Theory, Spec("R-084", Threads = 2)]
    [InlineData(1, 7)]
    [InlineData(1, 500)]
    [InlineData(2, 1)]
    [InlineData(2, 100)]
    public void Of_two_threads_that_move_the_same_page_one_wins_and_the_other_hears_ENOENT(int cpus, int quantum)
    {
        // Given one page, and two threads that want it at two places
        TwoThreads program = null!;
        Action<Assembler>? gate = null;
        void Move(Assembler a)
        {
            (gate ??= program.NewGate())(a);
            a.mov(rdi, r15);
            a.shl(rdi, 12);
            a.add(rdi, (int)Hole);
            a.mov(rsi, Own);
            Remap(a);
            a.mov(__qword_ptr[(r15 * 8) + (long)Answers], rax);
        }

        program = new TwoThreads
        {
            Before = a =>
            {
                a.MapAt(Own, Page);
                FillPage(a, Own, 0x55);
                a.MapAt(Hole, 2 * Page);
            },
            First = Move,
            Second = Move,
        };

        // When both run
        GuestRun run = program.Run(cpus, (ulong)quantum);

        // Then one has it
        run.Result.Reason.ShouldBe(EndReason.Exited, run.Result.Message);
        ((long[])[(long)run[0], (long)run[1]]).Order().ShouldBe([-(long)Errno.ENOENT, 4096]);
    }

    [Theory, Spec("R-087", Threads = 2)]
    [InlineData(1, 7)]
    [InlineData(1, 500)]
    [InlineData(2, 1)]
    [InlineData(2, 100)]
    public void A_reader_that_spins_on_a_hole_takes_signals_and_then_sees_the_whole_page_at_once(int cpus, int quantum)
    {
        // Given a reader whose handler only counts, and a writer that waits for the first signal, fills a page and moves it there
        TwoThreads program = new()
        {
            Before = a =>
            {
                MapHole(a);
                a.MapAt(Own, Page);
            },
            First = a =>
            {
                Label wait = a.CreateLabel();
                a.Label(ref wait);
                a.cmp(__qword_ptr[Signals], 0);
                a.je(wait);
                FillPage(a, Own, 0x66);
                a.mov(rdi, Hole);
                a.mov(rsi, Own);
                Remap(a);
                a.mov(__qword_ptr[Answers], rax);
            },
            Second = a =>
            {
                a.mov(rbx, Hole + Page - 1);
                a.mov(al, __byte_ptr[rbx]);
                a.cld();
                a.mov(rdi, Hole);
                a.mov(rcx, Page);
                a.mov(eax, 0x66);
                a.repe.scasb();
                a.setne(__byte_ptr[Answers + 8]);
                a.mov(__qword_ptr[Seen], rcx);
            },
            OnBusError = a => a.@lock.inc(__qword_ptr[Signals]),
        };

        // When both run
        GuestRun run = program.Run(cpus, (ulong)quantum);

        // Then the reader met the hole first, and after that no byte that is not the page's
        run.Result.Reason.ShouldBe(EndReason.Exited, run.Result.Message);
        ((long)run[0], run[1], run[2]).ShouldBe((4096L, 0UL, 0UL));
        run[4].ShouldBeGreaterThan(0UL);
    }

    private static void MapHole(Assembler a)
    {
        a.MapAt(Hole, Page);
        a.Call(28, Hole, Page, 18);
    }

    private static void MapHoleAndOwnPages(Assembler a)
    {
        MapHole(a);
        foreach (ulong thread in (ulong[])[0, 1])
        {
            a.MapAt(Own + (thread * 2 * Page), Page);
            FillPage(a, Own + (thread * 2 * Page), 0x30 + thread);
        }
    }

    private static void BringOwnPage(Assembler a)
    {
        a.mov(rsi, r15);
        a.shl(rsi, 13);
        a.add(rsi, (int)Own);
        a.mov(rdi, Hole);
        Remap(a);
        a.mov(__qword_ptr[(r15 * 8) + (long)Answers], rax);
        a.@lock.inc(__qword_ptr[Signals]);
    }

    private static void FillPage(Assembler a, ulong page, ulong value)
    {
        a.cld();
        a.mov(rdi, page);
        a.mov(rcx, Page);
        a.mov(rax, value);
        a.rep.stosb();
    }

    private static void ReadHole(Assembler a)
    {
        a.mov(rbx, Hole);
        a.movzx(eax, __byte_ptr[rbx]);
        a.mov(__qword_ptr[(r15 * 8) + (long)Seen], rax);
    }

    /// <summary>remap_anon_pages of one page from RSI to RDI, without flags.</summary>
    private static void Remap(Assembler a)
    {
        a.mov(rdx, Page);
        a.xor(r10d, r10d);
        a.mov(rax, RemapAnon);
        a.syscall();
    }
}
