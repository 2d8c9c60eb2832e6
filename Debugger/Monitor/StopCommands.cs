using System.Globalization;
using MmuEmu.Debugger.Source;
using MmuEmu.Debugger.Travel;
using MmuEmu.Emulator.Paging;
using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Run;
using MmuEmu.Kernel.Views;

namespace MmuEmu.Debugger.Monitor;

/// <summary>Breakpoints and watchpoints, and the run from one to the next.</summary>
internal static class StopCommands
{
    private const int MostWatched = 64;
    private const string FrameForm = "frame PFN";

    /// <summary><c>break</c>.</summary>
    public static IEnumerable<string> Break(MonitorContext context, CommandWords words)
    {
        words.AtMost(1);
        if (words.Count == 0)
        {
            return List(context);
        }

        (string place, IReadOnlySet<ulong> addresses) = PlaceOf(context, words);
        StopPoint made = context.Stops.Add($"breakpoint at {place}", [new BreakGoal($"breakpoint at {place}", addresses)]);
        return [$"{made.Number}: {made.Text}"];
    }

    /// <summary><c>watch</c>.</summary>
    public static IEnumerable<string> Watch(MonitorContext context, CommandWords words)
    {
        StopPoint made = words[0] switch
        {
            "" => throw words.Refusal("ADDR [LEN], phys:ADDR [LEN], pte ADDR or frame PFN", "", "watch $rsp 8"),
            "pte" => WatchEntry(context, words),
            "frame" => WatchFrame(context, words),
            var text when text.StartsWith("phys:", StringComparison.Ordinal) => WatchPhysical(context, words),
            _ => WatchMemory(context, words),
        };
        return [$"{made.Number}: {made.Text}"];
    }

    /// <summary><c>delete</c>.</summary>
    public static IEnumerable<string> Delete(MonitorContext context, CommandWords words)
    {
        words.AtMost(1);
        if (words.Count == 0)
        {
            int count = context.Stops.All.Count;
            context.Stops.Clear();
            return [$"{count} deleted"];
        }

        int number = words.CountAt(0, 1);
        return context.Stops.Remove(number)
            ? [$"{number} deleted"]
            : throw words.Refusal("the number of a breakpoint or watchpoint", words[0], "break, which lists them");
    }

    /// <summary><c>c</c>, <c>rc</c>.</summary>
    public static IEnumerable<string> Continue(MonitorContext context, CommandWords words, Direction way)
    {
        words.AtMost(0);
        if (context.Stops.All.Count == 0)
        {
            return ArrivalText.Lines(context, context.Journey.Edge(way)).Append("(nothing is set to stop at: see break, watch and run to)");
        }

        Stop stop = context.Journey.RunTo([.. context.Stops.All.SelectMany(set => set.Goals)], way);
        if (context.Stops.Of(stop.Met) is not { } met)
        {
            return ArrivalText.Lines(context, stop);
        }

        return new PositionText(context).Lines().Concat(met.Values?.Invoke(context) ?? []).Prepend($"stopped: {met.Number}: {met.Text}");
    }

    private static IEnumerable<string> List(MonitorContext context) =>
        context.Stops.All.Count == 0 ? ["no breakpoint and no watchpoint is set"] : context.Stops.All.Select(stop => $"{stop.Number}: {stop.Text}");

