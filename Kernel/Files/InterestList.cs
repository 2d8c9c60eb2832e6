using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.State;
using MmuEmu.Kernel.Vmas;

namespace MmuEmu.Kernel.Files;

/// <summary>What an epoll descriptor is told to watch a file for.</summary>
/// <param name="Wanted">Events, of <see cref="PollEvents"/>; errors and hang-ups are always told.</param>
/// <param name="Flags">EPOLLET, EPOLLONESHOT and kin.</param>
/// <param name="Data">The word that comes back with an event.</param>
internal readonly record struct Interest(PollEvents Wanted, InterestFlags Flags, ulong Data);

/// <summary>How events are told.</summary>
/// <remarks>Source: [Linux include/uapi/linux/eventpoll.h].</remarks>
[Flags]
internal enum InterestFlags : uint
{
    /// <summary>As long as the file is ready.</summary>
    None = 0,

    /// <summary>Wakes one of several waiters; here as without it.</summary>
    Exclusive = 1U << 28,

    /// <summary>Keeps the machine awake; no meaning here.</summary>
    WakeUp = 1U << 29,

    /// <summary>Once, then no more until it is asked for again.</summary>
    OneShot = 1U << 30,

    /// <summary>Only when something has happened since it was last told.</summary>
    EdgeTriggered = 1U << 31,
}

/// <summary>An event that an epoll descriptor tells.</summary>
/// <param name="Events">What the file is ready for.</param>
/// <param name="Data">The word given with the interest.</param>
internal readonly record struct InterestEvent(PollEvents Events, ulong Data);

/// <summary>The content of an epoll descriptor: which open files are watched, and what of them was told.</summary>
/// <remarks>
/// Files are asked in the order of their descriptors, and one that was told goes behind those that were not, so that none is starved.
/// A closed file leaves by itself. Source: [Linux fs/eventpoll.c].
/// </remarks>
internal sealed class InterestList : IFileContent, IStateful
{
    private readonly SortedDictionary<int, Watch> _watches = [];
    private int _next;

    /// <inheritdoc/>
    public ulong SizeBytes => 0;

    /// <inheritdoc/>
    public bool Seekable => false;

    /// <inheritdoc/>
    public PollEvents Ready => AnyReady() ? PollEvents.In : PollEvents.None;

    /// <inheritdoc/>
    public IBacking? Backing => null;

    /// <summary>The files that are watched, in the order of their descriptors.</summary>
    public IEnumerable<OpenFile> Files
    {
        get
        {
            foreach (Watch watch in _watches.Values)
            {
                yield return watch.File;
            }
        }
    }

    /// <summary>Begins to watch a file.</summary>
    /// <returns><see cref="Refusal.None"/>; EEXIST when it is watched already; EPERM for a file that is always ready.</returns>
    public Refusal Add(int descriptor, OpenFile file, in Interest interest)
    {
        if (file.Inode.Kind is InodeKind.Regular or InodeKind.Directory)
        {
            return new Refusal(Errno.EPERM, ErrnoCause.AlwaysReady);
        }

        if (_watches.TryGetValue(descriptor, out Watch? old) && old.Is(file))
        {
            return Errno.EEXIST;
        }

        _watches[descriptor] = new Watch(file, interest);
        return Refusal.None;
    }

    /// <summary>Watches a file for something else; what was told once is told again.</summary>
    /// <returns><see cref="Errno.None"/>; ENOENT when it is not watched.</returns>
    public Errno Change(int descriptor, OpenFile file, in Interest interest)
    {
        if (!_watches.TryGetValue(descriptor, out Watch? old) || !old.Is(file))
        {
            return Errno.ENOENT;
        }

        _watches[descriptor] = new Watch(file, interest);
        return Errno.None;
    }

    /// <summary>Watches a file no longer.</summary>
    /// <returns><see cref="Errno.None"/>; ENOENT when it is not watched.</returns>
    public Errno Remove(int descriptor, OpenFile file)
    {
        bool there = _watches.TryGetValue(descriptor, out Watch? old) && old.Is(file);
        return there && _watches.Remove(descriptor) ? Errno.None : Errno.ENOENT;
    }

