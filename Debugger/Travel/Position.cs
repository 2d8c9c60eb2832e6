using System.Globalization;

namespace MmuEmu.Debugger.Travel;

/// <summary>A point of a run: T, and how many of the micro-steps are over that happen at that T.</summary>
/// <param name="Time">T: instructions retired before.</param>
/// <param name="Step">Micro-steps over at that T.</param>
/// <remarks>
/// <code>
///  T.1 … the kernel's work since the instruction before … T.s = T ─ walk, fault, handling, walk again … ─► T+1
/// </code>
/// Which step is "T" itself, the moment in which the instruction is about to run for the first time, is known only by running there
/// (<see cref="Happenings.Start"/>). Mostly nothing happens before, and it is step 0.
/// </remarks>
internal readonly record struct Position(ulong Time, uint Step) : IComparable<Position>
{
    /// <summary>Reads <c>T</c> or <c>T.k</c>; spaces, apostrophes and underlines between digits are passed over.</summary>
    /// <param name="text">The text.</param>
    /// <param name="time">Out: T.</param>
    /// <param name="step">Out: the step; null for T itself.</param>
    public static bool TryParse(string text, out ulong time, out uint? step)
    {
        string[] parts = string.Concat(text.Where(c => c is not (' ' or '_' or '\''))).Split('.');
        step = null;
        if (parts.Length > 2 || !ulong.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out time))
        {
            time = 0;
            return false;
        }

        bool known = parts.Length == 1 || uint.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out _);
        step = known && parts.Length == 2 ? uint.Parse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture) : null;
        return known;
    }

    /// <summary>The later one.</summary>
    public static Position Max(Position one, Position other) => one > other ? one : other;

    /// <inheritdoc/>
    public int CompareTo(Position other) => (Time, Step).CompareTo((other.Time, other.Step));

    /// <summary>As it is typed, the step always with it.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Time}.{Step}");

    public static bool operator <(Position left, Position right) => left.CompareTo(right) < 0;

    public static bool operator >(Position left, Position right) => left.CompareTo(right) > 0;

    public static bool operator <=(Position left, Position right) => left.CompareTo(right) <= 0;

    public static bool operator >=(Position left, Position right) => left.CompareTo(right) >= 0;
}
