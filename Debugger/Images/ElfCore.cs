using System.Buffers.Binary;
using MmuEmu.Emulator.Values;

namespace MmuEmu.Debugger.Images;

/// <summary>An ELF core of a whole machine: its segments lie at their physical addresses.</summary>
/// <remarks>As QEMU, libvirt, VirtualBox and makedumpfile -E write it, and as /proc/vmcore is. Source: [System V ABI, "Program Header"].</remarks>
internal static class ElfCore
{
    private const int Header64Bytes = 64;
    private const int ProgramHeaderBytes = 56;
    private const int CountInSection = 0xFFFF;
    private const uint MostSegments = 1 << 20;
    private const ulong HighestUser = 1UL << 56;

    private enum SegmentType : uint
    {
        Load = 1,
        Note = 4,
    }

    /// <summary>The memory and the notes of <paramref name="file"/>.</summary>
    /// <exception cref="CommandException">It is no core of an x86-64 machine.</exception>
    public static ImageContent Read(ImageFile file)
    {
        byte[] header = new byte[Header64Bytes];
        if (!file.TryRead(0, header) || header[4] != 2 || header[5] != 1 || Word(header, 18) != 62)
        {
            throw ImageFile.Refusal(file.Name, "is an ELF file, but not for x86-64; page tables of 32-bit and other machines are not read");
        }

        if (Word(header, 16) != 4)
        {
            throw ImageFile.Refusal(file.Name, "is an ELF program, no dump of a machine", "try: mmuemu walk GUEST ADDR, which runs it");
        }

        List<ImageSegment> segments = [];
        ElfNotes notes = new();
        bool ofProcess = true;
        foreach (byte[] entry in ProgramHeaders(file, header))
        {
            ImageSegment segment = new(new PhysAddr(Quad(entry, 24)), Quad(entry, 32), Quad(entry, 8));
            switch ((SegmentType)BinaryPrimitives.ReadUInt32LittleEndian(entry))
            {
                case SegmentType.Load:
                    ofProcess &= segment.Start.Raw == 0 && Quad(entry, 16) is > 0 and < HighestUser;
                    Add(segments, segment, file);
                    break;
                case SegmentType.Note:
                    notes.Read(file, segment.FileOffset, segment.Length);
                    break;
            }
        }

        return ofProcess
            ? throw ImageFile.Refusal(file.Name, "is the core of a process: it has no physical addresses and no page tables")
            : new ImageContent("ELF core", segments) { Cpus = notes.Cpus, Linux = notes.Linux };
    }

    /// <summary>Takes what of a segment is in the file; an address of all ones means that there is none.</summary>
    private static void Add(List<ImageSegment> segments, in ImageSegment segment, ImageFile file)
    {
        if (segment.Start.Raw != ulong.MaxValue && segment.Length > 0 && segment.FileOffset < file.Length)
        {
            segments.Add(segment with { Length = Math.Min(segment.Length, file.Length - segment.FileOffset) });
        }
    }

    private static IEnumerable<byte[]> ProgramHeaders(ImageFile file, byte[] header)
    {
        ulong table = Quad(header, 32);
        uint count = Word(header, 56);
        if (count == CountInSection)
        {
            byte[] info = new byte[4];
            _ = file.TryRead(Quad(header, 40) + 44, info);
            count = BinaryPrimitives.ReadUInt32LittleEndian(info);
        }

        if (Word(header, 54) != ProgramHeaderBytes || count is 0 or > MostSegments)
        {
            throw ImageFile.Refusal(file.Name, "is an ELF core without program headers, which say where its memory lies");
        }

        for (ulong i = 0; i < count; i++)
        {
            byte[] entry = new byte[ProgramHeaderBytes];
            if (!file.TryRead(table + (i * ProgramHeaderBytes), entry))
            {
                throw ImageFile.Refusal(file.Name, $"ends before its program header {i} of {count}: it is cut short");
            }

            yield return entry;
        }
    }

    private static ushort Word(byte[] bytes, int at) => BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(at));

    private static ulong Quad(byte[] bytes, int at) => BinaryPrimitives.ReadUInt64LittleEndian(bytes.AsSpan(at));
}
