using System.Buffers.Binary;
using System.Text;
using Microsoft.Win32.SafeHandles;

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

    private readonly SafeFileHandle _handle;
    private readonly byte[] _header;

    private ElfFile(string path, SafeFileHandle handle, byte[] header)
    {
        (Path, _handle, _header) = (path, handle, header);
        Length = (ulong)RandomAccess.GetLength(handle);
        Sections = ReadSections();
    }

    /// <summary>Where it was opened.</summary>
    public string Path { get; }

    /// <summary>Its bytes.</summary>
    public ulong Length { get; }

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
    public static bool TryOpen(string path, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out ElfFile? file, out string reason)
    {
        (file, reason) = (null, "");
        SafeFileHandle? handle = null;
        try
        {
            handle = File.OpenHandle(path);
            byte[] header = new byte[HeaderBytes];
            if (ReadAt(handle, 0, header) == HeaderBytes && header.AsSpan(0, 6).SequenceEqual("\u007fELF\u0002\u0001"u8))
            {
                file = new ElfFile(path, handle, header);
                return true;
            }

            reason = $"{path} is no 64-bit ELF file";
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            reason = $"{path} cannot be read: {refused.Message}";
        }

        handle?.Dispose();
        return false;
    }

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

    /// <summary>The bytes of <paramref name="section"/> as they lie in the file; fewer than its size when the file ends before.</summary>
    public byte[] Bytes(in ElfSection section) => section.HasBytes ? Bytes(section.Offset, section.Size) : [];

    /// <summary>Up to <paramref name="count"/> bytes from <paramref name="offset"/> on; fewer when the file ends before, none when the host refuses.</summary>
    public byte[] Bytes(ulong offset, ulong count)
    {
        ulong there = offset >= Length ? 0 : Math.Min(Math.Min(count, Length - offset), (ulong)Array.MaxLength);
        byte[] bytes = new byte[there];
        try
        {
            int got = ReadAt(_handle, (long)offset, bytes);
            return got == bytes.Length ? bytes : bytes[..got];
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    /// <summary>True when <paramref name="address"/>, before any load bias, is one of an instruction.</summary>
    public bool IsCode(ulong address)
    {
        foreach (ElfSection section in Sections)
        {
            if (section.IsCode && section.Has(address))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Closes the file.</summary>
    public void Dispose() => _handle.Dispose();

    private static int ReadAt(SafeFileHandle handle, long offset, Span<byte> into)
    {
        int done = 0;
        while (done < into.Length)
        {
            int got = RandomAccess.Read(handle, into[done..], offset + done);
            if (got == 0)
            {
                break;
            }

            done += got;
        }

        return done;
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
