using Iced.Intel;
using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Run;
using MmuEmu.Kernel.Story;
using MmuEmu.Tests.Builders;
using static Iced.Intel.AssemblerRegisters;

namespace MmuEmu.Tests.Kernel.Delivery;

/// <summary>What a handler finds, and what becomes of what it leaves: small programs assembled for the purpose.</summary>
public sealed class SignalFrameTests
{
    private const ulong Sigsegv = 11;
    private const ulong Sigbus = 7;
    private const ulong Sigusr1 = 10;
    private const ulong NoDefer = 0x4000_0000;
    private const ulong ResetHandler = 0x8000_0000;
    private const ulong Hole = 0x70_0000;
    private const ulong Data = AssembledGuest.Data;

    [Fact]
    public void A_handler_finds_siginfo_and_ucontext_as_Linux_lays_them_out()
    {
        // Given a handler that copies siginfo and ucontext to the output and ends
        GuestRun run = GuestRun.Of(a =>
        {
            Label handler = a.CreateLabel();
            Label restorer = a.CreateLabel();
            a.Handle(Sigsegv, handler, restorer);
            a.mov(r12, 0x1212121212121212);
            a.mov(rbp, 0x5555);
            a.mov(rax, 0x1234_5678_9ABC);
            a.mov(__byte_ptr[rax], 1);
            a.Label(ref handler);
            a.mov(r13, rdx);
            a.mov(r14, rsi);
            a.mov(r15, rdi);
            Copy(a, r14, Data, 128);
            Copy(a, r13, Data + 128, 304);
            a.mov(rax, Data + 432);
            a.mov(__[rax], r15);
            a.mov(__[rax + 8], rsp);
            a.PrintAndExit(Data, 448);
            a.Restorer(ref restorer);
        });

        // Then si_signo, si_code and si_addr are those of the fault
        run.Result.ExitCode.ShouldBe(0, run.Result.Message);
        run[0].ShouldBe(Sigsegv);
        run[1].ShouldBe((ulong)SigCode.SegvMapErr);
        run[2].ShouldBe(0x1234_5678_9ABCUL);

        // And registers, error code, trap number and CR2 stand in their places
        int context = 128 / 8;
        run[context].ShouldBe(7UL);
        run[context + 5 + 4].ShouldBe(0x1212121212121212UL);
        run[context + 5 + 10].ShouldBe(0x5555UL);
        run[context + 5 + 13].ShouldBe(0x1234_5678_9ABCUL);
        run[context + 5 + 18].ShouldBe(0x002B_0000_0000_0033UL);
        run[context + 5 + 19].ShouldBe(6UL);
        run[context + 5 + 20].ShouldBe(14UL);
        run[context + 5 + 22].ShouldBe(0x1234_5678_9ABCUL);
        ulong fpState = run[context + 5 + 23];
        (fpState % 64).ShouldBe(0UL);
        run[54].ShouldBe(Sigsegv);
        (run[55] % 16).ShouldBe(8UL);
    }

    [Fact]
    public void The_red_zone_below_the_stack_pointer_survives_a_handler()
    {
        GuestRun run = GuestRun.Of(a =>
        {
            Label handler = a.CreateLabel();
            Label restorer = a.CreateLabel();
            a.Handle(Sigusr1, handler, restorer);
            a.mov(rax, 0x0123456789ABCDEF);
            a.mov(__[rsp - 8], rax);
            a.mov(__[rsp - 128], rax);
            a.Call(39);
            a.mov(rdi, rax);
            a.mov(rsi, Sigusr1);
            a.mov(rax, 62UL);
            a.syscall();
            a.mov(rbx, Data);
            a.mov(rcx, __[rsp - 8]);
            a.mov(__[rbx], rcx);
            a.mov(rcx, __[rsp - 128]);
            a.mov(__[rbx + 8], rcx);
            a.PrintAndExit(Data, 16);
            a.Label(ref handler);
            a.ret();
            a.Restorer(ref restorer);
        });

        (run[0], run[1]).ShouldBe((0x0123456789ABCDEFUL, 0x0123456789ABCDEFUL));
        run.Result.Statistics.SignalsHandled.ShouldBe(1UL);
    }

    [Fact]
    public void What_a_handler_writes_into_its_frame_is_what_the_program_goes_on_with()
    {
        GuestRun run = GuestRun.Of(a =>
        {
            Label handler = a.CreateLabel();
            Label restorer = a.CreateLabel();
            Label after = a.CreateLabel();
            a.Handle(4, handler, restorer);
            a.xor(ebx, ebx);
            a.pcmpeqd(xmm3, xmm3);
            a.ud2();
            a.Label(ref after);
            a.mov(rax, Data);
            a.mov(__[rax], rbx);
            a.movdqu(__xmmword_ptr[rax + 8], xmm3);
            a.PrintAndExit(Data, 24);
            a.Label(ref handler);
            a.pxor(xmm3, xmm3);
            a.mov(__qword_ptr[rdx + 40 + 88], 77);
            a.add(__qword_ptr[rdx + 40 + 128], 2);
            a.ret();
            a.Restorer(ref restorer);
        });

        (run[0], run[1], run[2]).ShouldBe((77UL, ulong.MaxValue, ulong.MaxValue));
    }

