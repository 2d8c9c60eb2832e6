namespace MmuEmu.Emulator.Values;

/// <summary>A count of processor cycles; the only clock of the machine.</summary>
public readonly record struct Cycles(ulong Count)
{
    /// <summary>The sum of two counts.</summary>
    public static Cycles operator +(Cycles a, Cycles b) => new(a.Count + b.Count);

    /// <summary>The count in decimal.</summary>
    public override string ToString() => Count.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
