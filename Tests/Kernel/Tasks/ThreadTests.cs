using Iced.Intel;
using MmuEmu.Kernel.Run;
using MmuEmu.Kernel.Story;
using MmuEmu.Tests.Builders;
using static Iced.Intel.AssemblerRegisters;

namespace MmuEmu.Tests.Kernel.Tasks;

/// <summary>Threads as small programs make them: what each has of its own, and how they end.</summary>
public sealed class ThreadTests
{
    private const ulong ThreadFlags = 0x5_0F00;
    private const ulong SetTls = 0x8_0000;
    private const ulong ClearTid = 0x20_0000;
    private const ulong Data = AssembledGuest.Data;
    private const ulong Word = Data + 0x100;
    private const ulong Stack = Data + 0x8000;

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void A_thread_has_its_own_registers_and_FS_base_and_shares_memory(int cpus)
    {
        GuestRun run = Run(cpus, a =>
        {
            Label child = a.CreateLabel();
            a.mov(__dword_ptr[Word], 1);
            a.mov(r15, 0x1515);
            a.Call(56, ThreadFlags | SetTls | ClearTid, Stack, 0, Word, Data + 0x200);
            a.test(rax, rax);
            a.jz(child);
            Join(a);
            a.mov(__qword_ptr[Data + 8], r15);
            a.PrintAndExit(Data, 24);
            a.Label(ref child);
            a.mov(rcx, 0x77);
            a.mov(__qword_ptr[Data + 0x200], rcx);
            a.mov(rax, __qword_ptr.fs[0UL]);
            a.mov(__qword_ptr[Data], rax);
            a.mov(__qword_ptr[Data + 16], r15);
            a.mov(r15, 0);
            a.Call(60, 0);
        });

        (run[0], run[1], run[2]).ShouldBe((0x77UL, 0x1515UL, 0x1515UL));
    }

    [Fact]
    public void Threads_that_wait_for_one_another_for_ever_end_the_run_by_name()
    {
        GuestRun run = Run(2, a =>
        {
            a.Call(56, ThreadFlags, Stack, 0, 0, 0);
            a.Call(202, Word, 0, 0, 0);
            a.Call(60, 0);
        });

        (run.Result.Reason, run.Result.ExitCode).ShouldBe((EndReason.Deadlock, 123));
        run.Result.Message.ShouldContain("(1000) waits for the futex at 0x");
        run.Result.Message.ShouldContain("(1001) waits for the futex at 0x");
    }

