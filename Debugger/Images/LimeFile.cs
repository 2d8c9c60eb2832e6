using System.Buffers.Binary;
using MmuEmu.Emulator.Values;

namespace MmuEmu.Debugger.Images;

/// <summary>Memory as the Linux Memory Extractor writes it: a header of 32 bytes before each range.</summary>
/// <remarks>magic, version 1, first and last physical address, 8 bytes of nothing. Source: [LiME src/lime.h, lime_mem_range_header].</remarks>
internal static class LimeFile
{
    private const int HeaderBytes = 32;

    /// <summary>The ranges of <paramref name="file"/>.</summary>
    /// <exception cref="CommandException">A header is none.</exception>
    public static ImageContent Read(ImageFile file)
    {
        List<ImageSegment> segments = [];
        Span<byte> header = stackalloc byte[HeaderBytes];
        for (ulong at = 0; at < file.Length;)
        {
            if (!file.TryRead(at, header) || !header.StartsWith("EMiL"u8) || BinaryPrimitives.ReadUInt32LittleEndian(header[4..]) != 1)
            {
                throw ImageFile.Refusal(file.Name, $"has no LiME header of version 1 at byte 0x{at:x}", "dump again: insmod lime.ko path=memory.lime format=lime");
            }

            ulong start = BinaryPrimitives.ReadUInt64LittleEndian(header[8..]);
            ulong length = BinaryPrimitives.ReadUInt64LittleEndian(header[16..]) - start + 1;
            at += HeaderBytes;
            ulong there = Math.Min(length, file.Length - at);
            segments.Add(new ImageSegment(new PhysAddr(start), there, at));
            at += there;
        }

        return new ImageContent("LiME file", segments);
    }
}
