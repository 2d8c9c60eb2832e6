namespace MmuEmu.Debugger.Travel;

/// <summary>Bytes that an instruction reads or writes.</summary>
/// <param name="Start">The first of them.</param>
/// <param name="Length">How many.</param>
/// <param name="Reads">It reads them, whether it writes them too or not.</param>
internal readonly record struct Touch(ulong Start, ulong Length, bool Reads)
{
    /// <summary>Bytes of each round of a comparison that is repeated and may end early; 0 for all else.</summary>
    public ulong Round { get; init; }

    /// <summary>Its rounds go from the last byte to the first.</summary>
    public bool Falls { get; init; }

    /// <summary>Rounds until the byte at <paramref name="address"/>, or the first one behind it on the way, has been touched; 0 when it is touched in any case.</summary>
    public ulong RoundsTo(ulong address, ulong length)
    {
        if (Round == 0)
        {
            return 0;
        }

        ulong away = Falls ? Start + Length - Math.Min(address + length, Start + Length) : Math.Max(address, Start) - Start;
        return (away / Round) + 1;
    }
}