    [Fact]
    public void A_process_ends_with_its_last_thread_and_tells_of_each()
    {
        GuestRun run = Run(2, a =>
        {
            Label child = a.CreateLabel();
            a.Call(56, ThreadFlags, Stack, 0, 0, 0);
            a.test(rax, rax);
            a.jz(child);
            a.Call(60, 5);
            a.Label(ref child);
            a.mov(ecx, 100_000);
            Label loop = a.CreateLabel();
            a.Label(ref loop);
            a.dec(ecx);
            a.jnz(loop);
            a.Call(60, 6);
        });

        run.Result.ExitCode.ShouldBe(6);
        TaskDetail[] tasks = [.. run.Trace!.Events.Select(happened => happened.Detail).OfType<TaskDetail>()];
        tasks.Length.ShouldBe(5);
        tasks[2].Change.ShouldBe(TaskChange.ThreadBegan);
        tasks[3].Change.ShouldBe(TaskChange.ThreadEnded);
        tasks[4].Change.ShouldBe(TaskChange.Ended);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 1000)]
    [InlineData(3, 1)]
    [InlineData(3, 17)]
    public void Locked_counting_is_exact_and_events_name_the_processor(int cpus, int quantum)
    {
        GuestRun run = Run(cpus, a => Counting(a, threads: 3, rounds: 50), (ulong)quantum);

        run[0].ShouldBe(200UL);
        run.Trace!.Syscalls.Select(call => call.Stamp.Cpu).Distinct().Count().ShouldBe(cpus);
        run.Trace.Syscalls.Select(call => call.Stamp.Tid).Distinct().Count().ShouldBe(4);
    }

    [Fact]
    public void A_thread_bound_to_a_processor_stays_there()
    {
        GuestRun run = Run(4, a =>
        {
            a.mov(__qword_ptr[Data + 0x300], 1 << 2);
            a.Call(203, 0, 8, Data + 0x300);
            for (int i = 0; i < 3; i++)
            {
                a.Call(24);
                a.Call(309, Data + ((ulong)i * 8), 0, 0);
            }

            a.PrintAndExit(Data, 24);
        });

        (run[0], run[1], run[2]).ShouldBe((2UL, 2UL, 2UL));
    }

    [Fact]
    public void A_stop_signal_stops_every_thread_and_a_kill_ends_them()
    {
        // Given a child whose two threads count for ever, and a parent that stops it, looks twice, and kills it
        GuestRun run = Run(4, a =>
        {
            Label child = a.CreateLabel();
            a.Call(9, 0x50_0000, 4096, 3, 0x31, ulong.MaxValue, 0);
            a.Call(57);
            a.mov(r12, rax);
            a.test(rax, rax);
            a.jz(child);
            Sleep(a);
            Kill(a, 19);
            WaitFor(a, Data + 0x400, options: 2);
            a.mov(rbx, __qword_ptr[0x50_0000UL]);
            a.mov(r13, __qword_ptr[0x50_0008UL]);
            Sleep(a);
            a.sub(rbx, __qword_ptr[0x50_0000UL]);
            a.sub(r13, __qword_ptr[0x50_0008UL]);
            a.mov(__qword_ptr[Data], rbx);
            a.mov(__qword_ptr[Data + 8], r13);
            Kill(a, 9);
            WaitFor(a, Data + 16, options: 0);
            a.PrintAndExit(Data, 24);
            a.Label(ref child);
            a.mov(rbx, 0x50_0000UL);
            a.Call(56, ThreadFlags, Stack, 0, 0, 0);
            a.test(rax, rax);
            Label count = a.CreateLabel();
            a.jz(count);
            a.mov(rbx, 0x50_0008UL);
            a.Label(ref count);
            a.inc(__qword_ptr[rbx]);
            a.jmp(count);
        });

        (run[0], run[1], run[2]).ShouldBe((0UL, 0UL, 9UL), run.Result.Message);
    }

    private static void Kill(Assembler a, ulong signal)
    {
        a.mov(rdi, r12);
        a.mov(rsi, signal);
        a.mov(eax, 62);
        a.syscall();
    }

    private static void WaitFor(Assembler a, ulong status, ulong options)
    {
        a.mov(rdi, r12);
        a.mov(rsi, status);
        a.mov(rdx, options);
        a.mov(r10, 0UL);
        a.mov(eax, 61);
        a.syscall();
    }

    private static void Sleep(Assembler a)
    {
        a.mov(rax, Data + 0x500);
        a.mov(__qword_ptr[rax], 0);
        a.mov(__qword_ptr[rax + 8], 500_000);
        a.Call(35, Data + 0x500, 0);
    }

    /// <summary>Three more threads and the first one add to a word; the first one prints it when all are done.</summary>
    private static void Counting(Assembler a, int threads, int rounds)
    {
        Label work = a.CreateLabel();
        Label wait = a.CreateLabel();
        Label loop = a.CreateLabel();
        for (int i = 0; i < threads; i++)
        {
            a.Call(56, ThreadFlags, Stack + ((ulong)i * 0x400), 0, 0, 0);
            a.test(rax, rax);
            a.mov(r14, 1UL);
            a.jz(work);
        }

        a.mov(r14, 0UL);
        a.Label(ref work);
        a.mov(r13, (ulong)rounds);
        a.mov(rbx, Data);
        a.Label(ref loop);
        a.@lock.inc(__qword_ptr[rbx]);
        a.dec(r13);
        a.jnz(loop);
        a.@lock.inc(__qword_ptr[rbx + 8]);
        a.test(r14, r14);
        a.jz(wait);
        a.Call(186);
        a.Call(60, 0);
        a.Label(ref wait);
        a.Call(24);
        a.cmp(__qword_ptr[rbx + 8], threads + 1);
        a.jne(wait);
        a.PrintAndExit(Data, 8);
    }

    private static void Join(Assembler a)
    {
        Label again = a.CreateLabel();
        Label done = a.CreateLabel();
        a.Label(ref again);
        a.cmp(__dword_ptr[Word], 0);
        a.je(done);
        a.Call(202, Word, 0, 1, 0);
        a.jmp(again);
        a.Label(ref done);
    }

    private static GuestRun Run(int cpus, Action<Assembler> write, ulong? quantum = null) =>
        GuestRun.Of(write, options => options with { Cpus = cpus, Quantum = quantum, MaxInstructions = 20_000_000 });
}
