using MmuEmu.Kernel.State;

namespace MmuEmu.Kernel.Files;

/// <summary>AF_ numbers.</summary>
internal enum SocketFamily : ushort
{
    /// <summary>AF_UNIX.</summary>
    Local = 1,

    /// <summary>AF_INET; this machine only.</summary>
    Internet = 2,
}

/// <summary>Directions of shutdown.</summary>
[Flags]
internal enum SocketWays
{
    /// <summary>SHUT_RD.</summary>
    Read = 1,

    /// <summary>SHUT_WR.</summary>
    Write = 2,
}

/// <summary>What a socket is known by: a path (after a NUL: a name of no file), or a port of this machine.</summary>
/// <param name="Family">The address family.</param>
/// <param name="Path">The name of a local socket.</param>
/// <param name="PortNumber">The port of an internet socket; 0 asks for any that is free.</param>
internal readonly record struct SocketName(SocketFamily Family, string Path, ushort PortNumber)
{
    /// <summary>No name yet.</summary>
    public static SocketName None { get; } = new(SocketFamily.Local, "", 0);

    /// <summary>A port of this machine.</summary>
    public static SocketName Port(ushort number) => new(SocketFamily.Internet, "", number);
}

/// <summary>Who is bound to which name.</summary>
internal sealed class SocketNames : IStateful
{
    private const ushort FirstFreePort = 32768;
    private readonly Dictionary<SocketName, StreamSocket> _bound = [];

    /// <summary>Binds a socket; a port of 0 becomes the lowest free one from 32768 on.</summary>
    public bool TryTake(SocketName name, StreamSocket socket, out SocketName taken)
    {
        taken = name;
        if (name is { Family: SocketFamily.Internet, PortNumber: 0 })
        {
            ushort port = FirstFreePort;
            while (_bound.ContainsKey(SocketName.Port(port)))
            {
                port++;
            }

            taken = SocketName.Port(port);
        }

        return _bound.TryAdd(taken, socket);
    }

    /// <summary>The socket of a name; null when nobody has it.</summary>
    public StreamSocket? Find(SocketName name) => _bound.GetValueOrDefault(name);

    /// <summary>Gives a socket's name free.</summary>
    public void Release(StreamSocket socket)
    {
        if (_bound.TryGetValue(socket.Name, out StreamSocket? holder) && holder == socket)
        {
            _ = _bound.Remove(socket.Name);
        }
    }

    object IStateful.Save(object? last) => (KeyValuePair<SocketName, StreamSocket>[])[.. _bound];

    void IStateful.Restore(object state) => SavedItems.PutBack(_bound, (KeyValuePair<SocketName, StreamSocket>[])state);

    void IStateful.SeeParts(StateVisitor visitor) => visitor.SeeAll(_bound.Values);
}
