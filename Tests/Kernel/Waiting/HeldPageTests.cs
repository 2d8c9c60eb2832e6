using Iced.Intel;
using MmuEmu.Kernel.Run;
using MmuEmu.Tests.Builders;
using static Iced.Intel.AssemblerRegisters;

namespace MmuEmu.Tests.Kernel.Waiting;

/// <summary>Instructions and signal frames that meet a page which is held back.</summary>
public sealed class HeldPageTests
{
    private const ulong Data = AssembledGuest.Data;
    private const ulong Held = 0x5000_0000;
    private const ulong HeldBytes = 0x1_0000;
    private const ulong Other = 0x5800_0000;
    private const ulong Moment = 5_000_000;
    private const ulong OnAltStack = 0x0800_0000;

    [Fact]
    public void A_load_waits_for_its_page_and_goes_on_as_if_nothing_had_been()
    {
        GuestRun held = Run(Load, kernel => new HeldRange(kernel, Held, HeldBytes) { UntilNs = Moment });
        GuestRun free = Run(Load, null);

        held.Result.Reason.ShouldBe(EndReason.Exited, held.Result.Message);
        (held[0], held[1], held[2]).ShouldBe((0UL, 0x1212UL, 0x3434UL));
        held.Result.Time.ShouldBe(free.Result.Time);
        held[4].ShouldBeGreaterThanOrEqualTo(Moment);
        free[4].ShouldBeLessThan(Moment);
        held.Result.Statistics.PageFaults.ShouldBe(free.Result.Statistics.PageFaults + 1);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void A_store_waits_until_another_thread_has_done_something(int cpus)
    {
        GuestRun run = Run(
            a =>
            {
                Label child = a.CreateLabel();
                Map(a);
                a.MapAt(Other, 0x1000);
                a.Call(56, 0x5_0F00, Data + 0x8000, 0, 0, 0);
                a.test(rax, rax);
                a.jz(child);
                a.mov(rbx, Held + 0x123);
                a.mov(rcx, 0x77UL);
                a.@lock.xadd(__[rbx], rcx);
                a.mov(rax, __[rbx]);
                a.mov(__qword_ptr[Data], rax);
                a.mov(rax, __qword_ptr[Data + 0x100]);
                a.mov(__qword_ptr[Data + 8], rax);
                a.PrintAndExit(Data, 16);
                a.Label(ref child);
                a.mov(ecx, 50_000);
                Label loop = a.CreateLabel();
                a.Label(ref loop);
                a.dec(ecx);
                a.jnz(loop);
                a.mov(__qword_ptr[Data + 0x100], 0x55);
                a.mov(rbx, Other);
                a.mov(__qword_ptr[rbx], 1);
                a.Call(60, 0);
            },
            kernel => new HeldRange(kernel, Held, HeldBytes) { UntilPresent = Other },
            cpus);

        (run[0], run[1]).ShouldBe((0x77UL, 0x55UL), run.Result.Message);
    }

    [Fact]
    public void A_handler_runs_while_an_instruction_waits_which_is_then_tried_again()
    {
        GuestRun run = Run(
            a =>
            {
                Label handler = a.CreateLabel();
                Label restorer = a.CreateLabel();
                Map(a);
                a.Handle(14, handler, restorer);
                a.mov(__qword_ptr[Data + 0x218], 1000);
                a.Call(38, 0, Data + 0x200, 0);
                a.mov(rbx, Held);
                a.mov(r12, 0x1212UL);
                a.mov(rdx, __[rbx + 8]);
                a.mov(__qword_ptr[Data + 8], r12);
                a.Call(228, 1, Data + 16);
                a.PrintAndExit(Data, 40);
                a.Label(ref handler);
                a.inc(__qword_ptr[Data]);
                a.mov(r12, 0UL);
                a.Call(228, 1, Data + 32 - 8);
                a.ret();
                a.Restorer(ref restorer);
            },
            kernel => new HeldRange(kernel, Held, HeldBytes) { UntilNs = Moment });

        run.Result.Reason.ShouldBe(EndReason.Exited, run.Result.Message);
        (run[0], run[1]).ShouldBe((1UL, 0x1212UL));
        run.Trace!.Signals.Single().Rip.ShouldBe(run.Trace.Faults.First(fault => fault.Fault.Cr2.Raw == Held + 8).Rip);
        run.Trace.Faults.Count(fault => fault.Fault.Cr2.Raw == Held + 8).ShouldBe(3);
        run[4].ShouldBeLessThan(Moment);
        run[3].ShouldBeGreaterThanOrEqualTo(Moment);
    }

    [Fact]
    public void A_signal_whose_stack_is_held_comes_when_the_stack_is_let_go()
    {
        GuestRun run = Run(
            a =>
            {
                Label handler = a.CreateLabel();
                Label restorer = a.CreateLabel();
                Map(a);
                a.Handle(10, handler, restorer, OnAltStack);
                a.mov(rbx, Held);
                a.mov(__qword_ptr[Data + 0x200], rbx);
                a.mov(__qword_ptr[Data + 0x210], (int)HeldBytes);
                a.Call(131, Data + 0x200, 0);
                a.Call(39);
                a.mov(rdi, rax);
                a.mov(rsi, 10UL);
                a.mov(eax, 62);
                a.syscall();
                a.PrintAndExit(Data, 24);
                a.Label(ref handler);
                a.inc(__qword_ptr[Data]);
                a.Call(228, 1, Data + 8);
                a.ret();
                a.Restorer(ref restorer);
            },
            kernel => new HeldRange(kernel, Held, HeldBytes) { UntilNs = Moment });

        run.Result.Reason.ShouldBe(EndReason.Exited, run.Result.Message);
        run[0].ShouldBe(1UL);
        run[2].ShouldBeGreaterThanOrEqualTo(Moment);
    }

    [Fact]
    public void A_page_that_nobody_lets_go_ends_the_run_by_name()
    {
        GuestRun run = Run(Load, kernel => new HeldRange(kernel, Held, HeldBytes));

        (run.Result.Reason, run.Result.ExitCode).ShouldBe((EndReason.Deadlock, 123));
        run.Result.Message.ShouldContain("(1000) waits for the page at 0x50000000");
    }

    /// <summary>Loads from the held page; prints what came, two registers that must stay, and the clock.</summary>
    private static void Load(Assembler a)
    {
        Map(a);
        a.mov(rbx, Held);
        a.mov(r12, 0x1212UL);
        a.mov(r13, 0x3434UL);
        a.mov(rdx, 0x99UL);
        a.mov(rdx, __[rbx + 8]);
        a.mov(__qword_ptr[Data], rdx);
        a.mov(__qword_ptr[Data + 8], r12);
        a.mov(__qword_ptr[Data + 16], r13);
        a.Call(228, 1, Data + 24);
        a.PrintAndExit(Data, 40);
    }

    private static void Map(Assembler a) => a.MapAt(Held, HeldBytes);

    private static GuestRun Run(Action<Assembler> code, Func<MiniKernel, HeldRange>? gate, int cpus = 1) => GuestRun.Of(
        code,
        options => options with { Cpus = cpus, MaxInstructions = 20_000_000 },
        kernel => kernel.Memory.FaultGate = gate?.Invoke(kernel));
}
