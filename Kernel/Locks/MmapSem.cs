using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.State;

namespace MmuEmu.Kernel.Locks;

/// <summary>mmap_sem of one address space: many readers or one writer, by thread ids; who cannot have it queues.</summary>
/// <remarks>A queued writer goes before readers that come later. Source: [Linux lib/rwsem.c].</remarks>
/// <param name="kind">Whether a holder may take it once more.</param>
internal sealed class MmapSem(RwsemKind kind) : IStateful
{
    private readonly List<int> _readers = [];
    private readonly List<(int Tid, bool IsWrite)> _queue = [];
    private int _writer;

    /// <summary>True when nobody holds it and nobody waits.</summary>
    public bool IsIdle => _writer == 0 && _readers.Count == 0 && _queue.Count == 0;

    /// <summary>Takes it, or queues; a reader may hold it several times.</summary>
    public bool TryEnter(int tid, bool isWrite)
    {
        if (!CanEnter(tid, isWrite))
        {
            if (!_queue.Contains((tid, isWrite)))
            {
                _queue.Add((tid, isWrite));
            }

            return false;
        }

        _ = _queue.Remove((tid, isWrite));
        if (isWrite)
        {
            _writer = tid;
            return true;
        }

        _readers.Add(tid);
        return true;
    }

    /// <summary>True when <see cref="TryEnter"/> would take it now.</summary>
    public bool CanEnter(int tid, bool isWrite)
    {
        if (isWrite)
        {
            return _writer == 0 && _readers.Count == 0 && IsFirst(tid);
        }

        return _writer == 0 && ((kind == RwsemKind.Recursive && _readers.Contains(tid)) || !HasWriterBefore(tid));
    }

    /// <summary>True when a reader that comes now would have to wait.</summary>
    public bool BlocksReaders => _writer != 0 || HasWriterBefore(0);

    /// <summary>Whom <paramref name="tid"/> waits for: who holds it, and for a reader the writers before it.</summary>
    public IEnumerable<int> Blockers(int tid, bool isWrite)
    {
        List<int> blockers = [.. _readers];
        if (!isWrite)
        {
            blockers.Clear();
        }

        if (_writer != 0)
        {
            blockers.Add(_writer);
        }

        foreach ((int queued, bool writes) in _queue)
        {
            if (queued == tid && writes == isWrite)
            {
                break;
            }

            if (writes)
            {
                blockers.Add(queued);
            }
        }

        return blockers;
    }

    /// <summary>Gives one reading, or the writing, back.</summary>
    public void Leave(int tid, bool isWrite)
    {
        if (isWrite)
        {
            _writer = _writer == tid ? 0 : _writer;
            return;
        }

        _ = _readers.Remove(tid);
    }

    /// <summary>The thread is gone: it holds nothing and waits for nothing.</summary>
    public void Forget(int tid)
    {
        _writer = _writer == tid ? 0 : _writer;
        _ = _readers.RemoveAll(reader => reader == tid);
        _ = _queue.RemoveAll(one => one.Tid == tid);
    }

    private bool IsFirst(int tid) => _queue.Count == 0 || _queue[0].Tid == tid;

    private bool HasWriterBefore(int tid)
    {
        foreach ((int queued, bool writes) in _queue)
        {
            if (queued == tid && !writes)
            {
                return false;
            }

            if (writes)
            {
                return true;
            }
        }

        return false;
    }

    object IStateful.Save(object? last) => (_writer, (int[])[.. _readers], ((int, bool)[])[.. _queue]);

    void IStateful.Restore(object state)
    {
        (_writer, int[] readers, (int, bool)[] queue) = ((int, int[], (int, bool)[]))state;
        SavedItems.PutBack(_readers, readers);
        SavedItems.PutBack(_queue, queue);
    }
}
