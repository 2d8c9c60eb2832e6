using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Files;
using MmuEmu.Kernel.Mm;
using MmuEmu.Kernel.Story;

namespace MmuEmu.Kernel.Exec;

/// <summary>Reads the headers of an ELF file, and only those, and believes none of them.</summary>
/// <remarks>No content makes it throw. Source: [ELF gABI, "ELF Header", "Program Header"]; [Linux fs/binfmt_elf.c, load_elf_binary].</remarks>
internal static class ElfParser
{
    /// <summary>e_phentsize of ELF64.</summary>
    public const int ProgramHeaderBytes = 56;

    /// <summary>Bytes of the ELF header.</summary>
    public const int HeaderBytes = 64;

    private const int MaxTableBytes = 65_536;
    private const int MaxPathBytes = 4096;
    private const ushort MachineX8664 = 62;
    private const ushort TypeExec = 2;
    private const ushort TypeDyn = 3;

    private enum SegmentType : uint
    {
        Load = 1,
        Interpreter = 3,
        Note = 4,
        GnuStack = 0x6474_E551,
    }

    /// <summary>Checks <paramref name="file"/> and gives what loading needs.</summary>
    public static bool TryParse(IFileContent file, [NotNullWhen(true)] out ElfImage? image, out ElfRefusal refusal)
    {
        image = null;
        byte[] header = ReadUpTo(file, 0, HeaderBytes);
        refusal = CheckHeader(header);
        if (refusal.Problem != ElfProblem.None)
        {
            return false;
        }

        ulong tableStart = U64(header, 32);
        int tableBytes = U16(header, 56) * ProgramHeaderBytes;
        byte[] table = tableBytes > MaxTableBytes ? [] : ReadUpTo(file, tableStart, tableBytes);
        if (U16(header, 54) != ProgramHeaderBytes || table.Length != tableBytes)
        {
            refusal = new(ElfProblem.BadProgramHeaders, U16(header, 56), U16(header, 54), tableStart, file.SizeBytes);
            return false;
        }

        Found found = new();
        refusal = CheckTable(file, table, found);
        refusal = refusal.Problem == ElfProblem.None ? CheckLayout(found.Segments, header) : refusal;
        if (refusal.Problem != ElfProblem.None)
        {
            return false;
        }

        image = new ElfImage
        {
            PositionIndependent = U16(header, 16) == TypeDyn,
            Entry = U64(header, 24),
            Segments = found.Segments,
            ProgramHeaders = InMemory(found.Segments, tableStart),
            ProgramHeaderCount = U16(header, 56),
            ExecutableStack = found.ExecutableStack,
            Interpreter = found.Interpreter,
            Declared = found.Declared,
            Alignment = found.Alignment,
        };
        return true;
    }

    private static ElfRefusal CheckHeader(ReadOnlySpan<byte> file)
    {
        if (file.Length < 4 || !file[..4].SequenceEqual("\u007FELF"u8))
        {
            return new(ElfProblem.NotElf, file.Length < 2 ? 0UL : U16(file, 0));
        }

        if (file.Length < HeaderBytes)
        {
            return new(ElfProblem.TruncatedHeader, (ulong)file.Length);
        }

        if (file[4] == 1)
        {
            return new(ElfProblem.ThirtyTwoBit);
        }

        if (file[4] != 2 || file[5] != 1 || file[6] != 1)
        {
            return new(ElfProblem.WrongEncoding, file[4], file[5], file[6]);
        }

        if (U16(file, 18) != MachineX8664)
        {
            return new(ElfProblem.OtherMachine, U16(file, 18));
        }

        if (U16(file, 16) is not (TypeExec or TypeDyn))
        {
            return new(ElfProblem.NotExecutable, U16(file, 16));
        }

        return U16(file, 56) == 0 ? new(ElfProblem.NoSegments, 0UL) : default;
    }

    private static ElfRefusal CheckTable(IFileContent file, ReadOnlySpan<byte> table, Found found)
    {
        for (; !table.IsEmpty; table = table[ProgramHeaderBytes..])
        {
            ReadOnlySpan<byte> header = table[..ProgramHeaderBytes];
            ElfRefusal refusal = (SegmentType)U32(header, 0) switch
            {
                SegmentType.Load => AddSegment(file.SizeBytes, header, found),
                SegmentType.Interpreter when found.Interpreter is null => AddInterpreter(file, header, found),
                _ => default,
            };
            if (refusal.Problem != ElfProblem.None)
            {
                return refusal;
            }

            found.Declared |= U32(header, 0) == (uint)SegmentType.Note ? ElfNotes.Declared(file, U64(header, 8), U64(header, 32), U64(header, 48)) : Proposals.None;
            found.ExecutableStack |= U32(header, 0) == (uint)SegmentType.GnuStack && (U32(header, 4) & 1) != 0;
        }

        return default;
    }

