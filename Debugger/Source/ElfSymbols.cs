using System.Buffers.Binary;
using System.Text;

namespace MmuEmu.Debugger.Source;

/// <summary>A symbol of an ELF file.</summary>
/// <param name="Name">Its name, without a version.</param>
/// <param name="Value">Its address as the file has it, before any load bias; 0 when it is undefined here.</param>
/// <param name="IsDefined">The file defines it; otherwise a library has to.</param>
/// <param name="IsGlobal">Others may see it.</param>
internal readonly record struct ElfSymbol(string Name, ulong Value, bool IsDefined, bool IsGlobal)
{
    /// <summary>Bytes that it names from its address on; 0 when the file does not tell.</summary>
    public ulong Size { get; init; }

    /// <summary>It names a function.</summary>
    public bool IsFunction { get; init; }
}

/// <summary>What the symbol tables of an ELF file name; a damaged table yields what can be read of it.</summary>
/// <remarks>Source: [gABI "Symbol Table", "Sections"].</remarks>
internal sealed class ElfSymbols
{
    private const int SymbolBytes = 24;
    private const uint SymbolTable = 2;
    private const uint DynamicSymbols = 11;
    private const ushort FixedPlace = 2;
    private const int Function = 2;
    private const int LastPlainType = 2;
    private const int IndirectFunction = 10;

    /// <summary>Bytes of names that are read for each byte of a table: more, and a damaged table would cost its square.</summary>
    private const long MostNameBytesPerByte = 16;

    private ElfSymbols(ElfFile? file)
    {
        IsElf = file is not null;
        Entry = file?.Entry ?? 0;
        IsFixed = file?.Type == FixedPlace;
        HashSet<ElfSymbol> all = [];
        foreach (uint type in (ReadOnlySpan<uint>)[SymbolTable, DynamicSymbols])
        {
            if (file?.FindType(type) is ElfSection section && section.Link < file.Sections.Count)
            {
                ReadTable(file.Bytes(section), WholeNames(file.Bytes(file.Sections[(int)section.Link])), all);
            }
        }

        All = [.. all];
    }

    /// <summary>Each symbol once; empty for a file that is stripped or no ELF file.</summary>
    public IReadOnlyList<ElfSymbol> All { get; }

    /// <summary>True for a 64-bit ELF file of this byte order.</summary>
    public bool IsElf { get; }

    /// <summary>e_entry, where the program begins as its file has it.</summary>
    public ulong Entry { get; }

    /// <summary>True for ET_EXEC: no load bias.</summary>
    public bool IsFixed { get; }

    /// <summary>The symbols of the file at <paramref name="path"/>; none when it cannot be read.</summary>
    public static ElfSymbols Of(string path)
    {
        using ElfFile? file = ElfFile.TryOpen(path, out ElfFile? opened, out _) ? opened : null;
        return new ElfSymbols(file);
    }

    /// <summary>The symbols of <paramref name="file"/>.</summary>
    public static ElfSymbols Of(ElfFile file) => new(file);

    /// <summary>Without what no zero ends: to look for an end that is not there would cost the square of the table.</summary>
    private static ReadOnlySpan<byte> WholeNames(ReadOnlySpan<byte> names) => names[..(names.LastIndexOf((byte)0) + 1)];

    private static void ReadTable(ReadOnlySpan<byte> table, ReadOnlySpan<byte> names, HashSet<ElfSymbol> into)
    {
        long left = (table.Length + (long)names.Length) * MostNameBytesPerByte;
        for (int at = SymbolBytes; at + SymbolBytes <= table.Length && left >= 0; at += SymbolBytes)
        {
            ReadSymbol(table.Slice(at, SymbolBytes), names, into, ref left);
        }
    }

    private static void ReadSymbol(ReadOnlySpan<byte> row, ReadOnlySpan<byte> names, HashSet<ElfSymbol> into, ref long left)
    {
        (int type, int binding) = (row[4] & 0xF, row[4] >> 4);
        bool defined = BinaryPrimitives.ReadUInt16LittleEndian(row[6..]) != 0;
        string name = NameAt(names, BinaryPrimitives.ReadUInt32LittleEndian(row));
        left -= name.Length;
        if (name.Length > 0 && type is <= LastPlainType or IndirectFunction)
        {
            ulong value = defined ? BinaryPrimitives.ReadUInt64LittleEndian(row[8..]) : 0;
            into.Add(new ElfSymbol(name, value, defined, binding != 0)
            {
                Size = BinaryPrimitives.ReadUInt64LittleEndian(row[16..]),
                IsFunction = type is Function or IndirectFunction,
            });
        }
    }

    private static string NameAt(ReadOnlySpan<byte> names, uint at)
    {
        if (at >= (uint)names.Length)
        {
            return "";
        }

        ReadOnlySpan<byte> rest = names[(int)at..];
        int end = rest.IndexOfAny((byte)0, (byte)'@');
        return end < 0 ? "" : Encoding.UTF8.GetString(rest[..end]);
    }
}
