using MmuEmu.Debugger.Rendering;
using MmuEmu.Kernel.Run;
using MmuEmu.Kernel.Views;

namespace MmuEmu.Debugger.Monitor;

/// <summary>The threads, one line each.</summary>
internal static class TaskLines
{
    /// <summary>The lines; the thread at work has an arrow.</summary>
    public static IEnumerable<string> Of(MonitorContext context)
    {
        (IReadOnlyList<TaskView> tasks, IReadOnlyList<ProcessView> processes, int? now) =
            context.View(view => (view.Tasks(), view.Processes(), view.Current?.Tid));
        if (tasks.Count == 0)
        {
            yield return "no thread is left";
        }

        foreach (TaskView task in tasks)
        {
            int? space = processes.FirstOrDefault(process => process.Pid == task.Pid)?.Space;
            string who = task.Tid == task.Pid ? $"pid {task.Pid}" : $"pid {task.Pid} tid {task.Tid}";
            SourcePlace where = context.Source.PlaceOf(task, space);
            yield return $"{(task.Tid == now ? "-->" : "   ")} {who,-17} {OwnText.Printable(task.Name),-16} {StateOf(task),-9} cpu {task.Processor}  {(space is { } number ? $"space {number}" : "no space"),-9} {where}{More(task)}";
        }
    }

    private static string StateOf(TaskView task) => task.Wait.Kind switch
    {
        WaitKind.Nothing => task.IsAtWork ? "running" : "runnable",
        WaitKind.Reaping => "zombie",
        WaitKind.Continue => "stopped",
        _ => "waiting",
    };

    private static string More(TaskView task)
    {
        string call = task.CallName.Length == 0 ? "" : $" in {task.CallName}";
        string wait = task.Wait.Kind is WaitKind.Nothing or WaitKind.Reaping ? "" : $"; {EndText.Of(task.Wait)}";
        string fault = task.Fault is { } open ? $"; page fault at {open.Cr2} not yet handled" : "";
        string[] pending = [.. task.Pending.Concat(task.ProcessPending).Select(signal => signal.ToString()).Distinct()];
        return $"{call}{wait}{fault}{(pending.Length == 0 ? "" : $"; pending {string.Join(' ', pending)}")}";
    }
}
