using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace MmuEmu.Debugger.Source;

/// <summary>A 64-bit little-endian ELF file: its header and its sections, read where they are asked for and never as a whole.</summary>
/// <remarks>What a damaged file lacks reads as nothing; no member throws for what a file holds. Source: [gABI "ELF Header", "Sections"].</remarks>
internal sealed class ElfFile : IDisposable
{
    private const int HeaderBytes = 64;
    private const int SectionBytes = 64;
    private const int LongestName = 256;
    private const ushort CountElsewhere = 0;
    private const ushort NamesElsewhere = 0xFFFF;
    private const int MostSections = 1 << 16;
    private const ulong MostBytes = 1UL << 30;
    private const int SegmentBytes = 56;
    private const uint Load = 1;
    private const uint Executable = 1;
    private const ulong PageBytes = 4096;

    private readonly ElfBytes _bytes;
    private readonly byte[] _header;
    private readonly AddressRange[] _code;

    private ElfFile(string path, ElfBytes bytes, byte[] header)
    {
        (Path, _bytes, _header) = (path, bytes, header);
        Sections = ReadSections();
        _code = [.. Sections.Where(section => section.IsCode && section.Size > 0)
            .Select(section => new AddressRange(section.Address, section.Address + Math.Min(section.Size, ulong.MaxValue - section.Address)))
            .OrderBy(range => range.Start)];
        for (int i = 1; i < _code.Length; i++)
        {
            _code[i] = _code[i] with { End = Math.Max(_code[i].End, _code[i - 1].End), Start = Math.Max(_code[i].Start, _code[i - 1].End) };
        }
    }

    /// <summary>Where it was opened.</summary>
    public string Path { get; }

    /// <summary>Its bytes.</summary>
    public ulong Length => _bytes.Length;

    /// <summary>All sections, the one numbered 0 among them; empty when there is no table.</summary>
    public IReadOnlyList<ElfSection> Sections { get; }

    /// <summary>e_type: 1 for an object file, 2 for a program at a fixed place, 3 for one that is placed when loaded.</summary>
    public ushort Type => U16(16);

    /// <summary>e_machine: 62 for x86-64.</summary>
    public ushort Machine => U16(18);

    /// <summary>e_entry: where the program begins, as the file has it.</summary>
    public ulong Entry => U64(24);

    /// <summary>Opens the file at <paramref name="path"/>.</summary>
    /// <param name="path">A path of the host.</param>
    /// <param name="file">Out: the file, to be disposed of, when the result is true.</param>
    /// <param name="reason">Out: why not, when the result is false.</param>
    /// <returns>False when the host does not give the file, or when it is no 64-bit little-endian ELF file.</returns>
    public static bool TryOpen(string path, [NotNullWhen(true)] out ElfFile? file, out string reason)
    {
        file = null;
        return ElfBytes.TryOpen(path, out ElfBytes? bytes, out reason) && TryRead(path, bytes, out file, out reason);
    }

    /// <summary>Takes <paramref name="content"/> for the file; no file of the host is opened.</summary>
    /// <param name="name">What to call it, and where debug files are looked for beside it.</param>
    /// <param name="content">All its bytes.</param>
    /// <param name="file">Out: the file, when the result is true.</param>
    /// <param name="reason">Out: why not, when the result is false.</param>
    /// <returns>False when it is no 64-bit little-endian ELF file.</returns>
    public static bool TryOpen(string name, ReadOnlyMemory<byte> content, [NotNullWhen(true)] out ElfFile? file, out string reason) =>
        TryRead(name, new ElfBytes(content), out file, out reason);

    /// <summary>The first section of that name which the file has bytes of; null when there is none.</summary>
    public ElfSection? Find(string name)
    {
        foreach (ElfSection section in Sections)
        {
            if (section.HasBytes && section.Name == name)
            {
                return section;
            }
        }

        return null;
    }

    /// <summary>The first section of that sh_type; null when there is none.</summary>
    public ElfSection? FindType(uint type)
    {
        foreach (ElfSection section in Sections)
        {
            if (section.Type == type)
            {
                return section;
            }
        }

        return null;
    }

    /// <summary>The bytes of <paramref name="section"/> as they lie in the file; fewer than its size when the file ends before.</summary>
    public byte[] Bytes(in ElfSection section) => section.HasBytes ? Bytes(section.Offset, section.Size) : [];

    /// <summary>Up to <paramref name="count"/> bytes from <paramref name="offset"/> on; fewer when the file ends before, 1 GiB at most, none when the host refuses.</summary>
    public byte[] Bytes(ulong offset, ulong count)
    {
        ulong there = offset >= Length ? 0 : Math.Min(Math.Min(count, Length - offset), MostBytes);
        try
        {
            byte[] bytes = new byte[there];
            int got = _bytes.ReadAt(offset, bytes);
            return got == bytes.Length ? bytes : bytes[..got];
        }
        catch (OutOfMemoryException)
        {
            return [];
        }
    }