    [Fact]
    public void A_reset_handler_runs_once()
    {
        GuestRun run = GuestRun.Of(a => FaultTwice(a, ResetHandler));

        run.Result.Signal.ShouldBe(Signal.SIGSEGV);
        run.Trace!.Signals.Select(signal => signal.Fate).ShouldBe([SignalFate.Handled, SignalFate.Fatal]);
    }

    [Fact]
    public void A_handler_on_the_alternate_stack_survives_the_end_of_the_ordinary_one()
    {
        GuestRun run = GuestRun.Of(a =>
        {
            Label handler = a.CreateLabel();
            Label restorer = a.CreateLabel();
            a.Handle(Sigsegv, handler, restorer, flags: 0x0800_0000);
            a.mov(rbx, Data + 0xE000);
            a.mov(rax, Data + 0x2000);
            a.mov(__[rbx], rax);
            a.mov(__qword_ptr[rbx + 8], 0);
            a.mov(__qword_ptr[rbx + 16], 0x4000);
            a.Call(131, Data + 0xE000, 0);
            a.mov(rsp, 0x1000UL);
            a.push(rax);
            a.Label(ref handler);
            a.mov(rbx, Data);
            a.mov(__[rbx], rsp);
            a.mov(rax, __[rdx + 40 + 120]);
            a.mov(__[rbx + 8], rax);
            a.mov(eax, __dword_ptr[rdx + 24]);
            a.mov(__[rbx + 16], rax);
            a.PrintAndExit(Data, 24);
            a.Restorer(ref restorer);
        });

        run[0].ShouldBeInRange(Data + 0x2000, Data + 0x6000);
        run[1].ShouldBe(0x1000UL);
    }

    [Fact]
    [Spec("U-047", "V-083")]
    public void Without_a_handler_a_hole_kills_with_SIGBUS()
    {
        GuestRun run = GuestRun.Of(a =>
        {
            MakeHoles(a);
            a.mov(rax, Hole + 0x123);
            a.mov(bl, __[rax]);
        });

        (run.Result.Reason, run.Result.ExitCode, run.Result.Signal).ShouldBe((EndReason.Killed, 135, Signal.SIGBUS));
        run.Result.LastFault!.Fault!.Signal.ShouldBe(new SigInfo(Signal.SIGBUS, SigCode.BusAdrErr, new VirtAddr(Hole + 0x123)));
    }

    [Fact]
    [Spec("U-042")]
    public void An_access_that_crosses_into_a_hole_names_the_first_byte_of_the_hole()
    {
        GuestRun run = GuestRun.Of(a =>
        {
            MakeHoles(a);
            a.Call(28, Hole, 0x1000, 19);
            a.mov(rax, Hole);
            a.mov(__byte_ptr[rax], 1);
            a.mov(rax, __[rax + 0xFFC]);
        });

        run.Result.LastFault!.Fault!.Signal.Address.ShouldBe(new VirtAddr(Hole + 0x1000));
    }

    [Fact]
    [Spec("U-043")]
    public void An_access_that_crosses_two_holes_raises_one_signal_for_each_and_then_succeeds()
    {
        GuestRun run = GuestRun.Of(a =>
        {
            Label handler = a.CreateLabel();
            Label restorer = a.CreateLabel();
            a.Handle(Sigbus, handler, restorer);
            MakeHoles(a);
            a.mov(rax, Hole + 0xFFC);
            a.mov(rbx, 0x1122334455667788);
            a.mov(__[rax], rbx);
            a.Call(1, 1, Hole + 0xFFC, 8);
            a.Call(231, 0);
            RepairingHandler(a, ref handler, ref restorer);
        });

        run[0].ShouldBe(0x1122334455667788UL);
        run.Trace!.Signals.Select(signal => signal.Info.Address).ShouldBe([new VirtAddr(Hole + 0xFFC), new VirtAddr(Hole + 0x1000)]);
    }