    private static ElfRefusal AddSegment(ulong fileBytes, ReadOnlySpan<byte> header, Found found)
    {
        uint flags = U32(header, 4);
        Prot rights = ((flags & 4) != 0 ? Prot.Read : 0) | ((flags & 2) != 0 ? Prot.Write : 0) | ((flags & 1) != 0 ? Prot.Exec : 0);
        ElfSegment segment = new(U64(header, 16), U64(header, 40), U64(header, 8), U64(header, 32), rights);
        if (segment.MemoryBytes == 0 && segment.FileBytes == 0)
        {
            return default;
        }

        if (segment.FileBytes > segment.MemoryBytes || segment.FileOffset > long.MaxValue
            || segment.Address > VirtRange.TaskSize || segment.MemoryBytes > VirtRange.TaskSize - segment.Address)
        {
            return new(ElfProblem.BadSegment, segment.Address, segment.FileBytes, segment.FileOffset, segment.MemoryBytes);
        }

        if (((segment.Address ^ segment.FileOffset) & 0xFFF) != 0 && segment.FileBytes != 0)
        {
            return new(ElfProblem.MisalignedSegment, segment.Address, segment.FileBytes, segment.FileOffset, segment.MemoryBytes);
        }

        if (IsTailBeyond(segment, fileBytes))
        {
            return new(
                ElfProblem.TruncatedSegment, segment.Address, segment.FileBytes, segment.FileOffset, segment.MemoryBytes, fileBytes);
        }

        ulong alignment = U64(header, 48);
        found.Alignment = alignment <= VirtRange.TaskSize && ulong.IsPow2(alignment) ? Math.Max(found.Alignment, alignment) : found.Alignment;
        found.Segments.Add(segment);
        return default;
    }

    /// <summary>True when zeroes must be written into a page that the file does not reach: Linux fails there, and nowhere else beyond the end.</summary>
    private static bool IsTailBeyond(in ElfSegment segment, ulong fileBytes)
    {
        ulong end = segment.FileOffset + segment.FileBytes;
        bool cut = segment.FileBytes != 0 && segment.MemoryBytes > segment.FileBytes && (segment.Rights & Prot.Write) != 0 && (end & 0xFFF) != 0;
        return cut && (end & ~0xFFFUL) >= fileBytes;
    }

    private static ElfRefusal AddInterpreter(IFileContent file, ReadOnlySpan<byte> header, Found found)
    {
        (ulong start, ulong bytes) = (U64(header, 8), U64(header, 32));
        byte[] name = bytes is < 2 or > MaxPathBytes ? [] : ReadUpTo(file, start, (int)bytes);
        if (name.Length == 0 || (ulong)name.Length != bytes || name[^1] != 0 || name[0] == 0)
        {
            return new(ElfProblem.BadInterpreterName, start, bytes, file.SizeBytes);
        }

        found.Interpreter = Encoding.UTF8.GetString(name.AsSpan(0, Array.IndexOf(name, (byte)0)));
        return default;
    }

    private static ElfRefusal CheckLayout(List<ElfSegment> segments, ReadOnlySpan<byte> header)
    {
        if (segments.Count == 0)
        {
            return new(ElfProblem.NoSegments, U16(header, 56));
        }

        ulong entry = U64(header, 24);
        ElfRefusal refusal = new(ElfProblem.BadEntry, entry);
        foreach (ElfSegment segment in segments)
        {
            if (U16(header, 16) == TypeExec && segment.Pages.Start.Raw < Placement.MinAddress)
            {
                return new(ElfProblem.LowSegment, segment.Address, Placement.MinAddress);
            }

            if (refusal.Problem != ElfProblem.None && entry >= segment.Address && entry - segment.Address < segment.MemoryBytes)
            {
                refusal = segment.Rights.HasFlag(Prot.Exec) ? default : new(ElfProblem.BadEntry, entry, segment.Address);
            }
        }

        return refusal;
    }

    private static ulong InMemory(List<ElfSegment> segments, ulong fileOffset)
    {
        foreach (ElfSegment segment in segments)
        {
            if (fileOffset >= segment.FileOffset && fileOffset - segment.FileOffset < segment.FileBytes)
            {
                return segment.Address + (fileOffset - segment.FileOffset);
            }
        }

        return 0;
    }

    /// <summary>What the file has from <paramref name="start"/> on, at most <paramref name="bytes"/>; nothing when it cannot be read.</summary>
    private static byte[] ReadUpTo(IFileContent file, ulong start, int bytes)
    {
        byte[] buffer = new byte[bytes];
        return start < file.SizeBytes && file.Read(start, buffer).Ok(out int count, out _) ? buffer[..count] : [];
    }

    private static ushort U16(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt16LittleEndian(bytes[at..]);

    private static uint U32(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt32LittleEndian(bytes[at..]);

    private static ulong U64(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt64LittleEndian(bytes[at..]);

    /// <summary>What the program headers have told so far.</summary>
    private sealed class Found
    {
        public List<ElfSegment> Segments { get; } = [];

        public string? Interpreter { get; set; }

        public Proposals Declared { get; set; }

        public ulong Alignment { get; set; } = 4096;

        public bool ExecutableStack { get; set; }
    }
}
