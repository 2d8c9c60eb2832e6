using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.State;

namespace MmuEmu.Kernel.Signals;

/// <summary>Signals that were sent and not yet delivered.</summary>
/// <remarks>An ordinary signal waits once however often it was sent; real-time signals queue. Source: [Linux kernel/signal.c, legacy_queue].</remarks>
internal sealed class PendingSignals : IStateful
{
    private const int FirstRealTime = 32;
    private const int MaxQueued = 4096;
    private readonly List<SigInfo> _queue = [];

    /// <summary>Which signals wait.</summary>
    public SignalSet Set { get; private set; }

    /// <summary>Adds a signal; false when the queue of real-time signals is full.</summary>
    public bool Add(in SigInfo info)
    {
        if ((int)info.Signal < FirstRealTime && Set.Has(info.Signal))
        {
            return true;
        }

        if (_queue.Count >= MaxQueued)
        {
            return false;
        }

        _queue.Add(info);
        Set |= SignalSet.Of(info.Signal);
        return true;
    }

    /// <summary>Takes the next signal of <paramref name="wanted"/>: those that instructions raise first, then the lowest number.</summary>
    public bool TryTake(SignalSet wanted, out SigInfo info)
    {
        SignalSet ready = Set & wanted;
        if (ready.IsEmpty)
        {
            info = default;
            return false;
        }

        SignalSet first = ready & SignalSet.Synchronous;
        info = Remove((first.IsEmpty ? ready : first).Lowest);
        return true;
    }

    /// <summary>Drops every instance of the signals in <paramref name="signals"/>.</summary>
    public void Discard(SignalSet signals)
    {
        for (int i = _queue.Count - 1; i >= 0; i--)
        {
            if (signals.Has(_queue[i].Signal))
            {
                _queue.RemoveAt(i);
            }
        }

        Set -= signals;
    }

    private SigInfo Remove(Signal signal)
    {
        int at = 0;
        while (_queue[at].Signal != signal)
        {
            at++;
        }

        SigInfo info = _queue[at];
        _queue.RemoveAt(at);
        for (int i = at; i < _queue.Count; i++)
        {
            if (_queue[i].Signal == signal)
            {
                return info;
            }
        }

        Set -= SignalSet.Of(signal);
        return info;
    }

    object IStateful.Save(object? last) => (_queue.ToArray(), Set);

    void IStateful.Restore(object state)
    {
        (SigInfo[] queue, Set) = ((SigInfo[], SignalSet))state;
        _queue.Clear();
        _queue.AddRange(queue);
    }
}
