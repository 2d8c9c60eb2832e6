using System.Buffers.Binary;
using System.Text;

namespace MmuEmu.Debugger.Sessions;

/// <summary>A symbol of an ELF file.</summary>
/// <param name="Name">Its name, without a version.</param>
/// <param name="Value">Its address as the file has it, before any load bias; 0 when it is undefined here.</param>
/// <param name="IsDefined">The file defines it; otherwise a library has to.</param>
/// <param name="IsGlobal">Others may see it.</param>
internal readonly record struct ElfSymbol(string Name, ulong Value, bool IsDefined, bool IsGlobal);

/// <summary>What the symbol tables of an ELF file name; a damaged table yields what can be read of it.</summary>
/// <remarks>Source: [System V gABI, "Symbol Table", "Sections"].</remarks>
internal sealed class ElfSymbols
{
    private const int HeaderBytes = 64;
    private const int SectionBytes = 64;
    private const int SymbolBytes = 24;
    private const uint SymbolTable = 2;
    private const uint DynamicSymbols = 11;
    private const ushort FixedPlace = 2;
    private const int LastPlainType = 2;
    private const int IndirectFunction = 10;

    private readonly byte[] _file;

    private ElfSymbols(byte[] file)
    {
        _file = file;
        HashSet<ElfSymbol> all = [];
        if (IsElf)
        {
            int count = U16(60);
            for (int i = 0; i < count; i++)
            {
                ReadTable(U64(40) + (ulong)(i * SectionBytes), all);
            }
        }

        All = [.. all];
    }

    /// <summary>Each symbol once; empty for a file that is stripped or no ELF file.</summary>
    public IReadOnlyList<ElfSymbol> All { get; }

    /// <summary>True for a 64-bit ELF file of this byte order.</summary>
    public bool IsElf => _file.Length >= HeaderBytes && _file.AsSpan(0, 6).SequenceEqual("\u007fELF\u0002\u0001"u8);

    /// <summary>e_entry, where the program begins as its file has it.</summary>
    public ulong Entry => IsElf ? U64(24) : 0;

    /// <summary>True for ET_EXEC: no load bias.</summary>
    public bool IsFixed => IsElf && U16(16) == FixedPlace;

    /// <summary>The symbols of <paramref name="file"/>; none when it cannot be read.</summary>
    public static ElfSymbols Of(string file)
    {
        try
        {
            return new ElfSymbols(File.ReadAllBytes(file));
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return new ElfSymbols([]);
        }
    }

    private void ReadTable(ulong header, HashSet<ElfSymbol> into)
    {
        if (U32(header + 4) is not (SymbolTable or DynamicSymbols))
        {
            return;
        }

        ulong names = U64(40) + (U32(header + 40) * (ulong)SectionBytes);
        (ulong start, ulong bytes) = (U64(header + 24), Math.Min(U64(header + 32), (ulong)_file.Length));
        for (ulong at = SymbolBytes; at + SymbolBytes <= bytes; at += SymbolBytes)
        {
            ReadSymbol(start + at, U64(names + 24), into);
        }
    }

    private void ReadSymbol(ulong at, ulong names, HashSet<ElfSymbol> into)
    {
        int info = U16(at + 4) & 0xFF;
        ushort section = U16(at + 6);
        string name = NameAt(names + U32(at));
        if (name.Length > 0 && (info & 0xF) is <= LastPlainType or IndirectFunction)
        {
            into.Add(new ElfSymbol(name, section == 0 ? 0 : U64(at + 8), section != 0, info >> 4 != 0));
        }
    }

    private string NameAt(ulong at)
    {
        if (at >= (ulong)_file.Length)
        {
            return "";
        }

        ReadOnlySpan<byte> rest = _file.AsSpan((int)at);
        int end = rest.IndexOfAny((byte)0, (byte)'@');
        return end < 0 ? "" : Encoding.UTF8.GetString(rest[..end]);
    }

    private ushort U16(ulong at) => Has(at, 2) ? BinaryPrimitives.ReadUInt16LittleEndian(_file.AsSpan((int)at)) : (ushort)0;

    private uint U32(ulong at) => Has(at, 4) ? BinaryPrimitives.ReadUInt32LittleEndian(_file.AsSpan((int)at)) : 0;

    private ulong U64(ulong at) => Has(at, 8) ? BinaryPrimitives.ReadUInt64LittleEndian(_file.AsSpan((int)at)) : 0;

    private bool Has(ulong at, int bytes) => at <= (ulong)_file.Length && (ulong)_file.Length - at >= (ulong)bytes;
}
