using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.State;

namespace MmuEmu.Kernel.Tasks;

/// <summary>A thread that waits on a futex word.</summary>
/// <param name="thread">The thread.</param>
/// <param name="key">The word; it changes when the waiter is moved to another.</param>
/// <param name="bits">Who may wake it: wakers whose bits meet these.</param>
internal sealed class FutexWaiter(UserThread thread, FutexKey key, uint bits) : IStateful
{
    /// <summary>The thread.</summary>
    public UserThread Thread { get; } = thread;

    /// <summary>The word it waits on now.</summary>
    public FutexKey Key { get; set; } = key;

    /// <summary>Who may wake it.</summary>
    public uint Bits { get; } = bits;

    /// <summary>Somebody has woken it, or given it the lock.</summary>
    public bool Woken { get; set; }

    /// <summary>The thread that holds the lock it waits for; null on words that are no PI locks.</summary>
    public UserThread? Owner { get; set; }

    /// <summary>The lock's address in the waiter's own space; meaningful with an <see cref="Owner"/>.</summary>
    public VirtAddr Word { get; init; }

    object IStateful.Save(object? last) => (Key, Woken, Owner);

    void IStateful.Restore(object state) => (Key, Woken, Owner) = ((FutexKey, bool, UserThread?))state;

    void IStateful.SeeParts(StateVisitor visitor)
    {
        visitor.See(Thread);
        visitor.See(Owner);
        visitor.SeeAny(Key.Home);
    }
}

/// <summary>The waiters of all futex words, each word's in the order in which they came.</summary>
/// <remarks>Source: [Linux kernel/futex/waitwake.c, futex_wake; requeue.c, futex_requeue].</remarks>
internal sealed class FutexTable : IStateful
{
    /// <summary>Bits that meet every waiter's.</summary>
    public const uint AnyBits = uint.MaxValue;

    private readonly Dictionary<FutexKey, List<FutexWaiter>> _waiters = [];

    /// <summary>Lets a thread wait.</summary>
    public void Add(FutexWaiter waiter)
    {
        QueueOf(waiter.Key).Add(waiter);
        waiter.Thread.Futex = waiter;
    }

    /// <summary>The thread waits no longer, woken or not.</summary>
    public void Remove(UserThread thread)
    {
        if (thread.Futex is { } waiter)
        {
            Take(waiter);
            thread.Futex = null;
        }
    }

    /// <summary>Wakes up to <paramref name="most"/> waiters whose bits meet <paramref name="bits"/>; one at least is tried.</summary>
    /// <returns>How many were woken.</returns>
    public int Wake(FutexKey key, int most, uint bits)
    {
        int woken = 0;
        foreach (FutexWaiter waiter in Of(key))
        {
            if ((waiter.Bits & bits) != 0)
            {
                Wake(waiter);
                woken++;
            }

            if (woken >= Math.Max(most, 1))
            {
                break;
            }
        }

        return woken;
    }

    /// <summary>Wakes up to <paramref name="wakes"/> waiters, and moves up to <paramref name="moves"/> more to another word.</summary>
    /// <returns>How many were woken or moved.</returns>
    public int Requeue(FutexKey from, FutexKey to, int wakes, int moves)
    {
        int done = 0;
        foreach (FutexWaiter waiter in Of(from))
        {
            if (done - wakes >= moves)
            {
                break;
            }

            if (done < wakes)
            {
                Wake(waiter);
            }
            else
            {
                Take(waiter);
                waiter.Key = to;
                QueueOf(to).Add(waiter);
            }

            done++;
        }

        return done;
    }

    /// <summary>The waiters of a word, first come first; a copy.</summary>
    public IReadOnlyList<FutexWaiter> Of(FutexKey key) => _waiters.TryGetValue(key, out List<FutexWaiter>? queue) ? [.. queue] : [];

    /// <summary>Ends a waiter's wait with success.</summary>
    public void Wake(FutexWaiter waiter)
    {
        Take(waiter);
        waiter.Woken = true;
    }

    /// <summary>The first waiter of each lock that <paramref name="owner"/> holds, by thread id.</summary>
    public IReadOnlyList<FutexWaiter> FirstOfLocksOf(UserThread owner)
    {
        List<FutexWaiter> first = [];
        foreach (List<FutexWaiter> queue in _waiters.Values)
        {
            if (queue.Count > 0 && queue[0].Owner == owner)
            {
                first.Add(queue[0]);
            }
        }

        // The order of a dictionary is no order to rely on.
        first.Sort(static (a, b) => a.Thread.Tid.CompareTo(b.Thread.Tid));
        return first;
    }

    private void Take(FutexWaiter waiter)
    {
        if (_waiters.TryGetValue(waiter.Key, out List<FutexWaiter>? queue) && queue.Remove(waiter) && queue.Count == 0)
        {
            _waiters.Remove(waiter.Key);
        }
    }

    private List<FutexWaiter> QueueOf(FutexKey key)
    {
        if (!_waiters.TryGetValue(key, out List<FutexWaiter>? queue))
        {
            _waiters[key] = queue = [];
        }

        return queue;
    }

    object IStateful.Save(object? last)
    {
        (FutexKey Key, FutexWaiter[] Queue)[] state = new (FutexKey, FutexWaiter[])[_waiters.Count];
        int count = 0;
        foreach ((FutexKey key, List<FutexWaiter> queue) in _waiters)
        {
            state[count++] = (key, queue.ToArray());
        }

        return state;
    }

    void IStateful.Restore(object state)
    {
        _waiters.Clear();
        foreach ((FutexKey key, FutexWaiter[] queue) in ((FutexKey, FutexWaiter[])[])state)
        {
            _waiters.Add(key, [.. queue]);
        }
    }

    void IStateful.SeeParts(StateVisitor visitor)
    {
        foreach (List<FutexWaiter> queue in _waiters.Values)
        {
            foreach (FutexWaiter waiter in queue)
            {
                visitor.See(waiter);
            }
        }
    }
}