    /// <summary>True when <paramref name="address"/>, before any load bias, is one of an instruction.</summary>
    public bool IsCode(ulong address)
    {
        (int low, int high) = (0, _code.Length);
        while (low < high)
        {
            int middle = (low + high) / 2;
            (low, high) = _code[middle].Start <= address ? (middle + 1, high) : (low, middle);
        }

        return low > 0 && _code[low - 1].Has(address);
    }

    /// <summary>What a loader added to the addresses of the file, when the code at byte <paramref name="offset"/> of the file is at <paramref name="address"/>.</summary>
    /// <returns>Null when that byte belongs to no segment of code.</returns>
    /// <remarks>Two segments may share a page of the file; a mapping that may be executed is of the one that has code. Source: [gABI "Program Header"].</remarks>
    public ulong? BiasOf(ulong address, ulong offset)
    {
        byte[] table = U16(54) == SegmentBytes ? Bytes(U64(32), (ulong)U16(56) * SegmentBytes) : [];
        for (int at = 0; at + SegmentBytes <= table.Length; at += SegmentBytes)
        {
            ReadOnlySpan<byte> row = table.AsSpan(at, SegmentBytes);
            (uint type, uint flags) = (BinaryPrimitives.ReadUInt32LittleEndian(row), BinaryPrimitives.ReadUInt32LittleEndian(row[4..]));
            (ulong start, ulong size) = (BinaryPrimitives.ReadUInt64LittleEndian(row[8..]), BinaryPrimitives.ReadUInt64LittleEndian(row[32..]));
            ulong page = start & ~(PageBytes - 1);
            if (type == Load && (flags & Executable) != 0 && offset >= page && offset - page < size + (start - page))
            {
                return address - (BinaryPrimitives.ReadUInt64LittleEndian(row[16..]) - start + offset);
            }
        }

        return null;
    }

    /// <summary>Closes the file.</summary>
    public void Dispose() => _bytes.Dispose();

    private static bool TryRead(string path, ElfBytes bytes, [NotNullWhen(true)] out ElfFile? file, out string reason)
    {
        byte[] header = new byte[HeaderBytes];
        bool isElf = bytes.ReadAt(0, header) == HeaderBytes && header.AsSpan(0, 6).SequenceEqual("\u007fELF\u0002\u0001"u8);
        (file, reason) = isElf ? (new ElfFile(path, bytes, header), "") : (null, $"{path} is no 64-bit ELF file");
        if (!isElf)
        {
            bytes.Dispose();
        }

        return isElf;
    }

    private ElfSection[] ReadSections()
    {
        ulong at = U64(40);
        (ulong count, uint names) = (U16(60), U16(62));
        if (at == 0 || U16(58) != SectionBytes)
        {
            return [];
        }

        if (count == CountElsewhere || names == NamesElsewhere)
        {
            ElfSection first = RowAt(Bytes(at, SectionBytes));
            (count, names) = (count == CountElsewhere ? first.Size : count, names == NamesElsewhere ? first.Link : names);
        }

        byte[] table = Bytes(at, Math.Min(count, MostSections) * SectionBytes);
        ElfSection[] rows = new ElfSection[table.Length / SectionBytes];
        for (int i = 0; i < rows.Length; i++)
        {
            rows[i] = RowAt(table.AsSpan(i * SectionBytes, SectionBytes));
        }

        byte[] text = names < rows.Length ? Bytes(rows[names]) : [];
        for (int i = 0; i < rows.Length; i++)
        {
            uint name = BinaryPrimitives.ReadUInt32LittleEndian(table.AsSpan(i * SectionBytes));
            rows[i] = rows[i] with { Name = name < text.Length ? NameIn(text.AsSpan((int)name)) : "" };
        }

        return rows;
    }

    private static ElfSection RowAt(ReadOnlySpan<byte> row) => row.Length < SectionBytes ? default : new ElfSection(
        Name: "",
        Type: BinaryPrimitives.ReadUInt32LittleEndian(row[4..]),
        Flags: BinaryPrimitives.ReadUInt64LittleEndian(row[8..]),
        Address: BinaryPrimitives.ReadUInt64LittleEndian(row[16..]),
        Offset: BinaryPrimitives.ReadUInt64LittleEndian(row[24..]),
        Size: BinaryPrimitives.ReadUInt64LittleEndian(row[32..]),
        Link: BinaryPrimitives.ReadUInt32LittleEndian(row[40..]));

    private static string NameIn(ReadOnlySpan<byte> text)
    {
        ReadOnlySpan<byte> near = text[..Math.Min(text.Length, LongestName)];
        int end = near.IndexOf((byte)0);
        return end < 0 ? "" : Encoding.UTF8.GetString(near[..end]);
    }

    private ushort U16(int at) => BinaryPrimitives.ReadUInt16LittleEndian(_header.AsSpan(at));

    private ulong U64(int at) => BinaryPrimitives.ReadUInt64LittleEndian(_header.AsSpan(at));
}
