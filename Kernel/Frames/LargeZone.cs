using MmuEmu.Kernel.State;

namespace MmuEmu.Kernel.Frames;

/// <summary>Aligned runs of 512 frames that nothing else uses, so that a large page is there whatever becomes of the rest.</summary>
internal sealed class LargeZone : IStateful
{
    /// <summary>The order of a run: 512 frames, 2 MiB.</summary>
    public const int Order = 9;

    private readonly List<PageFrame> _runs = [];

    /// <summary>Runs left.</summary>
    public int Count => _runs.Count;

    /// <summary>Keeps a run, by its first frame.</summary>
    public void Keep(PageFrame run) => _runs.Add(run);

    /// <summary>A run, by its first frame, which has one reference; null when none is left.</summary>
    public PageFrame? TryTake()
    {
        if (_runs.Count == 0)
        {
            return null;
        }

        PageFrame run = _runs[^1];
        _runs.RemoveAt(_runs.Count - 1);
        return run;
    }

    object IStateful.Save(object? last) => SavedItems.Of(_runs, last as PageFrame[]);

    void IStateful.Restore(object state) => SavedItems.PutBack(_runs, (PageFrame[])state);
}
