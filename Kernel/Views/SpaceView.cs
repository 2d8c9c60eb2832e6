using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Abi;

namespace MmuEmu.Kernel.Views;

/// <summary>An address space that lives.</summary>
/// <param name="Id">Its number, as events name it; never used again.</param>
/// <param name="Root">The frame of its PML4: what CR3 holds.</param>
/// <param name="Pcid">Its process-context identifier, 1 to 4095.</param>
public sealed record SpaceView(int Id, Pfn Root, ushort Pcid)
{
    /// <summary>The processes that live in it, lowest id first: more than one between vfork and execve.</summary>
    public required IReadOnlyList<int> Pids { get; init; }

    /// <summary>The processors that have it loaded, lowest number first.</summary>
    public required IReadOnlyList<int> Processors { get; init; }

    /// <summary>How many mappings it has.</summary>
    public required int VmaCount { get; init; }

    /// <summary>Bytes that its mappings cover.</summary>
    public required ulong MappedBytes { get; init; }

    /// <summary>The heap, from where it begins to the program break.</summary>
    public required VirtRange Heap { get; init; }

    /// <summary>Resident private anonymous pages.</summary>
    public required long AnonPages { get; init; }

    /// <summary>Resident pages of files.</summary>
    public required long FilePages { get; init; }

    /// <summary>Resident pages of memory-only files.</summary>
    public required long ShmemPages { get; init; }

    /// <summary>Entries that name a swap slot.</summary>
    public required long SwapPages { get; init; }

    /// <summary>Paging structures, the root among them.</summary>
    public required long TablePages { get; init; }

    /// <summary>The most pages that were ever resident at once.</summary>
    public required long PeakPages { get; init; }

    /// <summary>Resident pages of all kinds: its RSS.</summary>
    public long ResidentPages => AnonPages + FilePages + ShmemPages;
}
