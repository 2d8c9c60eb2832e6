using MmuEmu.Debugger.Travel;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Syscalls;

namespace MmuEmu.Debugger.Monitor;

/// <summary>Runs to something that happens.</summary>
internal static class RunCommands
{
    private const string Expected = "fault, badfault, signal [NAME], syscall [NAME], reclaim, rule, mark [NAME] or task";

    /// <summary><c>run to WHAT</c>.</summary>
    public static IEnumerable<string> Run(MonitorContext context, CommandWords words) => words[0] == "to"
        ? To(context, words.Behind(1), Direction.Forward)
        : throw words.Refusal($"to {Expected}", words.Text, "run to fault");

    /// <summary><c>to WHAT</c>.</summary>
    public static IEnumerable<string> To(MonitorContext context, CommandWords words, Direction way)
    {
        words.AtMost(words[0] is "signal" or "syscall" or "mark" ? 2 : 1);
        EventGoal goal = words[0] switch
        {
            "fault" => EventGoal.Fault,
            "badfault" => EventGoal.BadFault,
            "signal" => EventGoal.OfSignal(SignalOf(words)),
            "syscall" => EventGoal.Syscall(CallOf(words)),
            "reclaim" => EventGoal.Reclaim,
            "rule" => EventGoal.Rule,
            "mark" => EventGoal.Mark(words.Count > 1 ? words[1] : null),
            "task" => EventGoal.Task,
            _ => throw words.Refusal(Expected, words[0], $"{words.Name} fault"),
        };
        goal = goal with { Name = words.Text };
        Stop stop = context.Journey.RunTo([goal], way);
        IEnumerable<string> lines = ArrivalText.Lines(context, stop);
        return stop.Reason is StopReason.End or StopReason.Begin ? lines.Prepend($"{goal.Name}: none {(way == Direction.Forward ? "from here on" : "before here")}") : lines;
    }

    private static Signal SignalOf(CommandWords words) => words.Count < 2 ? Signal.None
        : SignalName.TryParse(words[1], out Signal signal) ? signal
        : throw words.Refusal("the name of a signal", words[1], string.Join(", or ", SignalName.Near(words[1]).DefaultIfEmpty("SIGBUS").Select(near => $"{words.Name} signal {near}")));

    private static string? CallOf(CommandWords words) => words.Count < 2 ? null
        : SyscallTable.Has(words[1]) ? words[1]
        : throw words.Refusal("the name of a system call", words[1], $"{words.Name} syscall mmap");
}
