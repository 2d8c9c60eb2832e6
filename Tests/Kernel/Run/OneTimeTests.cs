using Iced.Intel;
using MmuEmu.Emulator.Tlb;
using MmuEmu.Emulator.Tracing;
using MmuEmu.Emulator.Translation;
using MmuEmu.Kernel.Run;
using MmuEmu.Kernel.Story;
using MmuEmu.Tests.Builders;
using static Iced.Intel.AssemblerRegisters;

namespace MmuEmu.Tests.Kernel.Run;

/// <summary>There is one T: a walk, the fault it ends in, and what the kernel makes of it bear the same number.</summary>
public sealed class OneTimeTests
{
    private const TraceKinds All = (TraceKinds)0x1FF;

    [Theory]
    [InlineData(TimingMode.Off)]
    [InlineData(TimingMode.On)]
    public void A_walk_inside_a_block_bears_the_time_of_its_own_fault(TimingMode timing)
    {
        // Given a program whose third instruction behind a long run touches memory for the first time, and whose walk then faults
        GuestRun run = GuestRun.Of(Touching, options => options with { Timing = timing, Trace = new TraceRecorder(All) });

        // When each fault that the kernel handled is compared with the MMU's own
        TraceEvent[] events = [.. run.Trace!.Events];
        int[] handled = [.. Enumerable.Range(0, events.Length).Where(i => events[i].Kind is KernelEvent.FaultHandled or KernelEvent.FaultSignalled)];

        // Then the walk and the page fault before it are of the same moment, and of the same address
        handled.Length.ShouldBeGreaterThan(4);
        foreach (int i in handled)
        {
            foreach (TraceEventKind kind in (TraceEventKind[])[TraceEventKind.Walk, TraceEventKind.PageFault])
            {
                TraceEvent seen = events[..i].Last(happened => happened.Kind == kind);
                (seen.Stamp.Time, seen.Address).ShouldBe((events[i].Stamp.Time, events[i].Address));
            }
        }

        // and time never runs back.
        events.Zip(events.Skip(1)).ShouldAllBe(pair => pair.First.Stamp.Time <= pair.Second.Stamp.Time);
    }

    [Fact]
    public void Every_access_bears_the_time_of_its_instruction()
    {
        GuestRun run = GuestRun.Of(
            a =>
            {
                a.mov(rax, AssembledGuest.Data);
                a.nop();
                a.mov(__qword_ptr[rax], 1);
                a.nop();
                a.nop();
                a.add(__qword_ptr[rax + 8], 1);
                a.Call(60, 0);
            },
            options => options with { Trace = new TraceRecorder(TraceKinds.Access) });

        // The page is made by the fault of the first store, which comes again at the same time.
        run.Trace!.Events.Select(happened => (happened.Address.Raw - AssembledGuest.Data, happened.Stamp.Time)).ShouldBe([(0, 2UL), (8, 5UL)]);
    }

    [Fact]
    public void Entries_that_the_processor_marks_are_told_with_both_values()
    {
        // Given a processor that walks for every access, and a kernel that clears A again and again
        PressureRuleParser.TryParse("every 3 insns: age", out PressureRule rule, out _).ShouldBeTrue();
        GuestRun run = GuestRun.Of(Touching, options => options with
        {
            Trace = new TraceRecorder(TraceKinds.Walk),
            Pressure = [rule],
            Mmu = new MmuOptions { TlbMode = TlbMode.NoCache },
        });

        TraceEvent[] marks = [.. run.Trace!.Events.Where(happened => happened.Kind == TraceEventKind.EntryMarked)];

        marks.ShouldNotBeEmpty();
        marks.ShouldAllBe(mark => mark.Slot.Raw != 0 && (mark.New.Raw & ~mark.Old.Raw & ~0x60UL) == 0 && mark.New.Raw != mark.Old.Raw);
    }

    [Fact]
    public void A_rule_that_fires_is_an_event_before_what_it_does()
    {
        PressureRuleParser.TryParse("at insn 5: reclaim 1", out PressureRule rule, out _).ShouldBeTrue();

        GuestRun run = GuestRun.Of(Touching, options => options with { Trace = new TraceRecorder(All), Pressure = [rule] });

        TraceEvent fired = run.Trace!.Events.Single(happened => happened.Kind == KernelEvent.RuleFired);
        fired.Stamp.Time.ShouldBe(5UL);
        ((RuleDetail)fired.Detail!).Text.ShouldContain("at insn 5");
    }

    private static void Touching(Assembler a)
    {
        a.Call(9, 0x5000_0000, 0x8000, 3, 0x32, ulong.MaxValue, 0);
        a.mov(rbx, rax);
        for (int page = 0; page < 4; page++)
        {
            a.add(rcx, 1);
            a.add(rcx, 1);
            a.mov(__byte_ptr[rbx + (page * 4096)], 1);
        }

        a.Call(60, 0);
    }
}
