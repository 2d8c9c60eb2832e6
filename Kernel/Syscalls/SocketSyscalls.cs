using System.Buffers.Binary;
using System.Text;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Files;
using MmuEmu.Kernel.Signals;
using MmuEmu.Kernel.Tasks;
using MmuEmu.Kernel.Waiting;

namespace MmuEmu.Kernel.Syscalls;

/// <summary>Stream sockets between programs of one run: AF_UNIX, and AF_INET as far as this machine reaches.</summary>
/// <remarks>Source: [Linux net/socket.c].</remarks>
internal static class SocketSyscalls
{
    private const ulong TypeMask = 0xF;
    private const ulong Stream = 1;
    private const int PathAt = 2;
    private const int LocalBytes = 110;
    private const int InternetBytes = 16;
    private const uint Loopback = 0x7F000001;
    private const ulong NoSignal = 0x4000;
    private const ulong DontWait = 0x40;
    private const ulong KnownFlags = NoSignal | DontWait;
    private const ulong SocketLevel = 1;
    private const ulong TypeOption = 3;

    /// <summary><c>socket</c>.</summary>
    /// <returns>A descriptor; EAFNOSUPPORT but for AF_UNIX and AF_INET; ESOCKTNOSUPPORT but for SOCK_STREAM; EMFILE.</returns>
    public static SyscallOutcome Socket(in SyscallCall call)
    {
        Errno errno = Check(call, out SocketFamily family);
        return errno == Errno.None ? Install(call, new StreamSocket(family, call.System.Files.Sockets), call.A1) : errno;
    }

    /// <summary><c>socketpair</c>.</summary>
    /// <returns>0; EOPNOTSUPP but for AF_UNIX; as socket; EFAULT.</returns>
    public static SyscallOutcome SocketPair(in SyscallCall call)
    {
        Errno errno = Check(call, out SocketFamily family);
        if (errno != Errno.None || family != SocketFamily.Local)
        {
            return errno == Errno.None ? new Refusal(Errno.EOPNOTSUPP, ErrnoCause.FamilyHasNoPairs) : errno;
        }

        StreamSocket one = new(family, call.System.Files.Sockets);
        StreamSocket other = new(family, call.System.Files.Sockets);
        StreamSocket.Join(one, other);
        SyscallOutcome first = Install(call, one, call.A1);
        SyscallOutcome second = first.Result.IsOk ? Install(call, other, call.A1) : first;
        if (!second.Result.IsOk)
        {
            _ = first.Result.IsOk && call.Process.Files.Close((int)first.Result.Rax);
            return second;
        }

        return call.Guest.TryWriteUInt64(call.A3, (uint)first.Result.Rax | ((ulong)(uint)second.Result.Rax << 32)) ? Errno.None : Errno.EFAULT;
    }

    /// <summary><c>bind</c>.</summary>
    /// <returns>0; EBADF; ENOTSOCK; EFAULT; EINVAL for a bad address or a second one; EADDRINUSE; EADDRNOTAVAIL.</returns>
    public static SyscallOutcome Bind(in SyscallCall call) =>
        TrySocket(call, out StreamSocket? socket, out Refusal refusal) && TryName(call, socket, out SocketName name, out refusal) ? socket.Bind(name) : refusal;

    /// <summary><c>listen</c>.</summary>
    /// <returns>0; EBADF; ENOTSOCK; EINVAL; EDESTADDRREQ.</returns>
    public static SyscallOutcome Listen(in SyscallCall call) =>
        TrySocket(call, out StreamSocket? socket, out Refusal refusal) ? socket.Listen((int)call.A1) : refusal;

    /// <summary><c>connect</c>.</summary>
    /// <returns>0; EBADF; ENOTSOCK; EFAULT; EINVAL; EISCONN; ECONNREFUSED; EAGAIN.</returns>
    public static SyscallOutcome Connect(in SyscallCall call) =>
        TrySocket(call, out StreamSocket? socket, out Refusal refusal) && TryName(call, socket, out SocketName name, out refusal) ? socket.Connect(name) : refusal;

    /// <summary><c>accept</c>.</summary>
    /// <returns>As accept4.</returns>
    public static SyscallOutcome Accept(in SyscallCall call) => Accept4(call with { A3 = 0 });

