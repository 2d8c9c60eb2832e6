using MmuEmu.Kernel.Frames;
using MmuEmu.Kernel.State;

namespace MmuEmu.Kernel.Volatile;

/// <summary>Hands out range nodes and takes guest frames for the room that they need, so that marking can run out of memory.</summary>
/// <remarks>Source: [vrange v10 01/16, vrange_cachep].</remarks>
/// <param name="source">Where frames come from.</param>
/// <param name="failPoints">Nodes that are to fail; null for none.</param>
internal sealed class RangePool(IFrameSource source, FailPoints? failPoints = null) : IStateful
{
    /// <summary>Nodes in a frame: 88 bytes each. Source: [vrange v10 01/16, struct vrange].</summary>
    public const int NodesPerFrame = 4096 / 88;

    private readonly Stack<PageFrame> _frames = [];
    private readonly Stack<VolatileRange> _spare = [];

    /// <summary>Nodes handed out.</summary>
    public int InUse { get; private set; }

    /// <summary>Frames held.</summary>
    public int FrameCount => _frames.Count;

    /// <summary>Takes a node; null when there is no memory for it (V-039).</summary>
    public VolatileRange? TryTake() => failPoints?.Strikes(FailKind.Nodes) == true ? null : TryTakeSound();

    /// <summary>Takes a node in any case, out of the kernel's reserve when memory is out: for work that must not fail.</summary>
    public VolatileRange TakeReserved() => TryTakeSound() ?? Take();

    /// <summary>Takes a node back; frames that no node needs are given back, but for one in reserve.</summary>
    public void Give(VolatileRange range)
    {
        (range.Tree, range.Purged, range.Partly, range.Bytes) = (null, false, false, default);
        _spare.Push(range);
        InUse--;
        while ((_frames.Count - 1) * NodesPerFrame >= InUse + NodesPerFrame)
        {
            source.Release(_frames.Pop());
        }
    }

    /// <summary>Gives the frame in reserve back when no node is in use.</summary>
    public void Trim()
    {
        while (InUse == 0 && _frames.TryPop(out PageFrame? frame))
        {
            source.Release(frame);
        }
    }

    private VolatileRange? TryTakeSound()
    {
        if (InUse >= _frames.Count * NodesPerFrame)
        {
            if (source.TryTake(FrameContent.Any) is not { } frame)
            {
                return null;
            }

            _frames.Push(frame);
        }

        return Take();
    }

    private VolatileRange Take()
    {
        InUse++;
        return _spare.TryPop(out VolatileRange? spare) ? spare : new VolatileRange();
    }

    object IStateful.Save(object? last) => (InUse, _frames.ToArray());

    // Which nodes are spare means nothing; those that were in use are no longer.
    void IStateful.Restore(object state)
    {
        (InUse, PageFrame[] frames) = ((int, PageFrame[]))state;
        _spare.Clear();
        _frames.Clear();
        for (int i = frames.Length - 1; i >= 0; i--)
        {
            _frames.Push(frames[i]);
        }
    }
}
