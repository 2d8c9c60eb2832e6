using MmuEmu.Kernel.Story;

namespace MmuEmu.Debugger.Rendering;

/// <summary>What happened to a process, in words.</summary>
internal static class TaskText
{
    /// <summary>One clause.</summary>
    public static string Of(TaskDetail task) => task.Change switch
    {
        TaskChange.Began => $"began, child of {task.Parent}",
        TaskChange.Executed => $"runs {OwnText.Printable(task.Text)}",
        TaskChange.ThreadBegan => "began as a thread",
        TaskChange.ThreadEnded => $"ended as a thread with {(task.Status >> 8) & 0xFF}",
        TaskChange.Ended => (task.Status & 0x7F) == 0 ? $"exited with {(task.Status >> 8) & 0xFF}" : $"killed by signal {task.Status & 0x7F}",
    };
}
