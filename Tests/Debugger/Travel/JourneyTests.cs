using MmuEmu.Debugger.Travel;
using MmuEmu.Emulator.Paging;
using MmuEmu.Emulator.Tracing;
using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Faults;
using MmuEmu.Kernel.Story;

namespace MmuEmu.Tests.Debugger.Travel;

/// <summary>The ways through a run, forwards and backwards.</summary>
public sealed class JourneyTests
{
    [Fact]
    public void From_the_SIGBUS_back_into_the_walk_and_to_the_purge_that_caused_it()
    {
        using TravelledRun run = new("vrange-recover");
        Journey journey = run.Journey;

        Stop fault = journey.RunTo([EventGoal.BadFault], Direction.Forward);

        fault.Reason.ShouldBe(StopReason.Met);
        FaultDetail detail = journey.Latest!.Value.Detail.ShouldBeOfType<FaultDetail>();
        detail.Kind.ShouldBe(FaultKind.Purged);
        ulong rip = journey.Look(kernel => kernel.Core.Vcpu.Rip);
        rip.ShouldBe(detail.Rip.Raw);
        WalkStep leaf = detail.Path.Last;

        List<MicroKind> back = [];
        while (journey.Here.Step > journey.Now.Start)
        {
            journey.StepMicro(Direction.Backward);
            if (journey.Here.Step > 0)
            {
                back.Add(journey.Now.Steps[(int)journey.Here.Step - 1].Kind);
            }
        }

        back.ShouldContain(MicroKind.Entry);
        back.ShouldContain(MicroKind.Verdict);
        back.IndexOf(MicroKind.Verdict).ShouldBeLessThan(back.IndexOf(MicroKind.Entry));
        journey.IsAtInstruction.ShouldBeTrue();
        journey.Look(kernel => kernel.Core.Vcpu.Rip).ShouldBe(rip);

        Stop purge = journey.RunTo([EventGoal.Entry(leaf.Slot)], Direction.Backward);

        purge.Reason.ShouldBe(StopReason.Met);
        TraceEvent change = journey.Latest!.Value;
        change.Kind.ShouldBe(KernelEvent.EntryChanged);
        change.New.ShouldBe(leaf.Entry);
        journey.Look(kernel => kernel.Ram.ReadUInt64(leaf.Slot)).ShouldBe(leaf.Entry.Raw);
        while (change.New.Raw == leaf.Entry.Raw || !change.Old.Present)
        {
            journey.RunTo([EventGoal.Entry(leaf.Slot)], Direction.Backward).Where.Time.ShouldBe(purge.Where.Time);
            change = journey.Latest!.Value;
        }

        journey.StepMicro(Direction.Backward);
        journey.Look(kernel => kernel.Ram.ReadUInt64(leaf.Slot)).ShouldBe(change.Old.Raw);
    }

    [Fact]
    public void A_and_D_bits_are_set_on_the_way_forward_and_gone_on_the_way_back()
    {
        using TravelledRun run = new("--pressure|every 500 insns: age|page-touch");
        EventGoal marks = new("mark", TraceMask.Of(TraceEventKind.EntryMarked));
        for (int i = 0; i < 5; i++)
        {
            run.Journey.RunTo([marks], Direction.Forward).Reason.ShouldBe(StopReason.Met);
            TraceEvent mark = run.Journey.Latest!.Value;
            run.Journey.Look(kernel => kernel.Ram.ReadUInt64(mark.Slot)).ShouldBe(mark.New.Raw);
            run.Journey.StepMicro(Direction.Backward);
            run.Journey.Look(kernel => kernel.Ram.ReadUInt64(mark.Slot) & (ulong)(PteBits.A | PteBits.D)).ShouldBe(mark.Old.Raw & (ulong)(PteBits.A | PteBits.D));
            run.Journey.StepMicro(Direction.Forward);
        }
    }

    [Theory]
    [InlineData("vrange-recover")]
    [InlineData("cow-fork")]
    [InlineData("--cpus 3 --seed 5 pthread-mix-musl")]
    public void The_way_back_meets_what_the_way_forward_met(string line)
    {
        using TravelledRun run = new(line);
        Goal[] goals = [EventGoal.OfSignal(Signal.None), EventGoal.BadFault, EventGoal.Syscall("mmap"), EventGoal.Rule];
        List<Position> forward = [];
        while (run.Journey.RunTo(goals, Direction.Forward) is { Reason: StopReason.Met } stop)
        {
            forward.Add(stop.Where);
        }

        run.Journey.Edge(Direction.Forward);
        List<Position> back = [];
        while (run.Journey.RunTo(goals, Direction.Backward) is { Reason: StopReason.Met } stop)
        {
            back.Add(stop.Where);
        }

        back.Reverse();
        back.ShouldBe(forward);
        forward.ShouldNotBeEmpty();
    }