    /// <summary><c>accept4</c>.</summary>
    /// <returns>A descriptor; EBADF; ENOTSOCK; EINVAL when it does not listen; EAGAIN; EMFILE; EFAULT.</returns>
    public static SyscallOutcome Accept4(in SyscallCall call)
    {
        if (!TrySocket(call, out StreamSocket? socket, out Refusal refusal))
        {
            return refusal;
        }

        if (socket.State != SocketState.Listening)
        {
            return new Refusal(Errno.EINVAL, ErrnoCause.SocketNotListening);
        }

        bool mayWait = call.Process.Files.TryGet((int)call.A0, out OpenFile? file) && (file.Flags & OpenFlags.NonBlock) == 0;
        if (socket.Accept() is not { } other)
        {
            return mayWait
                ? SyscallOutcome.Until(new WaitFor(new ConnectionWait(socket), VirtualClock.Never, Interruption.RestartsIfAsked))
                : Errno.EAGAIN;
        }

        if (call.A1 != 0 && StoreName(call, other.PeerName, socket.Family, call.A1, call.A2) is not Errno.None and var bad)
        {
            other.Closed();
            return bad;
        }

        return Install(call, other, call.A3);
    }

    /// <summary><c>getsockname</c>.</summary>
    /// <returns>0; EBADF; ENOTSOCK; EFAULT.</returns>
    public static SyscallOutcome GetSockName(in SyscallCall call) =>
        TrySocket(call, out StreamSocket? socket, out Refusal refusal) ? StoreName(call, socket.Name, socket.Family, call.A1, call.A2) : refusal;

    /// <summary><c>getpeername</c>.</summary>
    /// <returns>0; EBADF; ENOTSOCK; ENOTCONN; EFAULT.</returns>
    public static SyscallOutcome GetPeerName(in SyscallCall call)
    {
        if (!TrySocket(call, out StreamSocket? socket, out Refusal refusal))
        {
            return refusal;
        }

        return socket.State == SocketState.Connected ? StoreName(call, socket.PeerName, socket.Family, call.A1, call.A2) : Errno.ENOTCONN;
    }

    /// <summary><c>shutdown</c>.</summary>
    /// <returns>0; EBADF; ENOTSOCK; EINVAL; ENOTCONN.</returns>
    public static SyscallOutcome ShutDown(in SyscallCall call)
    {
        if (!TrySocket(call, out StreamSocket? socket, out Refusal refusal))
        {
            return refusal;
        }

        return call.A1 > 2 ? new Refusal(Errno.EINVAL, ErrnoCause.ModeUnknown) : socket.ShutDown((SocketWays)(call.A1 + 1));
    }

    /// <summary><c>sendto</c>, on a connected socket; an address is ignored.</summary>
    /// <returns>As write; ENOTSOCK; EOPNOTSUPP for flags other than MSG_NOSIGNAL and MSG_DONTWAIT.</returns>
    public static SyscallOutcome SendTo(in SyscallCall call)
    {
        if (!TrySocket(call, out _, out Refusal refusal) || (call.A3 & ~KnownFlags) != 0)
        {
            return refusal == Refusal.None ? new Refusal(Errno.EOPNOTSUPP, ErrnoCause.FlagsNotOffered) : refusal;
        }

        SyscallOutcome outcome = TransferSyscalls.Write(call);
        if ((call.A3 & NoSignal) != 0 && outcome.End == SyscallEnd.Returns && outcome.Result.Errno == Errno.EPIPE)
        {
            call.Thread.Pending.Discard(SignalSet.Of(Signal.SIGPIPE));
        }

        return Promptly(call, outcome);
    }

    /// <summary><c>recvfrom</c>, on a connected socket; no address is stored.</summary>
    /// <returns>As read; ENOTSOCK; EOPNOTSUPP for flags other than MSG_NOSIGNAL and MSG_DONTWAIT.</returns>
    public static SyscallOutcome ReceiveFrom(in SyscallCall call)
    {
        if (!TrySocket(call, out _, out Refusal refusal) || (call.A3 & ~KnownFlags) != 0)
        {
            return refusal == Refusal.None ? new Refusal(Errno.EOPNOTSUPP, ErrnoCause.FlagsNotOffered) : refusal;
        }

        return Promptly(call, TransferSyscalls.Read(call));
    }

    /// <summary><c>setsockopt</c>: options of a network have no effect here.</summary>
    /// <returns>0; EBADF; ENOTSOCK.</returns>
    public static SyscallOutcome SetOption(in SyscallCall call) => TrySocket(call, out _, out Refusal refusal) ? Refusal.None : refusal;

    /// <summary><c>getsockopt</c>: SO_TYPE is SOCK_STREAM, every other option 0.</summary>
    /// <returns>0; EBADF; ENOTSOCK; EFAULT.</returns>
    public static SyscallOutcome GetOption(in SyscallCall call)
    {
        if (!TrySocket(call, out _, out Refusal refusal))
        {
            return refusal;
        }

        uint value = call is { A1: SocketLevel, A2: TypeOption } ? (uint)Stream : 0;
        return call.Guest.TryWriteUInt32(call.A3, value) && call.Guest.TryWriteUInt32(call.A4, 4) ? Errno.None : Errno.EFAULT;
    }

    private static SyscallOutcome Promptly(in SyscallCall call, SyscallOutcome outcome) =>
        outcome.End == SyscallEnd.Waits && (call.A3 & DontWait) != 0 ? Errno.EAGAIN : outcome;

