using MmuEmu.Emulator.Values;

namespace MmuEmu.Kernel.Abi;

/// <summary>A run of virtual addresses: from <paramref name="Start"/> up to but not including <paramref name="End"/>.</summary>
/// <param name="Start">The first byte.</param>
/// <param name="End">One past the last byte.</param>
public readonly record struct VirtRange(VirtAddr Start, VirtAddr End)
{
    /// <summary>One past the last user address: the top page of the lower half is never mapped.</summary>
    /// <remarks>Source: [Linux arch/x86/include/asm/page_64_types.h, TASK_SIZE_MAX].</remarks>
    public const ulong TaskSize = 0x7FFF_FFFF_F000;

    /// <summary>The run of <paramref name="lengthBytes"/> bytes at <paramref name="start"/>; it does not wrap.</summary>
    public static VirtRange Of(VirtAddr start, ulong lengthBytes) => new(start, start + lengthBytes);

    /// <summary>Bytes in the run.</summary>
    public ulong LengthBytes => End.Raw - Start.Raw;

    /// <summary>Whole pages in the run, when both ends are aligned.</summary>
    public ulong PageCount => LengthBytes >> 12;

    /// <summary>True when the run holds no byte.</summary>
    public bool IsEmpty => End.Raw <= Start.Raw;

    /// <summary>True when the byte at <paramref name="address"/> belongs to the run.</summary>
    public bool Contains(VirtAddr address) => address.Raw >= Start.Raw && address.Raw < End.Raw;

    /// <summary>True when every byte of <paramref name="other"/> belongs to the run.</summary>
    public bool Contains(VirtRange other) => other.Start.Raw >= Start.Raw && other.End.Raw <= End.Raw;

    /// <summary>True when the two runs share a byte.</summary>
    public bool Overlaps(VirtRange other) => Start.Raw < other.End.Raw && other.Start.Raw < End.Raw;

    /// <summary>The bytes that both runs hold; empty when they do not overlap.</summary>
    public VirtRange Intersect(VirtRange other) =>
        new(new VirtAddr(Math.Max(Start.Raw, other.Start.Raw)), new VirtAddr(Math.Min(End.Raw, other.End.Raw)));

    /// <summary>Rounds a length up to whole pages; 0 when that overflows.</summary>
    public static ulong PageAlign(ulong lengthBytes) => unchecked(lengthBytes + 0xFFF) & ~0xFFFUL;

    /// <summary>Start and end in hexadecimal, as /proc/PID/maps prints them.</summary>
    public override string ToString() => $"{Start.Raw:x}-{End.Raw:x}";
}
