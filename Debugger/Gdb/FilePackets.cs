using System.Buffers.Binary;
using System.Text;
using MmuEmu.Kernel.Abi;

namespace MmuEmu.Debugger.Gdb;

/// <summary>Files of the guest, to be read: its programs, what it maps, and its own /proc. Nothing of the host is ever opened.</summary>
/// <remarks>Source: [GDB manual, "Host I/O Packets", "struct stat"].</remarks>
internal static class FilePackets
{
    private const int StatBytes = 64;
    private const int RegularReadable = 0x8124;
    private const int AccessMode = 3;
    private const int MostBytes = PacketReader.MostBytes / 2;
    private const int UnknownError = 9999;

    /// <summary>vFile:setfs: whose files are meant; there is one world only.</summary>
    public static string SetFileSystem(PacketContext context, string rest) => "F0";

    /// <summary>vFile:open.</summary>
    public static string Open(PacketContext context, string rest)
    {
        PacketCursor cursor = new(rest);
        if (!HexText.TryText(cursor.Until(','), out string path) || !cursor.Pair(',', out ulong flags, out _))
        {
            return Failed(Errno.EINVAL);
        }

        if ((flags & AccessMode) != 0)
        {
            return Failed(Errno.EROFS);
        }

        return GuestFiles.Read(context.Session, path) is not { } content ? Failed(Errno.ENOENT)
            : context.Session.Files.Open(content) is { } number ? $"F{HexText.Of((ulong)number)}"
            : Failed(Errno.ENFILE);
    }

    /// <summary>vFile:pread.</summary>
    public static string Read(PacketContext context, string rest)
    {
        PacketCursor cursor = new(rest);
        if (!cursor.Small(out int number) || !cursor.Skip(',') || !cursor.Pair(',', out ulong count, out ulong offset))
        {
            return Failed(Errno.EINVAL);
        }

        if (context.Session.Files.Find(number) is not { } content)
        {
            return Failed(Errno.EBADF);
        }

        int start = (int)Math.Min(offset, (ulong)content.Length);
        int length = (int)Math.Min(Math.Min(count, MostBytes), (ulong)(content.Length - start));
        return Attached(content.AsSpan(start, length));
    }

    /// <summary>vFile:fstat.</summary>
    public static string Stat(PacketContext context, string rest)
    {
        PacketCursor cursor = new(rest);
        return cursor.Small(out int number) && context.Session.Files.Find(number) is { } content ? Attached(StatOf(content.Length)) : Failed(Errno.EBADF);
    }

    /// <summary>vFile:stat, of a path.</summary>
    public static string StatPath(PacketContext context, string rest) =>
        HexText.TryText(rest, out string path) && GuestFiles.Read(context.Session, path) is { } content ? Attached(StatOf(content.Length)) : Failed(Errno.ENOENT);

    /// <summary>vFile:close.</summary>
    public static string Close(PacketContext context, string rest)
    {
        PacketCursor cursor = new(rest);
        return cursor.Small(out int number) && context.Session.Files.Close(number) ? "F0" : Failed(Errno.EBADF);
    }

    /// <summary>vFile:readlink.</summary>
    public static string ReadLink(PacketContext context, string rest) =>
        HexText.TryText(rest, out string path) && GuestFiles.LinkOf(context.Session, path) is { } target ? Attached(Encoding.UTF8.GetBytes(target)) : Failed(Errno.ENOENT);

    /// <summary>All that would change a file.</summary>
    public static string Refuse(PacketContext context, string rest) => Failed(Errno.EROFS);

    private static string Attached(ReadOnlySpan<byte> bytes) => $"F{HexText.Of((ulong)bytes.Length)};{HexText.Raw(bytes)}";

    private static byte[] StatOf(int length)
    {
        byte[] stat = new byte[StatBytes];
        BinaryPrimitives.WriteInt32BigEndian(stat.AsSpan(8), RegularReadable);
        BinaryPrimitives.WriteInt32BigEndian(stat.AsSpan(12), 1);
        BinaryPrimitives.WriteInt64BigEndian(stat.AsSpan(28), length);
        BinaryPrimitives.WriteInt64BigEndian(stat.AsSpan(36), 4096);
        BinaryPrimitives.WriteInt64BigEndian(stat.AsSpan(44), (length + 511L) / 512);
        return stat;
    }

    /// <summary>The protocol has numbers of its own for errors, and no more than these.</summary>
    private static string Failed(Errno errno) => $"F-1,{HexText.Of((ulong)(errno switch
    {
        Errno.EPERM or Errno.ENOENT or Errno.EBADF or Errno.EACCES or Errno.EFAULT or Errno.EINVAL or Errno.ENFILE or Errno.EROFS => (int)errno,
        _ => UnknownError,
    }))}";
}
