namespace MmuEmu.Kernel.Tables;

/// <summary>Gathers to be used again: each fault needs one.</summary>
internal sealed class GatherPool
{
    private readonly Stack<TlbGather> _idle = [];
    private TlbGather? _next;

    /// <summary>An empty gather; disposing it brings it back.</summary>
    internal TlbGather Take(in SpaceTag space, ITlbShootdown tlbs, IGatherSink sink, int batchSize)
    {
        TlbGather gather = _next ?? (_idle.Count > 0 ? _idle.Pop() : new TlbGather(this));
        _next = null;
        gather.Begin(space, tlbs, sink, batchSize);
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
}
