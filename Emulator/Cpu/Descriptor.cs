namespace MmuEmu.Emulator.Cpu;

/// <summary>An 8-byte segment descriptor.</summary>
/// <param name="Raw">Its bytes, the first lowest.</param>
/// <remarks>
/// <code>
///  55 54 53 52 | 47 46..45 44 43..40
///   G  D  L    |  P  DPL    S  type        code when S=1 and type bit 3 is set; bit 2 of the type: conforming
/// </code>
/// Source: [SDM3 Protected-Mode Memory Management, "Segment Descriptors"].
/// </remarks>
public readonly record struct Descriptor(ulong Raw)
{
    /// <summary>The descriptor is there.</summary>
    public bool Present => (Raw >> 47 & 1) != 0;

    /// <summary>Privilege level, 0 to 3.</summary>
    public int Dpl => (int)(Raw >> 45) & 3;

    /// <summary>A code or data segment, not a system one.</summary>
    public bool IsSegment => (Raw >> 44 & 1) != 0;

    /// <summary>The four type bits.</summary>
    public int Type => (int)(Raw >> 40) & 0xF;

    /// <summary>A code segment.</summary>
    public bool IsCode => IsSegment && (Type & 8) != 0;

    /// <summary>A code segment that runs at its caller's level.</summary>
    public bool IsConforming => (Type & 4) != 0;

    /// <summary>A 64-bit code segment: L=1 and D=0.</summary>
    public bool IsLong => (Raw >> 53 & 3) == 1;

    /// <summary>A code segment with L=1 and D=1, which does not exist.</summary>
    public bool IsLongAndBig => IsCode && (Raw >> 53 & 3) == 3;

    /// <summary>A 64-bit call gate.</summary>
    public bool IsCallGate => !IsSegment && Type == 12;

    /// <summary>A local descriptor table.</summary>
    public bool IsLdt => !IsSegment && Type == 2;

    /// <summary>A writable data segment.</summary>
    public bool IsWritableData => IsSegment && (Type & 0xA) == 2;

    /// <summary>An available 64-bit task-state segment.</summary>
    public bool IsAvailableTss => !IsSegment && Type == 9;

    /// <summary>The low 32 bits of the base.</summary>
    public uint Base => (uint)((Raw >> 16 & 0xFF_FFFF) | (Raw >> 56 << 24));

    /// <summary>The last valid offset.</summary>
    public uint Limit
    {
        get
        {
            uint limit = (uint)((Raw & 0xFFFF) | (Raw >> 48 & 0xF) << 16);
            return (Raw >> 55 & 1) != 0 ? (limit << 12) | 0xFFF : limit;
        }
    }
}
