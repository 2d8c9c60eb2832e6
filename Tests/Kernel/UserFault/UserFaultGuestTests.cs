using Iced.Intel;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Run;
using MmuEmu.Kernel.Story;
using MmuEmu.Tests.Builders;
using static Iced.Intel.AssemblerRegisters;

namespace MmuEmu.Tests.Kernel.UserFault;

/// <summary>Whole programs on the whole kernel.</summary>
public sealed class UserFaultGuestTests
{
    private const ulong Area = 0x1000_0000;
    private const ulong NoDefer = 0x4000_0000;
    private const ulong Madvise = 28;

    [Fact, Spec("U-047")]
    public void A_program_without_a_handler_is_killed_by_SIGBUS()
    {
        using AsmGuest guest = new(c =>
        {
            c.MapAt(Area, 4096);
            c.Call(Madvise, Area, 4096, 18);
            c.ExpectRax(0);
            c.mov(rbx, Area + 0x123);
            c.mov(al, __byte_ptr[rbx]);
            c.Exit(0);
        });

        RunResult result = guest.Run();

        (result.Reason, result.Signal, result.ExitCode).ShouldBe((EndReason.Killed, Signal.SIGBUS, 135));
    }

    [Theory, Spec("U-046", Threads = 2)]
    [InlineData(1, 50)]
    [InlineData(2, 1)]
    public void Only_the_thread_that_touches_gets_the_signal_and_the_other_runs_on(int cpus, int quantum)
    {
        // Given a thread whose handler waits until the other, which touches nothing, has counted to a thousand
        const ulong Count = AssembledGuest.Data;
        TwoThreads program = new()
        {
            Before = c =>
            {
                c.MapAt(Area, 4096);
                c.Call(Madvise, Area, 4096, 18);
            },
            First = c =>
            {
                Label loop = c.CreateLabel();
                c.Label(ref loop);
                c.inc(__qword_ptr[Count]);
                c.cmp(__qword_ptr[Count], 1000);
                c.jne(loop);
            },
            Second = c =>
            {
                c.mov(rbx, Area);
                c.mov(al, __byte_ptr[rbx]);
            },
            OnBusError = c =>
            {
                Label wait = c.CreateLabel();
                c.Label(ref wait);
                c.cmp(__qword_ptr[Count], 1000);
                c.jne(wait);
                c.Call(Madvise, Area, 4096, 19);
            },
        };

        // When both run
        GuestRun run = program.Run(cpus, (ulong)quantum);

        // Then one signal came, to the thread that touched
        (run.Result.Reason, run[0]).ShouldBe((EndReason.Exited, 1000UL), run.Result.Message);
        run.Trace!.Events.Where(happened => happened.Kind == KernelEvent.Signal)
            .Select(happened => (happened.Stamp.Tid - run.Trace.Syscalls[0].Stamp.Tid, ((SignalDetail)happened.Detail!).Info.Signal)).ShouldBe([(1, Signal.SIGBUS)]);
    }

    [Fact, Spec("U-048")]
    public void A_handler_that_meets_a_hole_while_the_signal_is_blocked_ends_the_program()
    {
        using AsmGuest guest = new(c => TwoHoles(c, flags: 0));

        RunResult result = guest.Run();

        (result.Signal, result.ExitCode).ShouldBe((Signal.SIGBUS, 135));
    }

    [Fact, Spec("U-049", "U-040")]
    public void With_SA_NODEFER_the_handler_runs_nested_and_both_holes_are_repaired()
    {
        using AsmGuest guest = new(c => TwoHoles(c, NoDefer));

        RunResult result = guest.Run();

        (result.Reason, result.ExitCode).ShouldBe((EndReason.Exited, 2));
    }

    [Fact, Spec("U-066")]
    public void After_exec_new_memory_at_the_same_address_raises_no_signal()
    {
        using AsmGuest guest = new(c =>
        {
            ExecOnce(c, first =>
            {
                first.MapAt(Area, 4096);
                first.Call(Madvise, Area, 4096, 18);
                first.ExpectRax(0);
            });
            c.MapAt(Area, 4096);
            c.mov(rbx, Area);
            c.mov(al, __byte_ptr[rbx]);
            c.Exit(0);
        });

        RunResult result = guest.Run();

        (result.Reason, result.ExitCode).ShouldBe((EndReason.Exited, 0));
    }

    /// <summary>With one argument: runs <paramref name="first"/>, then executes itself again with two.</summary>
    internal static void ExecOnce(Assembler c, Action<Assembler> first)
    {
        const ulong Text = AssembledGuest.Data + 0x100;
        const ulong Pointers = AssembledGuest.Data + 0x200;
        Label second = c.CreateLabel();
        c.cmp(__qword_ptr[rsp], 1);
        c.jne(second);
        first(c);
        c.mov(rbx, Text);
        c.mov(rax, BitConverter.ToUInt64("/proc/se"u8));
        c.mov(__qword_ptr[rbx], rax);
        c.mov(rax, BitConverter.ToUInt64("lf/exe\0\0"u8));
        c.mov(__qword_ptr[rbx + 8], rax);
        c.mov(rdx, Pointers);
        c.mov(__qword_ptr[rdx], rbx);
        c.mov(__qword_ptr[rdx + 8], rbx);
        c.Call(59, Text, Pointers, 0);
        c.Exit(98);
        c.Label(ref second);
    }

    /// <summary>
    /// Touches one hole; the handler touches another one first, and repairs by taking the flag off the page.
    /// Ends with the number of times the handler ran.
    /// </summary>
    private static void TwoHoles(Assembler c, ulong flags)
    {
        Label handler = c.CreateLabel();
        Label restorer = c.CreateLabel();
        Label start = c.CreateLabel();
        c.jmp(start);

        c.Label(ref handler);
        c.mov(r12, __qword_ptr[rsi + 16]);
        c.and(r12, -4096);
        c.inc(__dword_ptr[r14]);
        Label repair = c.CreateLabel();
        c.cmp(r12, r13);
        c.jne(repair);
        c.mov(al, __byte_ptr[r13 + 4096]);
        c.Label(ref repair);
        c.mov(rdi, r12);
        c.mov(esi, 4096);
        c.mov(edx, 19);
        c.mov(eax, (int)Madvise);
        c.syscall();
        c.ret();
        c.Restorer(ref restorer);

        c.Label(ref start);
        c.MapAt(Area, 2 * 4096);
        c.Call(Madvise, Area, 2 * 4096, 18);
        c.Handle(7, handler, restorer, flags);
        c.mov(r13, Area);
        c.mov(r14, AssembledGuest.Data);
        c.mov(al, __byte_ptr[r13 + 0x123]);
        c.mov(al, __byte_ptr[r13 + 4096 + 5]);
        c.mov(edi, __dword_ptr[r14]);
        c.mov(eax, 60);
        c.syscall();
    }
}
