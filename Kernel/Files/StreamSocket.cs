using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.State;
using MmuEmu.Kernel.Vmas;

namespace MmuEmu.Kernel.Files;

/// <summary>What a socket has become.</summary>
internal enum SocketState
{
    /// <summary>Made, and perhaps bound to a name.</summary>
    New,

    /// <summary>Waits for others to connect.</summary>
    Listening,

    /// <summary>Has another end.</summary>
    Connected,
}

/// <summary>A stream socket of this machine: two pipes to another one, or a queue of those who want to connect.</summary>
/// <param name="family">The address family it was made for.</param>
/// <param name="names">Who listens under which name.</param>
/// <remarks>There is no network behind it: a name of a listener is found in the same run or not at all. Source: [Linux net/socket.c; net/unix/af_unix.c].</remarks>
internal sealed class StreamSocket(SocketFamily family, SocketNames names) : IFileContent, IStateful
{
    private readonly Queue<StreamSocket> _waiting = new();
    private Pipe? _incoming;
    private Pipe? _outgoing;
    private int _backlog;
    private ulong _arrivals;

    /// <summary>The address family it was made for.</summary>
    public SocketFamily Family { get; } = family;

    /// <summary>What it has become.</summary>
    public SocketState State { get; private set; }

    /// <summary>The name it is bound to; of no bytes while it is not.</summary>
    public SocketName Name { get; private set; } = SocketName.None;

    /// <summary>The name of the other end.</summary>
    public SocketName PeerName { get; private set; } = SocketName.None;

    /// <inheritdoc/>
    public ulong SizeBytes => _incoming?.ReadEnd.SizeBytes ?? 0;

    /// <inheritdoc/>
    public bool Seekable => false;

    /// <inheritdoc/>
    public ulong Changes => _arrivals + (_incoming?.ReadEnd.Changes ?? 0) + (_outgoing?.WriteEnd.Changes ?? 0);

    /// <inheritdoc/>
    public PollEvents Ready => State switch
    {
        SocketState.New => PollEvents.Out | PollEvents.HangUp,
        SocketState.Listening => _waiting.Count > 0 ? PollEvents.In : PollEvents.None,
        SocketState.Connected => ConnectedReady(),
    };

    /// <inheritdoc/>
    public IBacking? Backing => null;

    /// <summary>Gives it a name.</summary>
    /// <returns><see cref="Refusal.None"/>; EINVAL when it has one; EADDRINUSE when another listens there.</returns>
    public Refusal Bind(SocketName name)
    {
        if (Name != SocketName.None)
        {
            return new Refusal(Errno.EINVAL, ErrnoCause.SocketHasName);
        }

        if (!names.TryTake(name, this, out SocketName taken))
        {
            return Errno.EADDRINUSE;
        }

        Name = taken;
        return Refusal.None;
    }

    /// <summary>Waits for others from now on.</summary>
    /// <returns><see cref="Refusal.None"/>; EINVAL when it is connected; EDESTADDRREQ for a local socket without a name.</returns>
    public Refusal Listen(int backlog)
    {
        if (State == SocketState.Connected)
        {
            return new Refusal(Errno.EINVAL, ErrnoCause.SocketConnected);
        }

        if (Name == SocketName.None && (Family == SocketFamily.Local || Bind(SocketName.Port(0)) != Refusal.None))
        {
            return Errno.EDESTADDRREQ;
        }

        (State, _backlog) = (SocketState.Listening, Math.Max(1, backlog));
        return Refusal.None;
    }

    /// <summary>Connects to who listens under a name; the other end may be accepted later.</summary>
    /// <returns><see cref="Refusal.None"/>; EISCONN; EINVAL for a listener; ECONNREFUSED when nobody listens; EAGAIN when the queue is full.</returns>
    public Refusal Connect(SocketName name)
    {
        if (State != SocketState.New)
        {
            return State == SocketState.Connected ? Errno.EISCONN : new Refusal(Errno.EINVAL, ErrnoCause.SocketListens);
        }

        if (names.Find(name) is not { State: SocketState.Listening } listener)
        {
            return Errno.ECONNREFUSED;
        }

        if (listener._waiting.Count > listener._backlog)
        {
            return new Refusal(Errno.EAGAIN, ErrnoCause.QueueFull);
        }

        if (Name == SocketName.None && Family == SocketFamily.Internet)
        {
            _ = Bind(SocketName.Port(0));
        }

        StreamSocket other = new(Family, names);
        Join(this, other);
        (other.Name, other.PeerName, PeerName) = (listener.Name, Name, listener.Name);
        listener._waiting.Enqueue(other);
        listener._arrivals++;
        return Refusal.None;
    }

