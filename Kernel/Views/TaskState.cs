namespace MmuEmu.Kernel.Views;

/// <summary>What a task does.</summary>
public enum TaskState
{
    /// <summary>It is at work: its processor is the one that runs.</summary>
    Running,

    /// <summary>It would run if it had its turn.</summary>
    Runnable,

    /// <summary>A system call waits, or an access to a page that is held back.</summary>
    Waiting,

    /// <summary>A signal has stopped its process.</summary>
    Stopped,

    /// <summary>It has ended, and somebody may still ask how.</summary>
    Zombie,
}