    private static Errno Check(in SyscallCall call, out SocketFamily family)
    {
        family = (SocketFamily)call.A0;
        if (family is not (SocketFamily.Local or SocketFamily.Internet))
        {
            return Errno.EAFNOSUPPORT;
        }

        return (call.A1 & TypeMask) == Stream ? Errno.None : Errno.ESOCKTNOSUPPORT;
    }

    private static SyscallOutcome Install(in SyscallCall call, StreamSocket socket, ulong type)
    {
        ulong number = call.System.Files.Numbers.Next();
        OpenFlags flags = (OpenFlags)type & (OpenFlags.NonBlock | OpenFlags.CloseOnExec);
        OnExec onExec = (flags & OpenFlags.CloseOnExec) != 0 ? OnExec.Close : OnExec.Keep;
        Inode inode = new(number, InodeKind.Socket, 0x1FF) { Content = socket, Mount = call.System.Files.Mounts.Sockets };
        OpenFile file = new(inode, (flags & OpenFlags.NonBlock) | OpenFlags.ReadWrite, $"socket:[{number}]");
        return call.Process.Files.Add(file, onExec).Ok(out int descriptor, out Errno errno) ? SyscallOutcome.Of((ulong)descriptor) : errno;
    }

    private static bool TrySocket(in SyscallCall call, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out StreamSocket? socket, out Refusal refusal)
    {
        socket = null;
        if (call.FileOf(call.A0).Has(out OpenFile? file, out refusal))
        {
            socket = file.Content as StreamSocket;
            refusal = socket is null ? Errno.ENOTSOCK : Errno.None;
        }

        return socket is not null;
    }

    /// <summary>Reads a struct sockaddr_un or sockaddr_in.</summary>
    private static bool TryName(in SyscallCall call, StreamSocket socket, out SocketName name, out Refusal refusal)
    {
        name = SocketName.None;
        refusal = new Refusal(Errno.EINVAL, ErrnoCause.AddressLengthWrong);
        if (call.A2 is < PathAt or > LocalBytes)
        {
            return false;
        }

        Span<byte> address = stackalloc byte[LocalBytes];
        address = address[..(int)call.A2];
        if (!call.Guest.TryRead(call.A1, address))
        {
            refusal = Errno.EFAULT;
            return false;
        }

        if (BinaryPrimitives.ReadUInt16LittleEndian(address) != (ushort)socket.Family)
        {
            refusal = Errno.EAFNOSUPPORT;
            return false;
        }

        if (socket.Family == SocketFamily.Local)
        {
            string path = Encoding.Latin1.GetString(address[PathAt..]);
            bool isFile = path.Length > 0 && path[0] != '\0';
            name = new SocketName(SocketFamily.Local, isFile ? path.Split('\0')[0] : path, 0);
            refusal = path.Length > 0 ? Refusal.None : new Refusal(Errno.EINVAL, ErrnoCause.AddressEmpty);
            return path.Length > 0;
        }

        name = SocketName.Port(BinaryPrimitives.ReadUInt16BigEndian(address[2..]));
        uint host = address.Length >= 8 ? BinaryPrimitives.ReadUInt32BigEndian(address[4..]) : 0;
        if (address.Length >= InternetBytes)
        {
            bool reached = host == 0 || host >> 24 == Loopback >> 24;
            refusal = reached ? Refusal.None : new Refusal(Errno.EADDRNOTAVAIL, ErrnoCause.NoNetwork);
        }

        return refusal == Refusal.None;
    }

    private static Errno StoreName(in SyscallCall call, SocketName name, SocketFamily family, ulong address, ulong lengthAt)
    {
        Span<byte> bytes = stackalloc byte[LocalBytes];
        bytes.Clear();
        BinaryPrimitives.WriteUInt16LittleEndian(bytes, (ushort)family);
        int length = InternetBytes;
        if (family == SocketFamily.Local)
        {
            int count = Encoding.Latin1.GetBytes(name.Path, bytes[PathAt..]);
            length = PathAt + count + (count > 0 && name.Path[0] != '\0' ? 1 : 0);
        }
        else
        {
            BinaryPrimitives.WriteUInt16BigEndian(bytes[2..], name.PortNumber);
            BinaryPrimitives.WriteUInt32BigEndian(bytes[4..], name.PortNumber == 0 ? 0 : Loopback);
        }

        if (!call.Guest.TryReadUInt32(lengthAt, out uint room))
        {
            return Errno.EFAULT;
        }

        bool stored = call.Guest.TryWrite(address, bytes[..(int)Math.Min(room, (uint)length)]) && call.Guest.TryWriteUInt32(lengthAt, (uint)length);
        return stored ? Errno.None : Errno.EFAULT;
    }
}