    /// <summary>The next one who wants to connect; null when nobody waits.</summary>
    public StreamSocket? Accept() => _waiting.TryDequeue(out StreamSocket? other) ? other : null;

    /// <summary>Makes two sockets each other's end.</summary>
    public static void Join(StreamSocket one, StreamSocket other)
    {
        (one._incoming, one._outgoing) = (new Pipe(), new Pipe());
        (other._incoming, other._outgoing) = (one._outgoing, one._incoming);
        (one.State, other.State) = (SocketState.Connected, SocketState.Connected);
    }

    /// <summary>Reads no more, or tells the other end that nothing more comes.</summary>
    /// <returns><see cref="Errno.None"/>; ENOTCONN.</returns>
    public Errno ShutDown(SocketWays ways)
    {
        if (State != SocketState.Connected)
        {
            return Errno.ENOTCONN;
        }

        if ((ways & SocketWays.Read) != 0)
        {
            _incoming!.ReadEnd.Closed();
        }

        if ((ways & SocketWays.Write) != 0)
        {
            _outgoing!.WriteEnd.Closed();
        }

        return Errno.None;
    }

    /// <summary>Takes what has come: ENOTCONN without another end; EAGAIN while nothing has come.</summary>
    public Result<int> Read(ulong offset, Span<byte> destination) => _incoming is null ? Errno.ENOTCONN : _incoming.ReadEnd.Read(0, destination);

    /// <summary>Sends: ENOTCONN without another end; EPIPE when that reads no more; EAGAIN while it has no room.</summary>
    public Result<int> Write(ulong offset, ReadOnlySpan<byte> source) => _outgoing is null ? Errno.ENOTCONN : _outgoing.WriteEnd.Write(0, source);

    /// <inheritdoc/>
    public int WholeToRead(int bytes) => _incoming?.ReadEnd.WholeToRead(bytes) ?? bytes;

    /// <inheritdoc/>
    /// <remarks>A message is copied as a whole. Source: [Linux net/unix/af_unix.c, unix_stream_sendmsg].</remarks>
    public int WholeToWrite(int readable, ulong wanted) => 0;

    /// <inheritdoc/>
    public Refusal Resize(ulong sizeBytes) => new Refusal(Errno.EINVAL, ErrnoCause.NoLength);

    /// <inheritdoc/>
    public void Opened()
    {
    }

    /// <inheritdoc/>
    public void Closed()
    {
        names.Release(this);
        _ = ShutDown(SocketWays.Read | SocketWays.Write);
        while (Accept() is { } other)
        {
            other.Closed();
        }

        State = SocketState.New;
    }

    private PollEvents ConnectedReady()
    {
        PollEvents read = _incoming!.ReadEnd.Ready;
        PollEvents write = _outgoing!.WriteEnd.Ready;
        PollEvents ended = (read & PollEvents.HangUp) != 0 ? PollEvents.In : PollEvents.None;
        PollEvents gone = (read & PollEvents.HangUp) != 0 && (write & PollEvents.Error) != 0 ? PollEvents.HangUp : PollEvents.None;
        return (read & PollEvents.In) | ended | gone | ((write & PollEvents.Error) != 0 ? PollEvents.Out : write & PollEvents.Out);
    }

    object IStateful.Save(object? last) => ((_waiting.ToArray(), _backlog, _arrivals), (_incoming, _outgoing), (State, Name, PeerName));

    void IStateful.Restore(object state)
    {
        ((StreamSocket[] waiting, _backlog, _arrivals), (_incoming, _outgoing), (State, Name, PeerName)) =
            (((StreamSocket[], int, ulong), (Pipe?, Pipe?), (SocketState, SocketName, SocketName)))state;
        _waiting.Clear();
        foreach (StreamSocket other in waiting)
        {
            _waiting.Enqueue(other);
        }
    }

    void IStateful.SeeParts(StateVisitor visitor)
    {
        visitor.See(names);
        visitor.See(_incoming);
        visitor.See(_outgoing);
        visitor.SeeAll(_waiting);
    }
}
