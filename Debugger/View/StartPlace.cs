using MmuEmu.Debugger.Monitor;
using MmuEmu.Debugger.Travel;
using MmuEmu.Emulator.Tracing;
using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Story;

namespace MmuEmu.Debugger.View;

/// <summary>Where a session begins, as it is asked for on the command line.</summary>
internal static class StartPlace
{
    /// <summary>The words of <c>--break</c>.</summary>
    public static IReadOnlyList<Word> Words { get; } =
    [
        new("fault", "the first page fault"), new("badfault", "the first that ends in a signal"), new("signal", "the first signal"),
        new("reclaim", "memory is taken back"), new("rule", "a pressure rule fires"), new("syscall:", "the system call of that name"),
        new("signal:", "the signal of that name"), new("mark:", "the guest sets that mark"), new("pte:", "the entry of that address is written"),
    ];

    private static string Form => string.Join(", ", Words.Select(word => word.Text.EndsWith(':') ? $"{word.Text}NAME" : word.Text));

    /// <summary>Goes to <c>--at</c>'s T.</summary>
    /// <exception cref="CommandException">It is no T, or the run is over before.</exception>
    public static void GoTo(MonitorSession monitor, string at)
    {
        Demand(monitor, $"seek {at}", "--at", at, "--at 1000, --at 1000.3 or --at end");
        Journey journey = monitor.Context.Journey;
        if (Position.TryParse(at, out ulong time, out _) && time > journey.Here.Time)
        {
            throw new CommandException(ExitCodes.Expectation, $"--at {at}: the run is over before, at T {journey.Here.Time}", "try: --at end");
        }
    }

    /// <summary>Goes to the first of what <c>--break</c> names.</summary>
    /// <exception cref="CommandException">It names nothing, or it does not come.</exception>
    public static void RunTo(MonitorSession monitor, string wanted)
    {
        const string Entry = "pte:";
        if (wanted.StartsWith(Entry, StringComparison.Ordinal))
        {
            ToEntry(monitor, wanted, wanted[Entry.Length..]);
            return;
        }

        if (wanted.Length == 0 || wanted.Contains(' ', StringComparison.Ordinal))
        {
            throw Refusal(wanted);
        }

        Demand(monitor, $"run to {wanted.Replace(':', ' ')}", "--break", wanted, $"--break {Form}");
        if (monitor.Context.Journey is { End: not null } journey && journey.Here.Time >= journey.Explored)
        {
            throw Missing(wanted);
        }
    }

    /// <summary>To where the entry of an address is written for the first time.</summary>
    private static void ToEntry(MonitorSession monitor, string wanted, string text)
    {
        if (!AddressReader.IsNumber(text, out ulong raw))
        {
            throw Refusal(wanted);
        }

        int space = monitor.Context.Space();
        ulong page = new VirtAddr(raw).PageNumber;
        EventGoal goal = new(wanted, TraceMask.Of(KernelEvent.EntryChanged, TraceEventKind.EntryMarked))
        {
            IsMet = happened => happened.Space == space && happened.Address.PageNumber == page && happened.Old != happened.New,
        };
        if (monitor.Context.Journey.RunTo([goal], Direction.Forward).Reason != StopReason.Met)
        {
            throw Missing(wanted);
        }
    }

    private static void Demand(MonitorSession monitor, string command, string option, string value, string next)
    {
        IReadOnlyList<string> lines = monitor.Execute(command);
        if (monitor.Failed)
        {
            throw new CommandException(ExitCodes.Usage, $"{option} {value}: {lines[0]}", $"try: {next}");
        }
    }

    private static CommandException Refusal(string wanted) =>
        new(ExitCodes.Usage, $"--break {OwnText.Printable(wanted)}: expected {Form}", "try: --break fault");

    private static CommandException Missing(string wanted) =>
        new(ExitCodes.Expectation, $"--break {OwnText.Printable(wanted)}: it never comes; the run is over before", "try: leave --break out, and look at what comes");
}