    private static (string Place, IReadOnlySet<ulong> Addresses) PlaceOf(MonitorContext context, CommandWords words)
    {
        string text = words[0];
        int colon = text.LastIndexOf(':');
        if (colon > 0 && int.TryParse(text[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out int line))
        {
            return LineOf(context, words, text[..colon], line);
        }

        VirtAddr address = new AddressReader(context).Read(text);
        return (context.Source.PlaceAt(address).ToString(), new HashSet<ulong> { address.Raw });
    }

    private static (string Place, IReadOnlySet<ulong> Addresses) LineOf(MonitorContext context, CommandWords words, string file, int line)
    {
        foreach (LoadedObject loaded in context.Source.Objects())
        {
            LineAddresses found = loaded.Map.AddressesOf(file, line);
            if (found.OtherFiles.Count > 0)
            {
                throw words.Refusal("a path that only one source file has", file, $"{words.Name} {found.OtherFiles[0]}:{line}");
            }

            if (found.Addresses.Count > 0)
            {
                string where = string.Join(", ", found.Addresses.Select(address => new VirtAddr(address)));
                return ($"{file}:{found.Line} ({where})", found.Addresses.ToHashSet());
            }
        }

        throw words.Refusal("FILE:LINE of a source that the program was compiled from with -g", words[0], $"{words.Name} main");
    }

    private static StopPoint WatchMemory(MonitorContext context, CommandWords words)
    {
        words.AtMost(2);
        VirtAddr start = new AddressReader(context).Read(words[0]);
        int length = (int)words.LengthAt(1, 8, MostWatched);
        int space = context.Space();
        string text = string.Create(CultureInfo.InvariantCulture, $"watchpoint on {length} bytes at {start} of space {space}");
        return context.Stops.Add(text, MemoryGoals(text, space, start, length), here => MemoryValues(here, space, start, length));
    }

    /// <summary>A goal for each page that the bytes lie in: the pages of a program lie anywhere in RAM.</summary>
    public static IReadOnlyList<Goal> MemoryGoals(string name, int space, VirtAddr start, int length)
    {
        List<Goal> goals = [];
        for (VirtAddr at = start; length > 0;)
        {
            VirtAddr piece = at;
            int bytes = Math.Min(length, 4096 - at.PageOffset);
            goals.Add(new WatchGoal(name, kernel => Locate(kernel, space, piece), bytes));
            (at, length) = (at + (ulong)bytes, length - bytes);
        }

        return goals;
    }

    private static PhysAddr? Locate(MiniKernel kernel, int space, VirtAddr address) =>
        new KernelView(kernel).EntryAt(space, address) is { Frame: { } frame } ? frame.Base + (ulong)address.PageOffset : null;

    private static IEnumerable<string> MemoryValues(MonitorContext context, int space, VirtAddr start, int length)
    {
        Position here = context.Journey.Here;
        yield return $"  now {context.View(view => Bytes(view, space, start, length))}";
        if (here.Time > context.Journey.Course.Lines[0].Begin.Time)
        {
            Position before = new(here.Time - 1, context.Journey.At(here.Time - 1).Start);
            yield return $"  was {context.ViewAt(before, view => Bytes(view, space, start, length))} at T {before.Time}, whose instruction is {context.Journey.Course.Look(before, kernel => CodeText.At(kernel, new VirtAddr(kernel.Core.Vcpu.Rip)))}";
        }
    }

    private static string Bytes(KernelView view, int space, VirtAddr start, int length)
    {
        byte[] bytes = new byte[length];
        int count = view.ReadMemory(space, start, bytes, out _);
        return count == 0 ? "no memory there" : string.Join(' ', bytes.Take(count).Select(value => value.ToString("x2", CultureInfo.InvariantCulture)));
    }

    private static StopPoint WatchPhysical(MonitorContext context, CommandWords words)
    {
        words.AtMost(2);
        PhysAddr start = new(new AddressReader(context).Read(words[0]["phys:".Length..]).Raw);
        int length = (int)words.LengthAt(1, 8, MostWatched);
        if (!context.View(view => view.IsRam(start) && view.IsRam(start + (ulong)(length - 1))))
        {
            throw words.Refusal("a physical address of RAM", words[0], "free, which tells how much there is");
        }

        string text = string.Create(CultureInfo.InvariantCulture, $"watchpoint on {length} bytes of RAM at {start}");
        return context.Stops.Add(text, PhysicalGoals(text, start, length));
    }

    private static StopPoint WatchEntry(MonitorContext context, CommandWords words)
    {
        words.AtMost(2);
        EntryView entry = EntryReader.Read(context, words[1]);
        PhysAddr slot = entry.Path.Last.Slot;
        string text = $"watchpoint on the {entry.Path.Last.Level.EntryName()} of {entry.Address} @{slot}";
        return context.Stops.Add(text, EntryGoals(text, entry));
    }

    /// <summary>Changes of an entry: of one that holds a page all are told by events, whereas that a table begins or ends below one is not.</summary>
    public static IReadOnlyList<Goal> EntryGoals(string name, EntryView entry) => entry.Path.Last.Level == PagingLevel.Pt
        ? [EventGoal.Entry(entry.Path.Last.Slot) with { Name = name }]
        : PhysicalGoals(name, entry.Path.Last.Slot, sizeof(ulong));

    /// <summary>All changes of RAM: in tables also those by the processor, which come in the middle of an instruction.</summary>
    private static List<Goal> PhysicalGoals(string name, PhysAddr start, int length)
    {
        List<Goal> goals = [WatchGoal.Physical(start, length, name)];
        for (ulong slot = start.Raw & ~7UL; slot < start.Raw + (ulong)length; slot += sizeof(ulong))
        {
            goals.Add(EventGoal.Entry(new PhysAddr(slot)) with { Name = name });
        }

        return goals;
    }

    private static StopPoint WatchFrame(MonitorContext context, CommandWords words)
    {
        words.AtMost(2);
        Pfn frame = EntryReader.ReadFrame(context, words, 1, FrameForm);
        string text = $"watchpoint on frame {frame}";
        return context.Stops.Add(text, [EventGoal.Frame(frame) with { Name = text }]);
    }
}