    /// <summary>True when <see cref="Take"/> would tell something.</summary>
    public bool AnyReady()
    {
        foreach (Watch watch in _watches.Values)
        {
            if (watch.Pending() != PollEvents.None)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Tells at most <paramref name="most"/> events.</summary>
    public List<InterestEvent> Take(int most)
    {
        List<InterestEvent> events = [];
        foreach (int descriptor in InTurn())
        {
            if (events.Count == most)
            {
                break;
            }

            Watch watch = _watches[descriptor];
            if (watch.Tell() is var told and not PollEvents.None)
            {
                events.Add(new InterestEvent(told, watch.Data));
                _next = descriptor + 1;
            }
        }

        return events;
    }

    /// <inheritdoc/>
    public Result<int> Read(ulong offset, Span<byte> destination) => new Refusal(Errno.EINVAL, ErrnoCause.NoBytes);

    /// <inheritdoc/>
    public Result<int> Write(ulong offset, ReadOnlySpan<byte> source) => new Refusal(Errno.EINVAL, ErrnoCause.NoBytes);

    /// <inheritdoc/>
    public Refusal Resize(ulong sizeBytes) => new Refusal(Errno.EINVAL, ErrnoCause.NoLength);

    /// <inheritdoc/>
    public void Opened()
    {
    }

    /// <inheritdoc/>
    public void Closed() => _watches.Clear();

    private List<int> InTurn()
    {
        List<int> first = [];
        List<int> then = [];
        List<int> closed = [];
        foreach ((int descriptor, Watch watch) in _watches)
        {
            (watch.IsClosed ? closed : descriptor >= _next ? first : then).Add(descriptor);
        }

        foreach (int descriptor in closed)
        {
            _ = _watches.Remove(descriptor);
        }

        first.AddRange(then);
        return first;
    }

    private sealed class Watch(OpenFile file, Interest interest)
    {
        private PollEvents _told;
        private ulong _changes;
        private bool _done;

        public OpenFile File => file;

        public Told State
        {
            get => new(_told, _changes, _done);
            set => (_told, _changes, _done) = value;
        }

        public ulong Data => interest.Data;

        public bool IsClosed => !file.IsOpen;

        public bool Is(OpenFile other) => file == other && file.IsOpen;

        /// <summary>What would be told now.</summary>
        public PollEvents Pending()
        {
            if (_done || !file.IsOpen)
            {
                return PollEvents.None;
            }

            PollEvents ready = (file.Content?.Ready ?? PollEvents.None) & (interest.Wanted | PollEvents.Error | PollEvents.HangUp);
            bool edge = (interest.Flags & InterestFlags.EdgeTriggered) != 0;
            bool same = (file.Content?.Changes ?? 0) == _changes;
            return edge && same ? ready & ~_told : ready;
        }

        /// <summary>Tells it, and remembers that it was told.</summary>
        public PollEvents Tell()
        {
            PollEvents pending = Pending();
            ulong changes = file.Content?.Changes ?? 0;
            _told = changes == _changes ? _told | pending : pending;
            _changes = changes;
            _done |= pending != PollEvents.None && (interest.Flags & InterestFlags.OneShot) != 0;
            return pending;
        }

        public readonly record struct Told(PollEvents Events, ulong Changes, bool Done);
    }

    object IStateful.Save(object? last)
    {
        List<(int, Watch, Watch.Told)> watches = [];
        foreach ((int descriptor, Watch watch) in _watches)
        {
            watches.Add((descriptor, watch, watch.State));
        }

        return (_next, watches.ToArray());
    }

    void IStateful.Restore(object state)
    {
        (_next, (int, Watch, Watch.Told)[] watches) = ((int, (int, Watch, Watch.Told)[]))state;
        _watches.Clear();
        foreach ((int descriptor, Watch watch, Watch.Told told) in watches)
        {
            _watches.Add(descriptor, watch);
            watch.State = told;
        }
    }

    void IStateful.SeeParts(StateVisitor visitor)
    {
        foreach (Watch watch in _watches.Values)
        {
            visitor.See(watch.File);
        }
    }
}
