using System.Buffers.Binary;
using Microsoft.Win32.SafeHandles;

namespace MmuEmu.Debugger.Images;

/// <summary>A file read at places, never as a whole.</summary>
internal sealed class ImageFile : IDisposable
{
    private readonly SafeFileHandle _handle;

    private ImageFile(string name, SafeFileHandle handle, long length) => (Name, _handle, Length) = (name, handle, (ulong)length);

    /// <summary>Its name, as it was typed.</summary>
    public string Name { get; }

    /// <summary>Its bytes.</summary>
    public ulong Length { get; }

    /// <summary>Opens a file.</summary>
    /// <exception cref="CommandException">It is not there, may not be read, or cannot be read at places.</exception>
    public static ImageFile Open(string name)
    {
        if (Directory.Exists(name))
        {
            throw Refusal(name, "is a folder; expected a file");
        }

        SafeFileHandle? handle = null;
        try
        {
            handle = File.OpenHandle(name);
            return new ImageFile(name, handle, RandomAccess.GetLength(handle));
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException)
        {
            handle?.Dispose();
            throw Refusal(name, refused switch
            {
                FileNotFoundException or DirectoryNotFoundException => "no such file",
                UnauthorizedAccessException => "may not be read",
                NotSupportedException => "cannot be read at places, as a pipe; expected a file",
                _ => refused.Message,
            });
        }
    }

    /// <summary>Reads all of <paramref name="into"/> from <paramref name="offset"/> on.</summary>
    /// <returns>False when the file ends before.</returns>
    /// <exception cref="CommandException">The host refuses.</exception>
    public bool TryRead(ulong offset, Span<byte> into)
    {
        if (offset > Length || (ulong)into.Length > Length - offset)
        {
            return false;
        }

        try
        {
            while (into.Length > 0)
            {
                int got = RandomAccess.Read(_handle, into, (long)offset);
                if (got == 0)
                {
                    return false;
                }

                into = into[got..];
                offset += (ulong)got;
            }

            return true;
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw Refusal(Name, $"cannot be read at byte {offset}: {refused.Message}");
        }
    }

    /// <summary>The 8 bytes at <paramref name="offset"/>, little-endian; null when the file ends before.</summary>
    public ulong? ReadUInt64(ulong offset)
    {
        Span<byte> bytes = stackalloc byte[8];
        return TryRead(offset, bytes) ? BinaryPrimitives.ReadUInt64LittleEndian(bytes) : null;
    }

    /// <summary>What to say of a file that is of no use as it is.</summary>
    public static CommandException Refusal(string name, string why, string hint = "try: --image memory.elf (QEMU monitor: dump-guest-memory memory.elf)") =>
        new(ExitCodes.Usage, $"--image '{name}': {why}", hint);

    /// <summary>Closes the file.</summary>
    public void Dispose() => _handle.Dispose();
}
