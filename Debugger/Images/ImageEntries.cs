using MmuEmu.Emulator.Paging;
using MmuEmu.Emulator.Values;

namespace MmuEmu.Debugger.Images;

/// <summary>An image as a walk sees it. What the image does not hold reads as an entry that is not present, which ends the walk, and is noted.</summary>
internal readonly struct ImageEntries(PhysicalImage image, MissingEntry missing) : IEntryReader
{
    /// <inheritdoc/>
    public ulong ReadUInt64(PhysAddr address)
    {
        if (image.ReadUInt64(address) is { } entry)
        {
            return entry;
        }

        missing.Slot = address;
        return 0;
    }
}

/// <summary>Where a walk left the image.</summary>
internal sealed class MissingEntry
{
    /// <summary>The entry that the image does not hold; null while a walk stays inside.</summary>
    public PhysAddr? Slot { get; set; }
}
