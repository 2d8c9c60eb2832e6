namespace MmuEmu.Kernel.Run;

/// <summary>What makes a run pause.</summary>
public enum StopKind
{
    /// <summary>Nothing: it runs to its end.</summary>
    End,

    /// <summary>Count instructions have retired.</summary>
    Time,

    /// <summary>The guest set the mark Name for the Count-th time.</summary>
    Mark,

    /// <summary>The Count-th call named Name is about to begin.</summary>
    Syscall,

    /// <summary>The Count-th page fault was taken, and is not yet handled.</summary>
    Fault,

    /// <summary>The Count-th signal is about to be delivered.</summary>
    Signal,

    /// <summary>The run is between two of its own steps, and T is Count or more; it goes on as if it had not paused, to the last counter.</summary>
    Between,
}

/// <summary>A point of a run.</summary>
/// <param name="Kind">Which kind.</param>
/// <param name="Count">T, or which occurrence, counted from 1.</param>
/// <param name="Name">The mark or system call.</param>
public readonly record struct StopAt(StopKind Kind, ulong Count = 1, string Name = "")
{
    /// <summary>With <see cref="StopKind.Between"/>: how many steps have to be over whose T is Count itself.</summary>
    public uint Step { get; init; }

    /// <summary>The end of the run.</summary>
    public static StopAt End => default;

    /// <summary>When T is <paramref name="time"/>.</summary>
    public static StopAt Time(ulong time) => new(StopKind.Time, time);

    /// <summary>Between two steps of the run, at T <paramref name="time"/> or later; at that T behind <paramref name="step"/> steps.</summary>
    public static StopAt Between(ulong time, uint step = 0) => new(StopKind.Between, time) { Step = step };
}
