namespace MmuEmu.Emulator.Tracing;

/// <summary>A set of event kinds.</summary>
/// <param name="Bits">One bit a kind.</param>
public readonly record struct TraceMask(ulong Bits)
{
    /// <summary>No kind.</summary>
    public static TraceMask None => default;

    /// <summary>Every kind.</summary>
    public static TraceMask All => new(ulong.MaxValue);

    /// <summary>All that the machine itself tells.</summary>
    public static TraceMask Machine => new((1UL << (int)TraceEventKind.FirstOfSoftware) - 1);

    /// <summary>These kinds.</summary>
    public static TraceMask Of(params ReadOnlySpan<TraceEventKind> kinds)
    {
        ulong bits = 0;
        foreach (TraceEventKind kind in kinds)
        {
            bits |= 1UL << (int)kind;
        }

        return new TraceMask(bits);
    }

    /// <summary>True when <paramref name="kind"/> is one of them.</summary>
    public bool Has(TraceEventKind kind) => (Bits >> (int)kind & 1) != 0;

    /// <summary>True when the two sets share a kind.</summary>
    public bool Meets(TraceMask other) => (Bits & other.Bits) != 0;

    /// <summary>Both sets together.</summary>
    public static TraceMask operator |(TraceMask left, TraceMask right) => new(left.Bits | right.Bits);
}
