using System.Diagnostics.CodeAnalysis;
using Microsoft.Win32.SafeHandles;

namespace MmuEmu.Debugger.Source;

/// <summary>The bytes of a file: of the host, read where they are asked for, or held in memory.</summary>
internal sealed class ElfBytes : IDisposable
{
    private readonly SafeFileHandle? _handle;
    private readonly ReadOnlyMemory<byte> _content;

    /// <summary>Takes bytes that somebody holds.</summary>
    public ElfBytes(ReadOnlyMemory<byte> content) => (_content, Length) = (content, (ulong)content.Length);

    private ElfBytes(SafeFileHandle handle) => (_handle, Length) = (handle, (ulong)RandomAccess.GetLength(handle));

    /// <summary>How many there are.</summary>
    public ulong Length { get; }

    /// <summary>Opens the file at <paramref name="path"/>. One that the host calls empty is not opened, hence no device and no pipe, which could wait without end.</summary>
    /// <param name="path">A path of the host; links are followed.</param>
    /// <param name="bytes">Out: the bytes, to be disposed of, when the result is true.</param>
    /// <param name="reason">Out: why not, when the result is false.</param>
    /// <returns>False when the host does not give the file.</returns>
    public static bool TryOpen(string path, [NotNullWhen(true)] out ElfBytes? bytes, out string reason)
    {
        (bytes, reason) = (null, "");
        SafeFileHandle? handle = null;
        try
        {
            if (HostFile.IsPlain(path))
            {
                handle = File.OpenHandle(path);
                (bytes, reason) = (new ElfBytes(handle), "");
                return true;
            }

            reason = File.Exists(path) ? $"{path} is empty, or no plain file" : $"{path} cannot be read: there is no such file";
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            reason = $"{path} cannot be read: {refused.Message}";
        }

        handle?.Dispose();
        return false;
    }

    /// <summary>Fills <paramref name="into"/> with the bytes from <paramref name="offset"/> on.</summary>
    /// <returns>How many there are; none when the host refuses.</returns>
    public int ReadAt(ulong offset, Span<byte> into)
    {
        if (_handle is null)
        {
            int count = offset >= Length ? 0 : (int)Math.Min((ulong)into.Length, Length - offset);
            _content.Span.Slice(count == 0 ? 0 : (int)offset, count).CopyTo(into);
            return count;
        }

        int done = 0;
        try
        {
            while (offset < Length && done < into.Length && RandomAccess.Read(_handle, into[done..], (long)offset + done) is int got and > 0)
            {
                done += got;
            }
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            return 0;
        }

        return done;
    }

    /// <summary>Closes the file.</summary>
    public void Dispose() => _handle?.Dispose();
}
