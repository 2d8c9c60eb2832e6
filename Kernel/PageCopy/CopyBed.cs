using MmuEmu.Emulator.Tracing;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Locks;
using MmuEmu.Kernel.Memory;
using MmuEmu.Kernel.State;
using MmuEmu.Kernel.Windows;

namespace MmuEmu.Kernel.PageCopy;

/// <summary>What copies through windows work with, wired together; it decides nothing.</summary>
internal sealed class CopyBed : IStateful
{
    /// <summary>Nanoseconds until the swap device has read a page.</summary>
    public const ulong SwapReadNs = 5_000_000;

    /// <summary>A bed over <paramref name="mem"/>, which has windows.</summary>
    public CopyBed(MemorySystem mem)
    {
        (Memory, Locks) = (mem, new LockTable(mem.Profile.Copy.Rwsem));
        Recipe = RecipeTable.Of(mem.Profile.Copy.Strategy);
        Gate = new LockGate(Locks);
    }

    /// <summary>Memory management.</summary>
    public MemorySystem Memory { get; }

    /// <summary>The choices of the profile.</summary>
    public CopyProfile Profile => Memory.Profile.Copy;

    /// <summary>The windows.</summary>
    public KernelWindows Windows => Memory.Windows!;

    /// <summary>What is counted.</summary>
    public WindowCounters Counters => Memory.WindowCounts;

    /// <summary>How pages are copied.</summary>
    public CopyRecipe Recipe { get; }

    /// <summary>Who holds which lock.</summary>
    public LockTable Locks { get; }

    /// <summary>What holds faults back for these locks.</summary>
    public LockGate Gate { get; }

    /// <summary>How often each mark was set.</summary>
    public MarkBoard Marks { get; } = new();

    /// <summary>Who acts at points of copies; null for nobody.</summary>
    public ICopyPoints? Points { get; set; }

    /// <summary>Copies begun.</summary>
    public ulong Count { get; set; }

    /// <summary>Tells an event of a copy.</summary>
    public void Tell(TraceEventKind kind, in TraceEvent happened)
    {
        if (Memory.Report.For(kind) is { } events)
        {
            events.Take(happened);
        }
    }

    object IStateful.Save(object? last) => Count;

    void IStateful.Restore(object state) => Count = (ulong)state;

    void IStateful.SeeParts(StateVisitor visitor)
    {
        visitor.See(Locks);
        visitor.See(Marks);
    }
}
