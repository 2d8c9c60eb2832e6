using Iced.Intel;
using MmuEmu.Debugger.Rendering;
using MmuEmu.Kernel.Run;
using MmuEmu.Kernel.Tasks;
using MmuEmu.Kernel.Waiting;
using MmuEmu.Tests.Builders;
using MmuEmu.Tests.Kernel.State;
using static Iced.Intel.AssemblerRegisters;

namespace MmuEmu.Tests.Kernel.Waiting;

/// <summary>Two processes and a lock on a file, without a compiler: who waits, in a saved run too, and what is said when nobody gives up the lock.</summary>
public sealed class FileLockWaitTests
{
    private const ulong Data = AssembledGuest.Data;
    private const ulong Lock = Data + 0x100;
    private const ulong File = 3;
    private const ulong Fcntl = 72;
    private const ulong SetLk = 6;
    private const ulong SetLkW = 7;

    [Fact]
    public void A_child_waits_until_its_parent_gives_up_the_lock()
    {
        GuestRun run = GuestRun.Of(a => TwoProcesses(a, gives: true));

        (run.Output.Text, run.Result.ExitCode).ShouldBe(("pc", 0), run.Result.Message);
    }

    [Fact]
    public void A_saved_run_holds_the_lock_and_who_waits_for_it()
    {
        string path = Path.GetTempFileName();
        System.IO.File.WriteAllBytes(path, AssembledGuest.Build(a => TwoProcesses(a, gives: true)));
        try
        {
            ulong half = HalfOf(path);
            using SavedRun run = new(path);
            run.Run(StopAt.Time(half));
            Process child = run.Kernel.System.Processes.All[1];
            FileLockWait wait = child.Threads[0].Wait!.Cause.ShouldBeOfType<FileLockWait>();
            (wait.Blocker.Pid, wait.Request.Pid).ShouldBe((child.ParentPid, child.Pid));
            using RunImage image = run.Kernel.Save();
            ObjectGraph graph = ObjectGraph.Of(run.Kernel, LeftOut.OfRun);
            SavedRun.Told rest = run.Run();
            wait.Request.File.Inode.Locks.All.ShouldBeEmpty();

            run.Kernel.Restore(image);

            graph.Differences().ShouldBeEmpty();
            wait.Request.File.Inode.Locks.All.ShouldBe([wait.Blocker]);
            run.Run().ShouldBeLike(rest, "restored");
        }
        finally
        {
            System.IO.File.Delete(path);
        }
    }

    [Fact]
    public void When_nobody_gives_it_up_the_end_says_who_has_it()
    {
        GuestRun run = GuestRun.Of(a => TwoProcesses(a, gives: false));

        Waiter waiter = run.Result.Waiters.Single(one => one.Kind == WaitKind.FileLock);
        waiter.Other!.Value.Id.ShouldNotBe(waiter.Thread.Id);
        EndText.Of(waiter).ShouldContain($"a lock on {waiter.Path}, which process {waiter.Other.Value.Id} holds");
    }

    [Fact]
    public void I386_has_two_structs_and_a_start_that_does_not_fit_is_EOVERFLOW()
    {
        const ulong narrow = Data + 0x200;
        const ulong far = 0x1_2345_6789;
        GuestRun run = GuestRun.Of(a =>
        {
            Label child = a.CreateLabel();
            a.Call(319, Data + 0xE00, 0);

            // struct flock64: type, whence, then start and length without padding, then pid
            a.mov(__dword_ptr[Lock], 1);
            a.mov(rax, far);
            a.mov(__qword_ptr[Lock + 4], rax);
            a.mov(__qword_ptr[Lock + 12], 3);
            a.Int80(221, File, 13, Lock);
            a.mov(__qword_ptr[Data], rax);
            a.Call(57);
            a.test(rax, rax);
            a.jz(child);
            a.Call(61, ulong.MaxValue, 0, 0, 0);
            a.Call(231, 0);
            a.Label(ref child);

            // What i386's own struct has no room for; a whole file of the other; and commands of fcntl64 asked of fcntl.
            a.mov(__dword_ptr[narrow], 1);
            a.Int80(55, File, 5, narrow);
            a.mov(__qword_ptr[Data + 8], rax);
            a.mov(__qword_ptr[Lock + 4], 0);
            a.mov(__qword_ptr[Lock + 12], 0);
            a.Int80(221, File, 12, Lock);
            a.mov(__qword_ptr[Data + 16], rax);
            a.mov(rax, __qword_ptr[Lock + 4]);
            a.mov(__qword_ptr[Data + 24], rax);
            a.mov(rax, __qword_ptr[Lock + 12]);
            a.mov(__qword_ptr[Data + 32], rax);
            a.Int80(55, File, 12, Lock);
            a.mov(__qword_ptr[Data + 40], rax);
            a.Int80(55, File, 37, Lock);
            a.mov(__qword_ptr[Data + 48], rax);

            // A range of 32 bits before the locked one is free.
            a.mov(__dword_ptr[narrow + 4], 16);
            a.mov(__dword_ptr[narrow + 8], 16);
            a.Int80(55, File, 6, narrow);
            a.mov(__qword_ptr[Data + 56], rax);
            a.PrintAndExit(Data, 64);
        });

        long[] said = [.. Enumerable.Range(0, 8).Select(i => (long)run[i])];
        said.ShouldBe([0, -75, 0, (long)far, 3, -22, -22, 0], run.Result.Message);
    }

    /// <summary>A parent that locks a file, has a child that waits for it, works for a while, and ends.</summary>
    private static void TwoProcesses(Assembler a, bool gives)
    {
        Label child = a.CreateLabel();
        Label work = a.CreateLabel();
        a.Call(319, Data + 0xE00, 0);
        a.mov(__dword_ptr[Lock], 1);
        a.mov(__word_ptr[Data], (short)('p' | ('c' << 8)));
        a.Call(Fcntl, File, SetLk, Lock);
        a.Call(57);
        a.test(rax, rax);
        a.jz(child);
        a.mov(ecx, 400_000);
        a.Label(ref work);
        a.dec(ecx);
        a.jnz(work);
        a.Call(1, 1, Data, 1);
        if (gives)
        {
            a.mov(__dword_ptr[Lock], 2);
            a.Call(Fcntl, File, SetLk, Lock);
        }

        a.Call(61, ulong.MaxValue, 0, 0, 0);
        a.Call(231, 0);
        a.Label(ref child);
        a.Call(Fcntl, File, SetLkW, Lock);
        a.Call(1, 1, Data + 1, 1);
        a.Call(231, 0);
    }

    private static ulong HalfOf(string path)
    {
        using SavedRun run = new(path);
        run.Run();
        return run.Kernel.Time / 2;
    }
}
