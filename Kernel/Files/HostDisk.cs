#pragma warning disable RS0030 // The one place of the kernel that touches the host's disk.
using Microsoft.Win32.SafeHandles;
using MmuEmu.Kernel.Abi;

namespace MmuEmu.Kernel.Files;

/// <summary>The disk of the host that the kernel runs on. It keeps nothing: each answer is the host's of that moment.</summary>
internal sealed class HostDisk : IHostDisk
{
    private const long UnixEpochTicks = 621_355_968_000_000_000;
    private const int NanosecondsPerTick = 100;
    private const int MostErrno = 4095;

    private HostDisk()
    {
    }

    /// <summary>The only one.</summary>
    public static HostDisk Real { get; } = new();

    /// <inheritdoc/>
    public string FullPath(string path)
    {
        try
        {
            return Path.GetFullPath(path);
        }
        catch (Exception refused) when (IsRefusal(refused))
        {
            return path;
        }
    }

    /// <inheritdoc/>
    public Errno Stat(string path, out HostEntry entry)
    {
        entry = default;
        try
        {
            FileInfo info = new(path);
            if (info.LinkTarget is { } target)
            {
                entry = new HostEntry(HostEntryKind.Symlink, 0x1FF, TimeOf(info), 0, target);
                return Errno.None;
            }

            if (Directory.Exists(path))
            {
                entry = new HostEntry(HostEntryKind.Directory, (uint)info.UnixFileMode, TimeOf(info), 0, "");
                return Errno.None;
            }

            if (!info.Exists)
            {
                return Errno.ENOENT;
            }

            entry = new HostEntry(HostEntryKind.Regular, (uint)info.UnixFileMode, TimeOf(info), (ulong)info.Length, "");
            return Errno.None;
        }
        catch (Exception refused) when (IsRefusal(refused))
        {
            return ErrnoOf(refused);
        }
    }

    /// <inheritdoc/>
    public Errno List(string path, out IReadOnlyList<string> names)
    {
        List<string> found = [];
        names = found;
        try
        {
            foreach (string child in Directory.EnumerateFileSystemEntries(path))
            {
                found.Add(Path.GetFileName(child));
            }

            return Errno.None;
        }
        catch (Exception refused) when (IsRefusal(refused))
        {
            found.Clear();
            return ErrnoOf(refused);
        }
    }

    /// <inheritdoc/>
    public Errno Open(string path, out IHostFile? file)
    {
        file = null;
        try
        {
            file = new OpenHostFile(File.OpenHandle(path));
            return Errno.None;
        }
        catch (Exception refused) when (IsRefusal(refused))
        {
            return ErrnoOf(refused);
        }
    }

    private static long TimeOf(FileInfo info) => (info.LastWriteTimeUtc.Ticks - UnixEpochTicks) * NanosecondsPerTick;

    private static bool IsRefusal(Exception refused) =>
        refused is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException;

    /// <summary>The errno in an exception of .NET, which on Unix carries the number itself where it has no type of its own for it.</summary>
    private static Errno ErrnoOf(Exception refused) => refused switch
    {
        FileNotFoundException or DirectoryNotFoundException or ArgumentException => Errno.ENOENT,
        UnauthorizedAccessException => Errno.EACCES,
        PathTooLongException => Errno.ENAMETOOLONG,
        IOException { HResult: > 0 and <= MostErrno } => (Errno)refused.HResult,
        _ => Errno.EIO,
    };

    private sealed class OpenHostFile(SafeFileHandle handle) : IHostFile
    {
        public Errno Read(ulong offset, Span<byte> destination, out int count)
        {
            count = 0;
            try
            {
                while (count < destination.Length && RandomAccess.Read(handle, destination[count..], (long)offset + count) is var got and > 0)
                {
                    count += got;
                }

                return Errno.None;
            }
            catch (Exception refused) when (IsRefusal(refused))
            {
                count = 0;
                return ErrnoOf(refused);
            }
        }

        public void Dispose() => handle.Dispose();
    }
}
