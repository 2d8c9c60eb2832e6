using System.Buffers.Binary;
using System.Text;

namespace MmuEmu.Kernel.Exec;

/// <summary>The vDSO: a shared object of one page, made here, which programs find by AT_SYSINFO_EHDR.</summary>
/// <remarks>
/// <code>
///   header, two program headers: one segment with everything, and the dynamic section
///   hash table, symbols, their versions, the definition of LINUX_2.6, dynamic section, strings
///   0x400  functions
/// </code>
/// Each function has the names <c>__vdso_X</c> and, weak, <c>X</c>. Addresses are offsets into the page.
/// Source: [ELF, "Dynamic Linking"; LSB, "Symbol Versioning"]; [Linux arch/x86/entry/vdso/vdso.lds.S; tools/testing/selftests/vDSO/parse_vdso.c].
/// </remarks>
internal sealed class VdsoImage
{
    /// <summary>What C libraries look symbols up with.</summary>
    public const string Version = "LINUX_2.6";

    private const string Name = "linux-vdso.so.1";
    private const int HeaderBytes = 64;
    private const int ProgramHeaderBytes = 56;
    private const int SymbolBytes = 24;
    private const int VersionBytes = 28;
    private const int DynamicEntries = 11;
    private const byte GlobalFunction = 0x12;
    private const byte WeakFunction = 0x22;

    private readonly byte[] _page = new byte[4096];
    private readonly List<byte> _strings = [0];
    private readonly List<(string Name, int Function, byte Info)> _symbols = [];

    private VdsoImage()
    {
        for (int i = 0; i < VdsoCode.Functions.Count; i++)
        {
            _symbols.Add(($"__vdso_{VdsoCode.Functions[i].Name}", i, GlobalFunction));
            _symbols.Add((VdsoCode.Functions[i].Name, i, WeakFunction));
        }
    }

    private int HashAt => HeaderBytes + (2 * ProgramHeaderBytes);

    private int SymbolsAt => HashAt + (4 * (2 + 1 + _symbols.Count + 1)) + 7 & ~7;

    private int VersionsAt => SymbolsAt + (SymbolBytes * (_symbols.Count + 1));

    private int DefinitionsAt => VersionsAt + (2 * (_symbols.Count + 1)) + 7 & ~7;

    private int DynamicAt => DefinitionsAt + (2 * VersionBytes);

    private int StringsAt => DynamicAt + (16 * DynamicEntries);

    /// <summary>The bytes, one page.</summary>
    public static byte[] Build()
    {
        VdsoImage image = new();
        image.PutHeaders();
        image.PutSymbols();
        image.PutDefinition(image.DefinitionsAt, number: 1, flags: 1, Name, next: VersionBytes);
        image.PutDefinition(image.DefinitionsAt + VersionBytes, number: 2, flags: 0, Version, next: 0);
        image.PutDynamic();
        image._strings.CopyTo(image._page, image.StringsAt);
        for (int i = 0; i < VdsoCode.Functions.Count; i++)
        {
            VdsoCode.Functions[i].Code.CopyTo(image._page, AddressOf(i));
        }

        return image._page;
    }

    private static int AddressOf(int function) => VdsoCode.Start + (function * VdsoCode.Stride);

    private void PutHeaders()
    {
        ReadOnlySpan<byte> identity = [0x7F, (byte)'E', (byte)'L', (byte)'F', 2, 1, 1];
        identity.CopyTo(_page);
        Put16(16, 3);
        Put16(18, 62);
        Put32(20, 1);
        Put64(32, HeaderBytes);
        Put16(52, HeaderBytes);
        Put16(54, ProgramHeaderBytes);
        Put16(56, 2);
        PutSegment(HeaderBytes, type: 1, flags: 5, 0, _page.Length, 4096);
        PutSegment(HeaderBytes + ProgramHeaderBytes, type: 2, flags: 4, DynamicAt, 16 * DynamicEntries, 8);
    }

    private void PutSegment(int at, int type, int flags, int offset, int length, int alignment)
    {
        Put32(at, (uint)type);
        Put32(at + 4, (uint)flags);
        ReadOnlySpan<int> words = [offset, offset, offset, length, length, alignment];
        for (int i = 0; i < words.Length; i++)
        {
            Put64(at + 8 + (8 * i), (ulong)words[i]);
        }
    }

    /// <summary>The symbols, the version of each, and a hash table with one chain of all of them.</summary>
    private void PutSymbols()
    {
        Put32(HashAt, 1);
        Put32(HashAt + 4, (uint)_symbols.Count + 1);
        Put32(HashAt + 8, 1);
        for (int i = 0; i < _symbols.Count; i++)
        {
            (string name, int function, byte info) = _symbols[i];
            int number = i + 1;
            int at = SymbolsAt + (SymbolBytes * number);
            Put32(at, StringAt(name));
            _page[at + 4] = info;
            Put16(at + 6, 1);
            Put64(at + 8, (ulong)AddressOf(function));
            Put64(at + 16, (ulong)VdsoCode.Functions[function].Code.Length);
            Put16(VersionsAt + (2 * number), 2);
            Put32(HashAt + 12 + (4 * number), number == _symbols.Count ? 0 : (uint)number + 1);
        }
    }

    private void PutDefinition(int at, ushort number, ushort flags, string name, int next)
    {
        Put16(at, 1);
        Put16(at + 2, flags);
        Put16(at + 4, number);
        Put16(at + 6, 1);
        Put32(at + 8, HashOf(name));
        Put32(at + 12, VersionBytes - 8);
        Put32(at + 16, (uint)next);
        Put32(at + 20, StringAt(name));
    }

    private void PutDynamic()
    {
        ReadOnlySpan<(ulong Tag, ulong Value)> entries =
        [
            (14, StringAt(Name)), (4, (ulong)HashAt), (5, (ulong)StringsAt), (6, (ulong)SymbolsAt), (10, (ulong)_strings.Count), (11, SymbolBytes),
            (0x6FFF_FFFC, (ulong)DefinitionsAt), (0x6FFF_FFFD, 2), (0x6FFF_FFF0, (ulong)VersionsAt), (0, 0), (0, 0),
        ];
        for (int i = 0; i < entries.Length; i++)
        {
            Put64(DynamicAt + (16 * i), entries[i].Tag);
            Put64(DynamicAt + (16 * i) + 8, entries[i].Value);
        }
    }

    private uint StringAt(string text)
    {
        int at = _strings.Count;
        _strings.AddRange(Encoding.ASCII.GetBytes(text));
        _strings.Add(0);
        return (uint)at;
    }

    /// <summary>ELF's hash of a name.</summary>
    private static uint HashOf(string name)
    {
        uint hash = 0;
        foreach (char letter in name)
        {
            hash = (hash << 4) + letter;
            uint top = hash & 0xF000_0000;
            hash = (hash ^ (top >> 24)) & ~top;
        }

        return hash;
    }

    private void Put16(int at, ushort value) => BinaryPrimitives.WriteUInt16LittleEndian(_page.AsSpan(at), value);

    private void Put32(int at, uint value) => BinaryPrimitives.WriteUInt32LittleEndian(_page.AsSpan(at), value);

    private void Put64(int at, ulong value) => BinaryPrimitives.WriteUInt64LittleEndian(_page.AsSpan(at), value);
}
