using System.Buffers.Binary;
using MmuEmu.Kernel.Frames;
using MmuEmu.Kernel.Memory;
using Org.BouncyCastle.Crypto.Digests;

namespace MmuEmu.Kernel.Run;

/// <summary>RAM as one number, to compare runs by.</summary>
internal static class RamDigest
{
    private const int NumberBytes = 8;

    /// <summary>SHA-256 over each frame that is not all zero, lowest first: its number in 8 bytes, little-endian, then its 4096 bytes.</summary>
    /// <remarks>
    /// Frames that were never handed out are zero, so the cost is that of the memory used, whatever the size of RAM. A library
    /// computes it, because .NET's own leaves it to an OpenSSL of the host, which a host may lack.
    /// </remarks>
    public static byte[] Of(MemorySystem memory)
    {
        Sha256Digest hash = new();
        Span<byte> number = stackalloc byte[NumberBytes];
        foreach (PageFrame frame in memory.Frames.Known)
        {
            ReadOnlySpan<byte> page = memory.Ram.Page(frame.Pfn);
            if (page.ContainsAnyExcept((byte)0))
            {
                BinaryPrimitives.WriteUInt64LittleEndian(number, frame.Pfn.Raw);
                hash.BlockUpdate(number);
                hash.BlockUpdate(page);
            }
        }

        byte[] digest = new byte[hash.GetDigestSize()];
        hash.DoFinal(digest);
        return digest;
    }
}
