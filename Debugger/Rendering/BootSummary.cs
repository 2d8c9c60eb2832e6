using MmuEmu.Emulator.Tracing;
using MmuEmu.Kernel.Story;

namespace MmuEmu.Debugger.Rendering;

/// <summary>Counts what the kernel does before the first process has a name: building the first image, its stack, its mappings.</summary>
internal sealed class BootSummary
{
    private static readonly (TraceMask Kinds, string One, string Many)[] Groups =
    [
        (TraceMask.Of(KernelEvent.FrameTaken), "frame taken", "frames taken"),
        (TraceMask.Of(KernelEvent.EntryChanged), "entry written", "entries written"),
        (TraceMask.Of(KernelEvent.FaultClassified), "fault of the kernel's own writes", "faults of the kernel's own writes"),
        (TraceMask.Of(TraceEventKind.Walk), "walk", "walks"),
        (TraceMask.Of(TraceEventKind.EntryMarked), "entry marked", "entries marked"),
        (TraceMask.Of(TraceEventKind.Access), "access", "accesses"),
        (TraceMask.Of(TraceEventKind.Invalidated, KernelEvent.Flush), "TLB flush", "TLB flushes"),
    ];

    private readonly int[] _counts = new int[Groups.Length];
    private bool _over;

    /// <summary>True when <paramref name="happened"/> is part of the boot, and now counted.</summary>
    public bool Takes(in TraceEvent happened)
    {
        if (_over || happened.Stamp.Tid != 0)
        {
            return false;
        }

        for (int i = 0; i < Groups.Length; i++)
        {
            _counts[i] += Groups[i].Kinds.Has(happened.Kind) ? 1 : 0;
        }

        return true;
    }

    /// <summary>Ends the boot: the counts as words, or null when there were none or they were told before.</summary>
    public string? End()
    {
        if (_over)
        {
            return null;
        }

        _over = true;
        List<string> words = [];
        for (int i = 0; i < Groups.Length; i++)
        {
            if (_counts[i] > 0)
            {
                words.Add($"{_counts[i]} {(_counts[i] == 1 ? Groups[i].One : Groups[i].Many)}");
            }
        }

        return words.Count == 0 ? null : string.Join(", ", words);
    }
}
