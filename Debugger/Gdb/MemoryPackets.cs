using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Views;

namespace MmuEmu.Debugger.Gdb;

/// <summary>Memory, read and written; virtual addresses of the thread that is asked about, or physical ones.</summary>
internal static class MemoryPackets
{
    private const int MostBytes = (PacketReader.MostBytes / 2) - 16;
    private const int MostSearched = 64 << 20;

    /// <summary>m: reads, up to the first byte that is not to be had.</summary>
    public static string Read(PacketContext context, string rest) => TryRead(context.Session, rest, out byte[] bytes) ? HexText.Of(bytes) : PacketText.NoMemory;

    /// <summary>x: the same, and the answer is the bytes themselves.</summary>
    public static string ReadRaw(PacketContext context, string rest) => TryRead(context.Session, rest, out byte[] bytes) ? HexText.Raw(bytes) : PacketText.NoMemory;

    /// <summary>M: writes bytes given in digits.</summary>
    public static string Write(PacketContext context, string rest)
    {
        PacketCursor cursor = new(rest);
        return cursor.Pair(',', out ulong address, out ulong length) && cursor.Skip(':')
            && HexText.TryBytes(cursor.Rest, out byte[] bytes) && (ulong)bytes.Length == length
            ? Write(context.Session, address, bytes)
            : PacketText.Malformed;
    }

    /// <summary>X: writes the bytes themselves; none asks whether it is known.</summary>
    public static string WriteRaw(PacketContext context, string rest)
    {
        PacketCursor cursor = new(rest);
        return cursor.Pair(',', out ulong address, out ulong length) && cursor.Skip(':') && (ulong)cursor.Rest.Length == length
            ? Write(context.Session, address, HexText.BytesOf(cursor.Rest))
            : PacketText.Malformed;
    }

    /// <summary>qSearch:memory: where some bytes are first.</summary>
    public static string Search(PacketContext context, string rest)
    {
        PacketCursor cursor = new(rest.TrimStart(':'));
        if (!cursor.Pair(';', out ulong address, out ulong length) || !cursor.Skip(';') || cursor.IsOver)
        {
            return PacketText.Malformed;
        }

        byte[] wanted = HexText.BytesOf(cursor.Rest);
        ulong left = Math.Min(length, MostSearched);
        byte[] window = new byte[MostBytes + wanted.Length];
        while (left >= (ulong)wanted.Length)
        {
            int read = Read(context.Session, address, window.AsSpan(0, (int)Math.Min(left, (ulong)window.Length)));
            int found = window.AsSpan(0, read).IndexOf(wanted);
            if (found >= 0)
            {
                return $"1,{HexText.Of(address + (ulong)found)}";
            }

            int step = read - wanted.Length + 1;
            if (step <= 0)
            {
                return "0";
            }

            (address, left) = (address + (ulong)step, left - (ulong)step);
        }

        return "0";
    }

    private static bool TryRead(GdbSession session, string rest, out byte[] bytes)
    {
        bytes = [];
        PacketCursor cursor = new(rest);
        if (!cursor.Pair(',', out ulong address, out ulong length))
        {
            return false;
        }

        byte[] all = new byte[(int)Math.Min(length, MostBytes)];
        bytes = all[..Read(session, address, all)];
        return bytes.Length > 0 || length == 0;
    }

    private static int Read(GdbSession session, ulong address, Span<byte> bytes)
    {
        if (!session.Wishes.Physical)
        {
            return session.Space is { } space ? session.Seen.Read(space, address, bytes) : 0;
        }

        byte[] read = new byte[bytes.Length];
        int count = session.Look(view => view.ReadPhysical(new PhysAddr(address), read));
        read.AsSpan(0, count).CopyTo(bytes);
        return count;
    }

    private static string Write(GdbSession session, ulong address, byte[] bytes)
    {
        if (bytes.Length == 0)
        {
            return PacketText.Ok;
        }

        if (session.Wishes.Physical)
        {
            session.Console.Say("physical memory is not written: it would change what the kernel believes of it; write by a virtual address");
            return PacketText.Error((int)Errno.EPERM);
        }

        if (session.Space is not { } space)
        {
            return PacketText.NoThread;
        }

        KernelChange change = default;
        bool stood = session.TryEdit(
            kernel =>
            {
                change = new KernelEdit(kernel).WriteMemory(space, new VirtAddr(address), bytes);
                return change.Bytes > 0 || change.EntriesWritten > 0 || change.FramesTaken > 0;
            },
            $"memory at 0x{HexText.Of(address)}");
        return !stood ? PacketText.Error((int)Errno.EPERM) : change.Errno == Errno.None ? PacketText.Ok : PacketText.Error((int)change.Errno);
    }
}
