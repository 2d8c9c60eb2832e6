using Iced.Intel;
using MmuEmu.Emulator.Cpu;
using MmuEmu.Emulator.Tracing;
using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Run;
using MmuEmu.Kernel.Setup;
using MmuEmu.Kernel.Story;
using MmuEmu.Tests.Builders;
using static Iced.Intel.AssemblerRegisters;

namespace MmuEmu.Tests.Kernel.Run;

/// <summary>Pressure comes at exactly the instruction that its rule names; runs pause and go on without a trace.</summary>
public sealed class PressurePointTests
{
    private const ulong Page = 0x70_0000;
    private const ulong Present = 0x4D4D_5500;
    private const ulong Mark = 0x4D4D_5501;
    private const ulong ExpectFault = 0x4D4D_5505;

    [Theory]
    [InlineData("at insn 5000: purge", 5000)]
    [InlineData("every 3001 insns: purge", 3001)]
    public void A_purge_at_an_instruction_comes_exactly_there(string rule, ulong time)
    {
        GuestRun run = RunVolatile(rule);

        TraceEvent purged = run.Trace!.Memory.First(happened => happened.Kind == KernelEvent.Purged);
        (purged.Stamp.Time, purged.Address).ShouldBe((time, new VirtAddr(Page)));
        run.Result.Signal.ShouldBe(Signal.SIGBUS);
    }

    [Theory]
    [InlineData("at syscall vrange#1 return: purge", true)]
    [InlineData("at syscall vrange#1 entry: purge", false)]
    [InlineData("at syscall vrange#2 return: purge", false)]
    [InlineData("at syscall mmuemu_present#1 entry: reclaim 8 frames", true)]
    [InlineData("at mark here: purge", true)]
    [InlineData("at mark here#2: purge", false)]
    public void A_rule_about_a_call_or_a_mark_acts_at_that_occurrence_and_no_other(string rule, bool purges)
    {
        GuestRun run = RunVolatile(rule);

        run.Result.Reason.ShouldBe(purges ? EndReason.Killed : EndReason.Exited);
        run.Trace!.Memory.Any(happened => happened.Kind == KernelEvent.Purged).ShouldBe(purges);
    }

    [Fact]
    public void A_run_that_pauses_goes_on_as_if_it_had_not()
    {
        // Given a run in one piece
        byte[] program = AssembledGuest.Build(VolatileProgram);
        string path = Path.GetTempFileName();
        File.WriteAllBytes(path, program);
        KernelOptions options = GuestRun.Options(path);
        GuestRun whole = GuestRun.Of(options);

        // When the same run pauses at times, calls, marks and faults
        KernelOptions again = GuestRun.Options(path);
        KernelBuilder.TryBuild(again, out MiniKernel? kernel, out _).ShouldBeTrue();
        using (kernel)
        {
            kernel!.Run(StopAt.Time(9)).Time.ShouldBe(9UL);
            kernel.Run(new StopAt(StopKind.Syscall, 1, "vrange")).Reason.ShouldBe(EndReason.Paused);
            kernel.Core.Vcpu[Gpr.Rax].ShouldBe(314UL);
            kernel.Run(new StopAt(StopKind.Mark, 1, "here")).Reason.ShouldBe(EndReason.Paused);
            kernel.Run(StopAt.Time(4000)).Time.ShouldBe(4000UL);
            RunResult end = kernel.Run();

            // Then nothing differs
            (end.Reason, end.ExitCode, end.Time).ShouldBe((whole.Result.Reason, whole.Result.ExitCode, whole.Result.Time));
        }

        ((TraceRecorder)again.Trace!).All.ShouldBe(whole.Trace!.All);
        File.Delete(path);
    }

    [Theory]
    [InlineData(0x2000, 0x2000, 139)]
    [InlineData(0x2000, 0x2008, 120)]
    public void A_claim_about_the_next_fault_is_held_against_it(ulong claimed, ulong touched, int exitCode)
    {
        GuestRun run = GuestRun.Of(a =>
        {
            a.Call(ExpectFault, claimed);
            a.mov(rax, touched);
            a.mov(bl, __[rax]);
        });

        run.Result.ExitCode.ShouldBe(exitCode);
    }

    [Theory]
    [InlineData(0, -4)]
    [InlineData(0x1000_0000, 1)]
    public void A_read_that_a_signal_interrupts_fails_or_begins_again_as_SA_RESTART_says(ulong flags, long expected)
    {
        // Given a pipe that the handler of the alarm writes to
        GuestRun run = GuestRun.Of(a =>
        {
            Label handler = a.CreateLabel();
            Label restorer = a.CreateLabel();
            a.Handle(14, handler, restorer, flags);
            a.Call(22, AssembledGuest.Data);
            a.Call(37, 1);
            a.mov(edi, __dword_ptr[AssembledGuest.Data]);
            a.mov(esi, (uint)AssembledGuest.Data + 64);
            a.mov(edx, 8);
            a.xor(eax, eax);
            a.syscall();
            a.mov(rbx, AssembledGuest.Data + 128);
            a.mov(__[rbx], rax);
            a.PrintAndExit(AssembledGuest.Data + 128, 8);
            a.Label(ref handler);
            a.mov(edi, __dword_ptr[AssembledGuest.Data + 4]);
            a.mov(esi, (uint)AssembledGuest.Data);
            a.mov(edx, 1);
            a.mov(eax, 1);
            a.syscall();
            a.ret();
            a.Restorer(ref restorer);
        });

        ((long)run[0]).ShouldBe(expected, run.Result.Message);
    }

    private static GuestRun RunVolatile(string rule)
    {
        PressureRuleParser.TryParse(rule, out PressureRule parsed, out PressureError error).ShouldBeTrue(error.ToString());
        return GuestRun.Of(VolatileProgram, options => options with
        {
            Pressure = [parsed],
            Trace = new TraceRecorder(TraceKinds.Reclaim | TraceKinds.Signal),
        });
    }

    /// <summary>One volatile page, a mark, 10,000 instructions of waiting, and a touch.</summary>
    private static void VolatileProgram(Assembler a)
    {
        a.MapAt(Page, 0x1000);
        a.mov(rax, Page);
        a.mov(__byte_ptr[rax], 1);
        a.Call(314, Page, 0x1000, 0, 0);
        a.mov(rbx, AssembledGuest.Data);
        a.mov(__dword_ptr[rbx], 0x65726568);
        a.Call(Mark, AssembledGuest.Data);
        a.Call(Present);
        a.mov(ecx, 5000);
        Label wait = a.CreateLabel();
        a.Label(ref wait);
        a.dec(ecx);
        a.jnz(wait);
        a.mov(rax, Page);
        a.mov(bl, __[rax]);
        a.Call(231, 0);
    }
}
