using MmuEmu.Emulator.Tracing;
using MmuEmu.Kernel.Story;

namespace MmuEmu.Debugger.Travel;

/// <summary>All that happens at one T: events in their order, and the micro-steps that they are made of.</summary>
internal sealed class Happenings
{
    /// <summary>What is listened to: everything but each access, which would turn the look-aside off, and what is told a second time for those who hear little.</summary>
    public static readonly TraceMask Kinds = new(~TraceMask.Of(TraceEventKind.Access, KernelEvent.BusTaken).Bits);

    /// <summary>What happened at <paramref name="time"/>.</summary>
    /// <param name="time">T.</param>
    /// <param name="events">The events.</param>
    /// <param name="tlbLevels">For each event the TLB level that the MMU asked with success before; of walks only.</param>
    public Happenings(ulong time, IReadOnlyList<TraceEvent> events, IReadOnlyList<byte> tlbLevels)
    {
        (Time, Events) = (time, events);
        List<MicroStep> steps = [];
        for (int i = 0; i < events.Count; i++)
        {
            AddSteps(steps, events[i], i, tlbLevels[i]);
        }

        Steps = steps;
        Start = StartOf(events, steps);
    }

    /// <summary>T.</summary>
    public ulong Time { get; }

    /// <summary>The events, in the order in which they happened.</summary>
    public IReadOnlyList<TraceEvent> Events { get; }

    /// <summary>The micro-steps, in their order.</summary>
    public IReadOnlyList<MicroStep> Steps { get; }

    /// <summary>How many micro-steps are over when the instruction of T is about to run for the first time.</summary>
    public uint Start { get; }

    /// <summary>Nothing happens before the instruction of T is about to run but that the thread goes on in user code.</summary>
    public bool BeginsAtOnce => Steps.Take((int)Start).All(step => Events[step.Event].Kind == KernelEvent.UserEntry);

    /// <summary>How many are over when all is done that happens at this T.</summary>
    public uint End => (uint)Steps.Count;

    /// <summary>The event that the last of <paramref name="steps"/> micro-steps belongs to; null before the first.</summary>
    public int? EventAt(uint steps) => steps == 0 ? null : Steps[(int)steps - 1].Event;

    /// <summary>How many micro-steps are over when event <paramref name="number"/> has happened.</summary>
    public uint After(int number)
    {
        int steps = 0;
        while (steps < Steps.Count && Steps[steps].Event <= number)
        {
            steps++;
        }

        return (uint)steps;
    }

    /// <summary>Whether an instruction, another one than before, is about to run when <paramref name="steps"/> are over.</summary>
    /// <remarks>Besides the start there are the first instructions of signal handlers, whose signal came instead of the instruction of T.</remarks>
    public bool IsInstruction(uint steps)
    {
        if (steps == Start)
        {
            return true;
        }

        if (steps < Start || EventAt(steps) is not { } entry || Events[entry].Kind != KernelEvent.UserEntry || After(entry) != steps)
        {
            return false;
        }

        for (int i = entry - 1; i >= 0 && Events[i].Kind != KernelEvent.UserEntry; i--)
        {
            if (Events[i] is { Kind: KernelEvent.Signal, Detail: SignalDetail { Fate: SignalFate.Handled } })
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The kernel works before the instruction of T unless its first sign is that the instruction was tried.</summary>
    private static uint StartOf(IReadOnlyList<TraceEvent> events, List<MicroStep> steps)
    {
        bool tried = events.Count == 0
            || events[0].Kind < TraceEventKind.FirstOfSoftware
            || (events[0].Kind == KernelEvent.UserExit && events[0].Argument != 0);
        if (tried)
        {
            return 0;
        }

        for (int i = 0; i < events.Count; i++)
        {
            if (events[i].Kind == KernelEvent.UserEntry)
            {
                return (uint)(steps.FindIndex(step => step.Event == i) + 1);
            }
        }

        return (uint)steps.Count;
    }

    private static void AddSteps(List<MicroStep> steps, in TraceEvent happened, int number, byte tlbLevel)
    {
        if (happened is { Kind: TraceEventKind.Walk, Detail: WalkDetail walk })
        {
            steps.Add(new MicroStep(MicroKind.Canonical, number));
            steps.Add(new MicroStep(MicroKind.Tlb, number, tlbLevel));
            steps.Add(new MicroStep(MicroKind.StructureCache, number, walk.Above.Count));
            for (int i = 0; i < walk.Path.Count; i++)
            {
                steps.Add(new MicroStep(MicroKind.Entry, number, i));
            }

            steps.Add(new MicroStep(MicroKind.Verdict, number));
            return;
        }

        steps.Add(new MicroStep(MicroKind.Event, number));
    }
}
