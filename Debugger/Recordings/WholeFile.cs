using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Files;
using Org.BouncyCastle.Crypto.Digests;

namespace MmuEmu.Debugger.Recordings;

/// <summary>Reads a file of the host to its end.</summary>
internal static class WholeFile
{
    private const int PartBytes = 1 << 20;

    /// <summary>Reads from the begin on.</summary>
    /// <param name="file">The file.</param>
    /// <param name="most">How many bytes are kept at most.</param>
    /// <param name="digest">Takes all bytes; null for a file that is not needed any more once it is too long.</param>
    /// <param name="content">Out: the bytes; null for more than <paramref name="most"/>, and with an errno.</param>
    /// <param name="length">Out: how many were read.</param>
    /// <returns>None, or the host's errno.</returns>
    public static Errno Read(IHostFile file, int most, Sha256Digest? digest, out byte[]? content, out ulong length)
    {
        length = 0;
        using MemoryStream kept = new();
        byte[] part = new byte[PartBytes];
        int count = 0;
        Errno errno = Errno.None;
        while ((digest is not null || length <= (ulong)most) && (errno = file.Read(length, part, out count)) == Errno.None && count > 0)
        {
            digest?.BlockUpdate(part.AsSpan(0, count));
            length += (ulong)count;
            if (length <= (ulong)most)
            {
                kept.Write(part, 0, count);
            }
        }

        content = errno == Errno.None && length <= (ulong)most ? kept.ToArray() : null;
        return errno;
    }
}
