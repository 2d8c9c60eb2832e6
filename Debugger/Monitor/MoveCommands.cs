using MmuEmu.Debugger.Travel;
using MmuEmu.Emulator.Tracing;
using MmuEmu.Kernel.Story;

namespace MmuEmu.Debugger.Monitor;

/// <summary>Steps of all sizes, in both directions.</summary>
internal static class MoveCommands
{
    /// <summary>What a step of the kernel ends at.</summary>
    public static EventGoal Phase { get; } = new("step of the kernel", TraceMask.Of(
        KernelEvent.UserExit, KernelEvent.UserEntry, KernelEvent.SyscallEntry, KernelEvent.SyscallReturn, KernelEvent.MappingSought,
        KernelEvent.RightsChecked, KernelEvent.FaultClassified, KernelEvent.FrameTaken, KernelEvent.FrameFreed, KernelEvent.Scanned,
        KernelEvent.Purged, KernelEvent.SwappedOut, KernelEvent.SwappedIn, KernelEvent.LazyFreed, KernelEvent.LazyMarked,
        KernelEvent.EntryChanged, KernelEvent.Flush, KernelEvent.FaultHandled, KernelEvent.FaultSignalled, KernelEvent.Signal,
        KernelEvent.RuleFired, KernelEvent.SpaceCopied, KernelEvent.Task, KernelEvent.OutOfMemory));

    /// <summary>Steps that can be typed behind <c>back</c>, by name.</summary>
    private static readonly (string[] Names, Func<MonitorContext, CommandWords, Direction, IEnumerable<string>> Go)[] Steps =
    [
        (["s", "step"], (context, words, way) => Go(context, words, StepKind.Line, way)),
        (["n", "next"], (context, words, way) => Go(context, words, StepKind.LineOver, way)),
        (["si", "stepi"], (context, words, way) => Go(context, words, StepKind.Instruction, way)),
        (["ni", "nexti"], (context, words, way) => Go(context, words, StepKind.InstructionOver, way)),
        (["finish", "out"], (context, words, way) => Go(context, words, StepKind.Out, way)),
        (["u", "micro-step"], Micro),
        (["k", "kernel"], Kernel),
        (["c", "continue"], StopCommands.Continue),
        (["to"], RunCommands.To),
    ];

    /// <summary>Steps of a thread.</summary>
    public static IEnumerable<string> Go(MonitorContext context, CommandWords words, StepKind kind, Direction way)
    {
        words.AtMost(1);
        List<string> said = [];
        StepKind done = kind;
        Stop stop = Repeat(words, () =>
        {
            done = Possible(context, kind);
            return new Stepper(context.Journey, context.Source.PointAt).Step(done, way);
        });
        if (done != kind)
        {
            said.Add("no line of source is known here: this was a step by instruction");
        }

        return said.Concat(ArrivalText.Lines(context, stop));
    }

    /// <summary>Micro-steps.</summary>
    public static IEnumerable<string> Micro(MonitorContext context, CommandWords words, Direction way)
    {
        words.AtMost(1);
        return ArrivalText.Lines(context, Repeat(words, () => context.Journey.StepMicro(way)));
    }

    /// <summary>Steps of the kernel.</summary>
    public static IEnumerable<string> Kernel(MonitorContext context, CommandWords words, Direction way)
    {
        words.AtMost(1);
        Stop stop = Repeat(words, () => context.Journey.RunTo([Phase], way));
        return ArrivalText.Lines(context, stop.Reason == StopReason.Met ? stop with { Reason = StopReason.Arrived } : stop);
    }

    /// <summary>A step, or a run to something, in the other direction.</summary>
    public static IEnumerable<string> Back(MonitorContext context, CommandWords words)
    {
        foreach ((string[] names, Func<MonitorContext, CommandWords, Direction, IEnumerable<string>> go) in Steps)
        {
            if (names.Contains(words[0]))
            {
                return go(context, words.Behind(1), Direction.Backward);
            }
        }

        throw words.Refusal("s, n, si, ni, finish, u, k, c or to", words[0], "back s, or back to fault");
    }

    private static Stop Repeat(CommandWords words, Func<Stop> step)
    {
        int count = words.CountAt(0, 1);
        Stop stop = step();
        while (--count > 0 && stop.Reason is StopReason.Arrived or StopReason.Met)
        {
            stop = step();
        }

        return stop;
    }

    /// <summary>Without a line of source a step by line would run on to the next code that has one, perhaps to the end.</summary>
    public static StepKind Possible(MonitorContext context, StepKind kind)
    {
        if (kind is not (StepKind.Line or StepKind.LineOver))
        {
            return kind;
        }

        context.Source.Look();
        ulong rip = context.Journey.Look(kernel => kernel.Core.Vcpu.Rip);
        return context.Source.PointAt(rip) is not null ? kind : kind == StepKind.Line ? StepKind.Instruction : StepKind.InstructionOver;
    }
}
