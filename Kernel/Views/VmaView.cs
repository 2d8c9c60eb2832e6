using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Vmas;

namespace MmuEmu.Kernel.Views;

/// <summary>A mapping of an address space.</summary>
/// <param name="Space">The number of the space.</param>
/// <param name="Range">Where it lies; whole pages.</param>
/// <param name="Flags">Its rights and other properties.</param>
public sealed record VmaView(int Space, VirtRange Range, VmFlags Flags)
{
    /// <summary>Its name in /proc/PID/maps: a file's, or what it is, such as [heap]; may be empty.</summary>
    public required string Name { get; init; }

    /// <summary>Bytes of its file before it; 0 without a file.</summary>
    public required ulong Offset { get; init; }

    /// <summary>Its line of /proc/PID/maps, without its end.</summary>
    public required string MapsLine { get; init; }

    /// <summary>True when a file, one of memory only included, lies behind it.</summary>
    public required bool HasFile { get; init; }

    /// <summary>True for a part of the heap.</summary>
    public required bool IsHeap { get; init; }

    /// <summary>True for private memory without a file.</summary>
    public bool IsAnonymous => !HasFile;

    /// <summary>True when writes reach everyone.</summary>
    public bool IsShared => (Flags & VmFlags.Shared) != 0;

    /// <summary>True for a stack, which grows when touched just below.</summary>
    public bool IsStack => (Flags & VmFlags.GrowsDown) != 0;

    /// <summary>True when a touch of a hole is SIGBUS: MADV_USERFAULT.</summary>
    public bool IsUserFault => (Flags & VmFlags.UserFault) != 0;

    /// <summary>The volatile ranges in it, lowest first, cut to it, and of each whether a page of the whole range was purged.</summary>
    public required IReadOnlyList<(VirtRange Range, bool Purged)> Volatile { get; init; }

    /// <summary>Entries that hold a frame of its pages; those of the zero page do not count.</summary>
    public required long ResidentPages { get; init; }

    /// <summary>Entries that name a swap slot.</summary>
    public required long SwapPages { get; init; }

    /// <summary>Entries of purged pages.</summary>
    public required long PurgedPages { get; init; }

    /// <summary>Resident pages that are lazily free.</summary>
    public required long LazyFreePages { get; init; }
}
