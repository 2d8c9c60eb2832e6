using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Vmas;

namespace MmuEmu.Kernel.Mm;

/// <summary>What <c>mmap(2)</c> is asked for, its file resolved.</summary>
internal sealed record MapRequest
{
    /// <summary>The address wanted: a hint, or an order with MAP_FIXED.</summary>
    public VirtAddr Address { get; init; }

    /// <summary>Bytes; rounded up to pages.</summary>
    public required ulong LengthBytes { get; init; }

    /// <summary>Access rights.</summary>
    public Prot Prot { get; init; } = Prot.Read | Prot.Write;

    /// <summary>Flags.</summary>
    public MapFlags Flags { get; init; } = MapFlags.Private | MapFlags.Anonymous;

    /// <summary>The address below which a place is searched for, and above which a hint is not followed; null for anywhere.</summary>
    public VirtAddr? Top { get; init; }

    /// <summary>The file, or the memory file that stands behind a shared anonymous mapping; null for private anonymous memory.</summary>
    public IBacking? Backing { get; init; }

    /// <summary>What the file has against being mapped; told only when the range could be had.</summary>
    public Refusal Against { get; init; } = Refusal.None;

    /// <summary>The first page of the file.</summary>
    public ulong PageOffset { get; init; }

    /// <summary>What mprotect may ever grant, from the way the file was opened.</summary>
    public VmFlags May { get; init; } = VmFlagsOps.MayAccess;

    /// <summary>Further properties of the mapping.</summary>
    public VmFlags Extra { get; init; }

    /// <summary>A name such as [heap]; null for none.</summary>
    public string? Label { get; init; }
}