    [Theory]
    [InlineData(nameof(StepKind.Instruction))]
    [InlineData(nameof(StepKind.InstructionOver))]
    public void The_step_back_from_the_end_is_the_last_instruction(string name)
    {
        StepKind kind = Enum.Parse<StepKind>(name);
        using TravelledRun run = new("vrange-recover");
        Stepper stepper = new(run.Journey, _ => null);
        ulong end = run.Journey.Edge(Direction.Forward).Where.Time;

        Stop back = stepper.Step(kind, Direction.Backward);

        (back.Reason, back.Where.Time).ShouldBe((StopReason.Arrived, end - 1));
        stepper.Step(kind, Direction.Backward).Where.Time.ShouldBe(end - 2);
        stepper.Step(kind, Direction.Forward).Where.Time.ShouldBe(end - 1);
        stepper.Step(kind, Direction.Forward).Reason.ShouldBe(StopReason.End);
    }

    [Fact]
    public void Breakpoints_stop_where_the_instruction_has_not_run()
    {
        using TravelledRun run = new("vrange-recover");
        run.Journey.RunTo([EventGoal.OfSignal(Signal.SIGBUS)], Direction.Forward);
        ulong handler = ((SignalDetail)run.Journey.Latest!.Value.Detail!).Handler.Raw;
        BreakGoal goal = new("break", new HashSet<ulong> { handler });
        run.Journey.Seek(0);
        List<Position> hits = [];
        while (run.Journey.RunTo([goal], Direction.Forward) is { Reason: StopReason.Met } stop)
        {
            hits.Add(stop.Where);
            run.Journey.IsAtInstruction.ShouldBeTrue();
            run.Journey.Look(kernel => kernel.Core.Vcpu.Rip).ShouldBe(handler);
        }

        hits.Count.ShouldBe(4);
        run.Journey.RunTo([goal], Direction.Backward).Where.ShouldBe(hits[3]);
        run.Journey.RunTo([goal], Direction.Backward).Where.ShouldBe(hits[2]);
    }

    [Fact]
    public void A_watchpoint_meets_every_change_of_an_entry_by_whomever()
    {
        using TravelledRun run = new("vrange-recover");
        run.Journey.RunTo([EventGoal.BadFault], Direction.Forward);
        PhysAddr slot = ((FaultDetail)run.Journey.Latest!.Value.Detail!).Path.Last.Slot;
        ulong end = run.Journey.Here.Time;
        List<ulong> byEvents = Times(run.Journey, EventGoal.Entry(slot), end);
        List<ulong> byBytes = Times(run.Journey, WatchGoal.Physical(slot, 8), end);

        byBytes.Count.ShouldBeGreaterThan(1);
        byBytes.ShouldBeSubsetOf(byEvents);
        byEvents.Except(byBytes).ShouldAllBe(time => run.Journey.At(time).Events.Any(happened => happened.Kind == TraceEventKind.EntryMarked));
    }

    [Fact]
    public void A_table_that_begins_below_an_entry_is_met_though_no_event_tells_it()
    {
        using TravelledRun run = new("vrange-recover");
        run.Journey.RunTo([EventGoal.BadFault], Direction.Forward);
        PhysAddr slot = ((FaultDetail)run.Journey.Latest!.Value.Detail!).Path[2].Slot;
        WatchGoal goal = WatchGoal.Physical(slot, 8);

        Position back = run.Journey.RunTo([goal], Direction.Backward).Where;
        ulong after = Entry(run.Journey, slot);
        run.Journey.StepMicro(Direction.Backward);
        ulong before = Entry(run.Journey, slot);
        run.Journey.Seek(0);

        (before, after).ShouldBe((0UL, after | 1));
        run.Journey.RunTo([goal], Direction.Forward).Where.ShouldBe(back);
        run.Journey.IsAtInstruction.ShouldBeFalse();
    }

    [Fact]
    public void Steps_over_and_out_come_back_to_the_caller()
    {
        using TravelledRun run = new("hello");
        Journey journey = run.Journey;
        Stepper stepper = new(journey, static _ => null);
        journey.Seek(200);
        Random random = new(3);
        for (int i = 0; i < 20; i++)
        {
            StepKind kind = (StepKind)(random.Next(2) == 0 ? (int)StepKind.InstructionOver : (int)StepKind.Instruction);
            Position before = journey.Here;
            Stop on = stepper.Step(kind, Direction.Forward);
            on.Reason.ShouldBe(StopReason.Arrived);
            stepper.Step(kind, Direction.Backward).Where.ShouldBe(before, $"{kind} from {before} to {on.Where}");
            stepper.Step(kind, Direction.Forward).Where.ShouldBe(on.Where);
        }
    }

    private static ulong Entry(Journey journey, PhysAddr slot) => journey.Look(kernel => kernel.Ram.ReadUInt64(slot));

    private static List<ulong> Times(Journey journey, Goal goal, ulong end)
    {
        journey.Seek(0);
        List<ulong> times = [];
        while (journey.RunTo([goal], Direction.Forward) is { Reason: StopReason.Met } stop && stop.Where.Time <= end)
        {
            times.Add(stop.Where.Time);
        }

        return times;
    }
}
