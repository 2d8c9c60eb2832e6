using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using MmuEmu.Kernel.Abi;

namespace MmuEmu.Kernel.Exec;

/// <summary>Reads the headers of an ELF file and believes none of them.</summary>
/// <remarks>No content makes it throw. Source: [ELF gABI, "ELF Header", "Program Header"]; [Linux fs/binfmt_elf.c, load_elf_binary].</remarks>
internal static class ElfParser
{
    /// <summary>e_phentsize of ELF64.</summary>
    public const int ProgramHeaderBytes = 56;

    private const int HeaderBytes = 64;
    private const ushort MachineX8664 = 62;
    private const ushort TypeExec = 2;
    private const ushort TypeDyn = 3;

    private enum SegmentType : uint
    {
        Load = 1,
        Interpreter = 3,
        GnuStack = 0x6474_E551,
    }

    /// <summary>Checks <paramref name="file"/>, the whole file, and gives what loading needs.</summary>
    public static bool TryParse(ReadOnlySpan<byte> file, [NotNullWhen(true)] out ElfImage? image, out ElfRefusal refusal)
    {
        image = null;
        refusal = CheckHeader(file);
        if (refusal.Problem != ElfProblem.None)
        {
            return false;
        }

        ulong tableStart = U64(file, 32);
        int count = U16(file, 56);
        List<ElfSegment> segments = [];
        bool executableStack = false;
        for (int i = 0; i < count; i++)
        {
            ReadOnlySpan<byte> header = file.Slice((int)tableStart + (i * ProgramHeaderBytes), ProgramHeaderBytes);
            refusal = (SegmentType)U32(header, 0) switch
            {
                SegmentType.Load => AddSegment(file, header, segments),
                SegmentType.Interpreter => new ElfRefusal(ElfProblem.Dynamic) { Interpreter = InterpreterOf(file, header) },
                _ => default,
            };
            if (refusal.Problem != ElfProblem.None)
            {
                return false;
            }

            executableStack |= U32(header, 0) == (uint)SegmentType.GnuStack && (U32(header, 4) & 1) != 0;
        }

        refusal = CheckLayout(segments, U64(file, 24), (ulong)count);
        if (refusal.Problem != ElfProblem.None)
        {
            return false;
        }

        image = new ElfImage
        {
            PositionIndependent = U16(file, 16) == TypeDyn,
            Entry = U64(file, 24),
            Segments = segments,
            ProgramHeaders = InMemory(segments, tableStart),
            ProgramHeaderCount = count,
            ExecutableStack = executableStack,
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

        return CheckTable(file);
    }

    private static ElfRefusal CheckTable(ReadOnlySpan<byte> file)
    {
        ulong start = U64(file, 32);
        ulong bytes = (ulong)U16(file, 56) * ProgramHeaderBytes;
        if (bytes == 0)
        {
            return new(ElfProblem.NoSegments, 0UL);
        }

        bool inside = start <= (ulong)file.Length && bytes <= (ulong)file.Length - start;
        return U16(file, 54) == ProgramHeaderBytes && inside
            ? default
            : new(ElfProblem.BadProgramHeaders, U16(file, 56), U16(file, 54), start, (ulong)file.Length);
    }

    private static ElfRefusal AddSegment(ReadOnlySpan<byte> file, ReadOnlySpan<byte> header, List<ElfSegment> segments)
    {
        uint flags = U32(header, 4);
        Prot rights = ((flags & 4) != 0 ? Prot.Read : 0) | ((flags & 2) != 0 ? Prot.Write : 0) | ((flags & 1) != 0 ? Prot.Exec : 0);
        ElfSegment segment = new(U64(header, 16), U64(header, 40), U64(header, 8), U64(header, 32), rights);
        if (segment.MemoryBytes == 0 && segment.FileBytes == 0)
        {
            return default;
        }

        if (segment.FileBytes > segment.MemoryBytes
            || segment.Address > VirtRange.TaskSize || segment.MemoryBytes > VirtRange.TaskSize - segment.Address)
        {
            return new(ElfProblem.BadSegment, segment.Address, segment.FileBytes, segment.FileOffset, segment.MemoryBytes);
        }

        if (segment.FileOffset > (ulong)file.Length || segment.FileBytes > (ulong)file.Length - segment.FileOffset)
        {
            return new(
                ElfProblem.TruncatedSegment, segment.Address, segment.FileBytes, segment.FileOffset, segment.MemoryBytes, (ulong)file.Length);
        }

        if (((segment.Address ^ segment.FileOffset) & 0xFFF) != 0 && segment.FileBytes != 0)
        {
            return new(ElfProblem.MisalignedSegment, segment.Address, segment.FileBytes, segment.FileOffset, segment.MemoryBytes);
        }

        segments.Add(segment);
        return default;
    }

    private static ElfRefusal CheckLayout(List<ElfSegment> segments, ulong entry, ulong headers)
    {
        if (segments.Count == 0)
        {
            return new(ElfProblem.NoSegments, headers);
        }

        segments.Sort(static (a, b) => a.Address.CompareTo(b.Address));
        for (int i = 1; i < segments.Count; i++)
        {
            if (segments[i - 1].Pages.End.Raw > segments[i].Pages.Start.Raw)
            {
                return new(ElfProblem.OverlappingSegments, segments[i - 1].Address, segments[i].Address);
            }
        }

        foreach (ElfSegment segment in segments)
        {
            if (entry >= segment.Address && entry - segment.Address < segment.MemoryBytes)
            {
                return segment.Rights.HasFlag(Prot.Exec)
                    ? default
                    : new(ElfProblem.BadEntry, entry, segment.Address);
            }
        }

        return new(ElfProblem.BadEntry, entry);
    }

    private static string? InterpreterOf(ReadOnlySpan<byte> file, ReadOnlySpan<byte> header)
    {
        (ulong start, ulong bytes) = (U64(header, 8), U64(header, 32));
        if (start > (ulong)file.Length || bytes > (ulong)file.Length - start || bytes > 4096)
        {
            return null;
        }

        ReadOnlySpan<byte> name = file.Slice((int)start, (int)bytes);
        int end = name.IndexOf((byte)0);
        return Encoding.UTF8.GetString(end < 0 ? name : name[..end]);
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

    private static ushort U16(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt16LittleEndian(bytes[at..]);

    private static uint U32(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt32LittleEndian(bytes[at..]);

    private static ulong U64(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt64LittleEndian(bytes[at..]);
}
