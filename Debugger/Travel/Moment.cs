namespace MmuEmu.Debugger.Travel;

/// <summary>A moment between two of the run's own steps, where it can be saved and go on undisturbed.</summary>
/// <param name="Time">T.</param>
/// <param name="Step">Steps of the run over that began at that T.</param>
internal readonly record struct Moment(ulong Time, uint Step) : IComparable<Moment>
{
    /// <inheritdoc/>
    public int CompareTo(Moment other) => (Time, Step).CompareTo((other.Time, other.Step));

    public static bool operator <(Moment left, Moment right) => left.CompareTo(right) < 0;

    public static bool operator >(Moment left, Moment right) => left.CompareTo(right) > 0;

    public static bool operator <=(Moment left, Moment right) => left.CompareTo(right) <= 0;

    public static bool operator >=(Moment left, Moment right) => left.CompareTo(right) >= 0;
}
