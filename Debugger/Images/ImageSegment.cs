using MmuEmu.Emulator.Values;

namespace MmuEmu.Debugger.Images;

/// <summary>A run of physical memory that lies in one piece in the file.</summary>
/// <param name="Start">Physical address of its first byte.</param>
/// <param name="Length">Bytes of it in the file.</param>
/// <param name="FileOffset">Where in the file the first byte is.</param>
internal readonly record struct ImageSegment(PhysAddr Start, ulong Length, ulong FileOffset)
{
    /// <summary>Whether all 8 bytes at <paramref name="address"/> are in it.</summary>
    public bool HasEntry(PhysAddr address) => Length >= 8 && address.Raw - Start.Raw <= Length - 8;

    /// <summary>Whether the byte at <paramref name="address"/> is in it.</summary>
    public bool Has(PhysAddr address) => address.Raw - Start.Raw < Length;
}
