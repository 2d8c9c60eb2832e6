using MmuEmu.Debugger.Travel;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Views;

namespace MmuEmu.Debugger.Monitor;

/// <summary>Changes: each makes another future begin here.</summary>
internal static class EditCommands
{
    private const ulong MostBytes = 1UL << 40;
    private const int MostFrames = 1 << 24;
    private const int MostSignals = 32;

    /// <summary><c>purge</c>.</summary>
    public static IEnumerable<string> Purge(MonitorContext context, CommandWords words)
    {
        words.AtMost(2);
        if (words.Count < 2)
        {
            throw words.Refusal("ADDR LEN", words.Text, "purge here 4096");
        }

        VirtRange range = VirtRange.Of(new AddressReader(context).Read(words[0]), words.LengthAt(1, 4096, MostBytes));
        int space = context.Space();
        return Change(context, words, $"purge of {range}", edit => edit.Purge(space, range));
    }

    /// <summary><c>reclaim</c>.</summary>
    public static IEnumerable<string> Reclaim(MonitorContext context, CommandWords words)
    {
        words.AtMost(1);
        int frames = words.CountAt(0, 16, MostFrames);
        return Change(context, words, $"reclaim of {frames} frames", edit => edit.Reclaim((ulong)frames));
    }

    /// <summary><c>age</c>.</summary>
    public static IEnumerable<string> Age(MonitorContext context, CommandWords words)
    {
        words.AtMost(0);
        return Change(context, words, "all pages one step older", edit => edit.Age());
    }

    /// <summary><c>type</c>.</summary>
    public static IEnumerable<string> Type(MonitorContext context, CommandWords words)
    {
        if (!TypedText.TryRead(words.Text, out byte[] text))
        {
            throw words.Refusal($"text with the escapes {TypedText.Escapes}", words.Text, @"type one line\nand another");
        }

        Position here = Demand(context, words);
        context.Journey.Type(text);
        return [$"{text.Length} {(text.Length == 1 ? "byte" : "bytes")} typed: what the guest reads next from its standard input", .. Told(here)];
    }

    /// <summary><c>signal</c>.</summary>
    public static IEnumerable<string> Send(MonitorContext context, CommandWords words)
    {
        words.AtMost(1);
        if (!SignalName.TryParse(words[0], out Signal signal) || (int)signal >= MostSignals)
        {
            throw words.Refusal("the name of a signal such as a terminal sends", words[0], "signal INT");
        }

        Position here = Demand(context, words);
        context.Journey.Send(signal);
        return [$"{signal} sent, as by a terminal: to the processes in the foreground", .. Told(here)];
    }

    /// <summary>Where a change can be made.</summary>
    private static Position Demand(MonitorContext context, CommandWords words)
    {
        Journey journey = context.Journey;
        Position here = journey.Here;
        return here.Step == journey.Now.Start && !(journey.End is not null && here.Time >= journey.Explored)
            ? here
            : throw words.Refusal("a moment at which an instruction is about to run", $"T {journey.Show(here)}", $"seek {here.Time}");
    }

    private static string[] Told(Position here) => [$"another future begins at T {here.Time}: what was known behind it is forgotten"];

    private static IEnumerable<string> Change(MonitorContext context, CommandWords words, string what, Func<KernelEdit, KernelChange> edit)
    {
        Position here = Demand(context, words);
        KernelChange change = context.Journey.Branch(kernel => edit(new KernelEdit(kernel)));
        string refused = change.Errno == Errno.None ? "" : $", then {change.Errno}";
        return
        [
            $"{what}: {change.FramesFreed} frames freed, {change.FramesTaken} taken, {change.EntriesWritten} entries written{refused}",
            .. Told(here),
        ];
    }
}
