using MmuEmu.Emulator.Machine;
using MmuEmu.Emulator.Timing;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.PageCopy;
using MmuEmu.Kernel.State;
using MmuEmu.Kernel.Story;
using MmuEmu.Kernel.Windows;

namespace MmuEmu.Kernel.Run;

/// <summary>What a run has counted so far; a live view, not a copy.</summary>
public sealed class RunStatistics : IStateful
{
    /// <summary>Memory management's counters.</summary>
    public required MmCounters Memory { get; init; }

    /// <summary>The cores, each with its MMU's counters and, with timing, its cycle model.</summary>
    public required CoreSet Cores { get; init; }

    /// <summary>The cycle model of the first core; null without timing.</summary>
    public CycleModel? Timing => Cores[0].Clock;

    /// <summary>T: instructions retired.</summary>
    public ulong Instructions { get; internal set; }

    /// <summary>System calls made.</summary>
    public ulong Syscalls { get; internal set; }

    /// <summary>Page faults taken by guest instructions.</summary>
    public ulong PageFaults { get; internal set; }

    /// <summary>Signals whose handler was entered.</summary>
    public ulong SignalsHandled { get; internal set; }

    /// <summary>Switches from one process to another.</summary>
    public ulong ContextSwitches { get; internal set; }

    /// <summary>Processes that ever lived.</summary>
    public ulong Processes { get; internal set; }

    /// <summary>Page copies through windows.</summary>
    public ulong Copies => Windows[WindowCounter.Copies];

    /// <summary>What is counted of windows and copies through them, each with its name.</summary>
    public IReadOnlyList<(string Name, ulong Count)> CopyCounts => WindowCounterNames.Of(Windows);

    /// <summary>The same by kind.</summary>
    internal WindowCounters Windows { get; init; } = new();

    /// <summary>The name of a point of a copy, as a <see cref="Story.KernelEvent.CopyPassed"/> has its number.</summary>
    public static string CopyPointName(ulong point) => CopyPointNames.Of((CopyPoint)point);

    /// <summary>System calls answered with ENOSYS because nobody wrote them, by number.</summary>
    public SortedDictionary<ulong, ulong> UnknownSyscalls { get; } = [];

    /// <summary>Instructions that exist but are not implemented, by what memory holds where they begin.</summary>
    public SortedDictionary<CodeBytes, ulong> UnsupportedInstructions { get; } = [];

    object IStateful.Save(object? last) => new Saved(
        (Instructions, Syscalls, PageFaults, SignalsHandled, ContextSwitches, Processes), [.. UnknownSyscalls], [.. UnsupportedInstructions]);

    void IStateful.Restore(object state)
    {
        Saved saved = (Saved)state;
        (Instructions, Syscalls, PageFaults, SignalsHandled, ContextSwitches, Processes) = saved.Counts;
        SavedItems.PutBack(UnknownSyscalls, saved.Unknown);
        SavedItems.PutBack(UnsupportedInstructions, saved.Unsupported);
    }

    private sealed record Saved(
        (ulong Instructions, ulong Syscalls, ulong PageFaults, ulong SignalsHandled, ulong ContextSwitches, ulong Processes) Counts,
        KeyValuePair<ulong, ulong>[] Unknown,
        KeyValuePair<CodeBytes, ulong>[] Unsupported);
}
