using System.Buffers.Binary;
using System.Security.Cryptography;
using MmuEmu.Kernel.Frames;
using MmuEmu.Kernel.Rmap;

namespace MmuEmu.Kernel.Boot;

/// <summary>RAM as one number, to compare runs by.</summary>
internal static class RamDigest
{
    private const int NumberBytes = 8;

    /// <summary>SHA-256 over each frame that is not all zero, lowest first: its number in 8 bytes, little-endian, then its 4096 bytes.</summary>
    /// <remarks>Frames that were never handed out are zero, so the cost is that of the memory used, whatever the size of RAM.</remarks>
    public static byte[] Of(MemorySystem memory)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> number = stackalloc byte[NumberBytes];
        foreach (PageFrame frame in memory.Frames.Known)
        {
            Span<byte> page = memory.Ram.Page(frame.Pfn);
            if (page.ContainsAnyExcept((byte)0))
            {
                BinaryPrimitives.WriteUInt64LittleEndian(number, frame.Pfn.Raw);
                hash.AppendData(number);
                hash.AppendData(page);
            }
        }

        return hash.GetHashAndReset();
    }
}
