namespace MmuEmu.Kernel.Tables;

/// <summary>Gathers to be used again: each fault needs one.</summary>
/// <param name="sink">Who takes what gathers let go.</param>
/// <param name="flushes">False for a kernel that forgets every flush.</param>
internal sealed class GatherPool(IGatherSink sink, bool flushes)
{
    private readonly Stack<TlbGather> _idle = [];
    private TlbGather? _next;

    /// <summary>All processors' TLBs; nothing is told before there are processors.</summary>
    public ITlbShootdown Tlbs { get; set; } = new NoProcessors();

    /// <summary>Pages in a gather's batch, at least 1 (F-045).</summary>
    public int BatchSize { get; set; } = TlbGather.DefaultBatch;

    /// <summary>An empty gather for <paramref name="space"/>; disposing it, before the next guest instruction, brings it back.</summary>
    public TlbGather Take(in SpaceTag space)
    {
        TlbGather gather = _next ?? (_idle.Count > 0 ? _idle.Pop() : new TlbGather(this, flushes));
        _next = null;
        gather.Begin(space, Tlbs, sink, BatchSize);
        return gather;
    }

    internal void Return(TlbGather gather)
    {
        if (_next is null)
        {
            _next = gather;
        }
        else
        {
            _idle.Push(gather);
        }
    }

    private sealed class NoProcessors : ITlbShootdown
    {
        public void Invalidate(in FlushRequest request)
        {
        }
    }
}
