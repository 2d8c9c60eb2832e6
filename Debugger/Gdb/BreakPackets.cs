namespace MmuEmu.Debugger.Gdb;

/// <summary>Breakpoints and watchpoints.</summary>
internal static class BreakPackets
{
    private const int Software = 0;
    private const int Hardware = 1;

    /// <summary>Z: sets one.</summary>
    public static string Set(PacketContext context, string rest) => Change(context.Session, rest, true);

    /// <summary>z: takes one away.</summary>
    public static string Clear(PacketContext context, string rest) => Change(context.Session, rest, false);

    private static string Change(GdbSession session, string rest, bool isSet)
    {
        PacketCursor cursor = new(rest);
        if (!cursor.Small(out int type) || !cursor.Skip(',') || !cursor.Pair(',', out ulong address, out ulong kind))
        {
            return PacketText.Malformed;
        }

        return type switch
        {
            Software or Hardware => ChangeBreak(session, address, isSet),
            (int)WatchKind.Write or (int)WatchKind.Read or (int)WatchKind.Access => ChangeWatch(session, (WatchKind)type, address, kind, isSet),
            _ => PacketText.Unknown,
        };
    }

    private static string ChangeBreak(GdbSession session, ulong address, bool isSet)
    {
        if (session.Picked is not { } task)
        {
            return PacketText.NoThread;
        }

        if (!isSet)
        {
            session.Stops.Remove(task.Pid, address);
            return PacketText.Ok;
        }

        return session.Stops.Add(task.Pid, address) ? PacketText.Ok : PacketText.Error(TooMany);
    }

    private static string ChangeWatch(GdbSession session, WatchKind kind, ulong address, ulong length, bool isSet)
    {
        if (length is 0 or > Watched.MostBytes || address + length < address)
        {
            return PacketText.Error(TooMany);
        }

        int? space = session.Wishes.Physical ? null : session.Space;
        if (!session.Wishes.Physical && space is null)
        {
            return PacketText.NoThread;
        }

        Watched watched = new(space, address, (int)length, kind);
        if (!isSet)
        {
            session.Stops.Remove(watched);
            return PacketText.Ok;
        }

        return session.Stops.Add(watched) ? PacketText.Ok : PacketText.Error(TooMany);
    }

    /// <summary>ENOSPC.</summary>
    private const int TooMany = 28;
}