    [Fact]
    [Spec("U-044")]
    public void A_string_copy_that_reaches_a_hole_resumes_without_losing_or_repeating_a_byte()
    {
        GuestRun run = GuestRun.Of(a =>
        {
            Label handler = a.CreateLabel();
            Label restorer = a.CreateLabel();
            a.Handle(Sigbus, handler, restorer);
            MakeHoles(a);
            a.mov(rdi, Data);
            a.mov(rcx, 256UL);
            Label fill = a.CreateLabel();
            a.Label(ref fill);
            a.mov(__[rdi], cl);
            a.inc(rdi);
            a.dec(rcx);
            a.jnz(fill);
            a.mov(rsi, Data);
            a.mov(rdi, Hole + 0x1000 - 100);
            a.mov(rcx, 256UL);
            a.rep.movsb();
            a.Call(1, 1, Hole + 0x1000 - 100, 256);
            a.Call(231, 0);
            RepairingHandler(a, ref handler, ref restorer);
        });

        run.Output.Written.ToArray().ShouldBe(Enumerable.Range(0, 256).Select(i => (byte)(256 - i)).ToArray());
        run.Trace!.Signals.Count.ShouldBe(2);
        run.Trace.Signals[1].Info.Address.ShouldBe(new VirtAddr(Hole + 0x1000));
    }

    [Fact]
    [Spec("U-045")]
    public void A_locked_exchange_on_a_hole_happens_once_after_the_repair()
    {
        GuestRun run = GuestRun.Of(a =>
        {
            Label handler = a.CreateLabel();
            Label restorer = a.CreateLabel();
            a.Handle(Sigbus, handler, restorer);
            MakeHoles(a);
            a.mov(rdi, Hole + 8);
            a.xor(eax, eax);
            a.mov(rbx, 5UL);
            a.@lock.cmpxchg(__[rdi], rbx);
            a.mov(rcx, 7UL);
            a.@lock.xadd(__[rdi], rcx);
            a.Call(1, 1, Hole + 8, 8);
            a.Call(231, 0);
            RepairingHandler(a, ref handler, ref restorer);
        });

        run[0].ShouldBe(12UL);
        run.Trace!.Signals.Count.ShouldBe(1);
    }

    [Fact]
    [Spec("U-048")]
    public void A_hole_touched_in_the_handler_of_a_hole_kills()
    {
        GuestRun run = GuestRun.Of(a => TouchInHandler(a, flags: 0));

        (run.Result.Reason, run.Result.Signal).ShouldBe((EndReason.Killed, Signal.SIGBUS));
        run.Trace!.Signals.Select(signal => signal.Fate).ShouldBe([SignalFate.Handled, SignalFate.Fatal]);
    }

    [Fact]
    [Spec("U-049")]
    public void With_SA_NODEFER_the_handler_is_entered_again_and_both_holes_are_repaired()
    {
        GuestRun run = GuestRun.Of(a => TouchInHandler(a, NoDefer));

        (run.Result.ExitCode, run.Result.Statistics.SignalsHandled).ShouldBe((0, 2UL));
    }

    private static void MakeHoles(Assembler a)
    {
        a.MapAt(Hole, 0x4000);
        a.Call(28, Hole, 0x4000, 18);
    }

    /// <summary>Repairs the page of si_addr: MADV_NOUSERFAULT, then a write brings it in.</summary>
    private static void RepairingHandler(Assembler a, ref Label handler, ref Label restorer)
    {
        a.Label(ref handler);
        RepairPage(a, ref restorer);
    }

    private static void RepairPage(Assembler a, ref Label restorer)
    {
        a.mov(rdi, __[rsi + 16]);
        a.and(rdi, -4096);
        a.mov(esi, 4096);
        a.mov(edx, 19);
        a.mov(eax, 28);
        a.syscall();
        a.ret();
        a.Restorer(ref restorer);
    }

    /// <summary>The first hole's handler touches the second hole before it repairs the first.</summary>
    private static void TouchInHandler(Assembler a, ulong flags)
    {
        Label handler = a.CreateLabel();
        Label restorer = a.CreateLabel();
        Label nested = a.CreateLabel();
        a.Handle(Sigbus, handler, restorer, flags);
        MakeHoles(a);
        a.xor(r12d, r12d);
        a.mov(rax, Hole);
        a.mov(bl, __[rax]);
        a.Call(231, 0);
        a.Label(ref handler);
        a.mov(r13, rsi);
        a.inc(r12);
        a.cmp(r12, 1);
        a.jne(nested);
        a.push(r13);
        a.mov(rax, Hole + 0x2000);
        a.mov(bl, __[rax]);
        a.pop(r13);
        a.Label(ref nested);
        a.mov(rsi, r13);
        RepairPage(a, ref restorer);
    }

    private static void FaultTwice(Assembler a, ulong flags)
    {
        Label handler = a.CreateLabel();
        Label restorer = a.CreateLabel();
        a.Handle(Sigsegv, handler, restorer, flags);
        a.xor(eax, eax);
        a.mov(bl, __[rax]);
        a.Label(ref handler);
        a.ret();
        a.Restorer(ref restorer);
    }

    private static void Copy(Assembler a, AssemblerRegister64 from, ulong to, int bytes)
    {
        a.mov(rsi, from);
        a.mov(rdi, to);
        a.mov(rcx, (ulong)bytes);
        a.rep.movsb();
    }
}
