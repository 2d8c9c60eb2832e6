using MmuEmu.Debugger.Options;
using MmuEmu.Debugger.Travel;
using MmuEmu.Emulator.Paging;
using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Views;

namespace MmuEmu.Debugger.Monitor;

/// <summary>Going to a moment, naming moments, and looking for the last change of something.</summary>
internal static class TimeCommands
{
    private const int MostBytes = 64;
    private const string SeekForm = "T, T.k, the name of a mark, begin or end";

    /// <summary><c>seek</c>.</summary>
    public static IEnumerable<string> Seek(MonitorContext context, CommandWords words)
    {
        Journey journey = context.Journey;
        Stop stop = words.Text switch
        {
            "begin" => journey.Seek(0),
            "end" => AtEnd(journey.Seek(ulong.MaxValue)),
            var name when journey.Marks.TryGetValue(name, out Position mark) => journey.Seek(mark.Time, mark.Step),
            var text when Position.TryParse(text, out ulong time, out uint? step) => To(journey, words, time, step),
            _ => throw Refusal(context, words),
        };
        return ArrivalText.Lines(context, stop);
    }

    /// <summary>Whoever wants to be at the end has arrived there.</summary>
    private static Stop AtEnd(Stop stop) => stop.Reason == StopReason.End ? stop with { Reason = StopReason.Arrived } : stop;

    /// <summary>Goes there; where T has no such micro-step he stays.</summary>
    private static Stop To(Journey journey, CommandWords words, ulong time, uint? step)
    {
        Position from = journey.Here;
        Stop there = journey.Seek(time);
        if (step is not { } k || there.Reason != StopReason.Arrived)
        {
            return there;
        }

        if (k > journey.Now.End)
        {
            uint last = journey.Now.End;
            journey.Seek(from.Time, from.Step);
            throw words.Refusal($"a micro-step of T {time}: {time}.0 to {time}.{last}", words.Text, $"seek {time}.{last}");
        }

        return journey.Seek(time, k);
    }

    /// <summary><c>where</c>.</summary>
    public static IEnumerable<string> Where(MonitorContext context, CommandWords words)
    {
        words.AtMost(0);
        return new PositionText(context).Lines();
    }

    /// <summary><c>mark</c>.</summary>
    public static IEnumerable<string> Mark(MonitorContext context, CommandWords words)
    {
        words.AtMost(1);
        if (words.Count == 0 || char.IsAsciiDigit(words[0][0]) || words[0] is "begin" or "end")
        {
            throw words.Refusal("a name that begins with no digit, and is not begin or end", words[0], "mark here1");
        }

        context.Journey.Mark(words[0]);
        return [$"{words[0]} is T {context.Journey.Show(context.Journey.Here)}"];
    }

    /// <summary><c>marks</c>.</summary>
    public static IEnumerable<string> Marks(MonitorContext context, CommandWords words)
    {
        words.AtMost(0);
        return context.Journey.Marks.Count == 0
            ? ["no mark is set: mark NAME sets one"]
            : context.Journey.Marks.OrderBy(mark => mark.Value).Select(mark => $"T {context.Journey.Show(mark.Value),-14} {mark.Key,-16} {context.Source.PlaceOf(mark.Value)}");
    }

    /// <summary><c>last</c>.</summary>
    public static IEnumerable<string> Last(MonitorContext context, CommandWords words)
    {
        (string what, IReadOnlyList<Goal> goals, Func<MonitorContext, Position, IEnumerable<string>>? values) = Wanted(context, words);
        Stop stop = context.Journey.Last(goals);
        if (stop.Reason != StopReason.Met)
        {
            return [stop.Reason == StopReason.Interrupted ? "interrupted on the way" : $"{what}: no change before T {context.Journey.Show(context.Journey.Here)}"];
        }

        string t = context.Journey.Show(stop.Where);
        return [$"{what}: last changed at T {t}, {context.Source.PlaceOf(stop.Where)}", .. values is null ? EventLines(context, stop.Where) : values(context, stop.Where), $"  seek {t} goes there"];
    }

    /// <summary><c>last!</c>.</summary>
    public static IEnumerable<string> GoLast(MonitorContext context, CommandWords words)
    {
        (string what, IReadOnlyList<Goal> goals, _) = Wanted(context, words);
        Stop stop = context.Journey.Last(goals);
        return stop.Reason == StopReason.Met
            ? ArrivalText.Lines(context, context.Journey.Seek(stop.Where.Time, stop.Where.Step))
            : [stop.Reason == StopReason.Interrupted ? "interrupted on the way" : $"{what}: no change before T {context.Journey.Show(context.Journey.Here)}"];
    }

    /// <summary>What the event at a position was, and the instruction of its T.</summary>
    private static IEnumerable<string> EventLines(MonitorContext context, Position where)
    {
        if (where.Step == 0)
        {
            return Writer(context, where);
        }

        Happenings what = context.Journey.At(where.Time);
        MicroStory story = new(what, new WalkStory(context.Journey.Look(kernel => kernel.Core.Mmu.Mode), context.Style.Format), new KernelStory(context.Style));
        return Around(what, where, story).Prepend($"  {story.Short((int)where.Step - 1)}");
    }

    /// <summary>What in the same piece of work says more of the reason.</summary>
    private static IEnumerable<string> Around(Happenings what, Position where, MicroStory story)
    {
        foreach ((int step, string word) in EntryHistory.ReasonsAround(what, (int)where.Step - 1))
        {
            yield return $"  {word}: {story.Short(step)}";
        }
    }

    private static (string What, IReadOnlyList<Goal> Goals, Func<MonitorContext, Position, IEnumerable<string>>? Values) Wanted(
        MonitorContext context, CommandWords words)
    {
        switch (words[0])
        {
            case "pte":
                words.AtMost(2);
                EntryView entry = EntryReader.Read(context, words[1]);
                PhysAddr slot = entry.Path.Last.Slot;
                string entryName = $"{entry.Path.Last.Level.EntryName()} of {entry.Address} @{slot}";
                return (entryName, StopCommands.EntryGoals(entryName, entry), null);
            case "frame":
                words.AtMost(2);
                Pfn frame = EntryReader.ReadFrame(context, words, 1, "frame PFN");
                return ($"frame {frame}", [EventGoal.Frame(frame)], null);
            default:
                words.AtMost(2);
                VirtAddr start = new AddressReader(context).Read(words[0]);
                int length = (int)words.LengthAt(1, 8, MostBytes);
                int space = context.Space();
                string name = $"{length} bytes at {start}";
                return (name, StopCommands.MemoryGoals(name, space, start, length), Writer);
        }
    }

    private static IEnumerable<string> Writer(MonitorContext context, Position where)
    {
        if (where.Time == context.Journey.Course.Lines[0].Begin.Time)
        {
            return [];
        }

        Position before = new(where.Time - 1, context.Journey.At(where.Time - 1).Start);
        (VirtAddr rip, string code) = context.Journey.Course.Look(before, kernel =>
        {
            VirtAddr rip = new(kernel.Core.Vcpu.Rip);
            return (rip, CodeText.At(kernel, rip));
        });
        return [$"  by the instruction before, T {context.Journey.Show(before)}: {rip}  {code}"];
    }

    private static CommandException Refusal(MonitorContext context, CommandWords words)
    {
        string[] near = NearNames.Of(words.Text, context.Journey.Marks.Keys);
        return words.Refusal(SeekForm, words.Text, near.Length > 0 ? $"seek {near[0]}" : "seek begin, or marks, which lists the names");
    }
}
