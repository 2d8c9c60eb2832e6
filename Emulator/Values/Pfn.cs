namespace MmuEmu.Emulator.Values;

/// <summary>A page frame number: a guest-physical address divided by 4096.</summary>
public readonly record struct Pfn(ulong Raw)
{
    /// <summary>The first byte of the frame.</summary>
    public PhysAddr Base => new(Raw << 12);

    /// <summary>Where entry <paramref name="index"/> (0 to 511) lies when the frame is read as a paging structure.</summary>
    public PhysAddr EntryAt(int index) => new((Raw << 12) + ((ulong)index << 3));

    /// <summary>The frame <paramref name="frames"/> further on.</summary>
    public static Pfn operator +(Pfn pfn, ulong frames) => new(pfn.Raw + frames);

    /// <summary>Hexadecimal with prefix.</summary>
    public override string ToString() => $"0x{Raw:x}";
}
