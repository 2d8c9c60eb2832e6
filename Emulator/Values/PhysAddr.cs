namespace MmuEmu.Emulator.Values;

/// <summary>A guest-physical address, 0 to 2^52 - 1.</summary>
public readonly record struct PhysAddr(ulong Raw)
{
    /// <summary>The 4 KiB frame that holds this address.</summary>
    public Pfn Frame => new(Raw >> 12);

    /// <summary>The address <paramref name="bytes"/> further on.</summary>
    public static PhysAddr operator +(PhysAddr address, ulong bytes) => new(unchecked(address.Raw + bytes));

    /// <summary>Hexadecimal with prefix.</summary>
    public override string ToString() => $"0x{Raw:x}";
}
