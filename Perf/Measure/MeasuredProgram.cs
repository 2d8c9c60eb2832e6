namespace MmuEmu.Perf.Measure;

/// <summary>A program of <c>Perf/Programs</c>, in two sizes.</summary>
/// <param name="Name">Its file's name.</param>
/// <param name="Short">The argument with which it takes 5 to 150 ms natively.</param>
/// <param name="Long">The argument with which it takes longer.</param>
internal sealed record MeasuredProgram(string Name, ulong Short, ulong Long)
{
    /// <summary>Most times native time that the native program should take; null without a target.</summary>
    public double? MostTimesNative { get; init; }

    /// <summary>True when the targets are those of the short one: first touches and repeated ones together, as memory is used.</summary>
    public bool IsJudgedShort { get; init; }

    /// <summary>Most microseconds for each count of the argument; null without a target.</summary>
    public double? MostMicroseconds { get; init; }

    /// <summary>True where each count of the argument is one event whose price is worth a column.</summary>
    public bool CountsEvents { get; init; }
}
