using MmuEmu.Emulator.Memory;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.State;

namespace MmuEmu.Kernel.Story;

/// <summary>Something that a guest wanted and RAM could not give.</summary>
/// <param name="Call">The system call that was refused; empty when the out-of-memory killer ended a process.</param>
/// <param name="Errno">What the call answered; <see cref="Errno.None"/> for brk, which has no errno, and for the killer.</param>
/// <param name="Process">Whose call, or who was killed: name and id.</param>
/// <param name="WantedBytes">Bytes that could not be had, a multiple of 4096.</param>
/// <param name="Time">T.</param>
public sealed record MemoryShortage(string Call, Errno Errno, string Process, ulong WantedBytes, ulong Time)
{
    /// <summary>Shortages of the whole run, this one included.</summary>
    public ulong Times { get; init; } = 1;

    /// <summary>The process that asked for the page, of a kill; null otherwise.</summary>
    public TaskName? Asker { get; init; }

    /// <summary>The system call that asked for it, of a kill; null when a touch of memory did.</summary>
    public ulong? AskedBy { get; init; }

    /// <summary>Processes that could have been killed, of a kill; otherwise 0.</summary>
    public int Candidates { get; init; }

    /// <summary>Pages that the victim had in RAM, of a kill.</summary>
    public long Resident { get; init; }

    /// <summary>Pages that the victim had in swap, of a kill.</summary>
    public long Swapped { get; init; }

    /// <summary>Page tables of the victim, in pages, of a kill.</summary>
    public long Tables { get; init; }

    /// <summary>Free frames of RAM at the kill.</summary>
    public ulong FreePages { get; init; }

    /// <summary>Pages without a file that reclaim could not free at the kill.</summary>
    public long AnonymousPages { get; init; }

    /// <summary>Pages of files that reclaim could not free at the kill.</summary>
    public long FilePages { get; init; }

    /// <summary>Locked pages at the kill.</summary>
    public long UnevictablePages { get; init; }

    /// <summary>Free slots of swap at the kill.</summary>
    public long FreeSlots { get; init; }

    /// <summary>True when the out-of-memory killer ended a process.</summary>
    public bool IsKill => Call.Length == 0;

    /// <summary>RAM to try next: the power of two that holds what there was and what was wanted.</summary>
    /// <param name="ramBytes">RAM that there was, in bytes.</param>
    /// <returns>Bytes, at most 64 GiB; null when there was as much already.</returns>
    public ulong? NextRamBytes(ulong ramBytes)
    {
        // Where swap is not full it is frames that are too few, also when none was refused: pages went as others came.
        ulong wanted = IsKill && FreeSlots > 0 ? Math.Max(WantedBytes, 4096) : WantedBytes;
        ulong next = PhysicalMemory.MinBytes;
        while (next < ramBytes + wanted && next < PhysicalMemory.MaxBytes)
        {
            next <<= 1;
        }

        return next > ramBytes ? next : null;
    }
}

/// <summary>Keeps the shortage of a run that is worth telling: the first kill, or else the first refusal.</summary>
internal sealed class ShortageLog : IStateful
{
    private MemoryShortage? _told;
    private ulong _times;

    /// <summary>That shortage, with the number of all; null when RAM was enough.</summary>
    public MemoryShortage? Told => _told is null ? null : _told with { Times = _times };

    /// <summary>RAM did not suffice.</summary>
    public void Note(MemoryShortage shortage)
    {
        _times++;
        if (_told is null || (shortage.IsKill && !_told.IsKill))
        {
            _told = shortage;
        }
    }

    object IStateful.Save(object? last) => (_told, _times);

    void IStateful.Restore(object state) => (_told, _times) = ((MemoryShortage?, ulong))state;
}
