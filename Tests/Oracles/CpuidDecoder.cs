using MmuEmu.Emulator.Models;

namespace MmuEmu.Tests.Oracles;

/// <summary>A cache as a program reads it.</summary>
public readonly record struct ReadCache(int Level, char Kind, long Bytes, int Ways, int Line, int Sharers);

/// <summary>A TLB array as a program reads it for one page size; the ways are a range where the maker gives no more.</summary>
public readonly record struct ReadTlb(int Level, char Kind, string Size, int Entries, int FewestWays, int MostWays);

/// <summary>Reads caches and TLBs out of CPUID as the manuals say, field by field, and knows nothing of who encoded them.</summary>
/// <remarks>Source: [SDM2 "CPUID", Information Returned by CPUID Instruction]; [APM3 "CPUID", functions 8000_0005H, 8000_0006H, 8000_0019H, 8000_001DH].</remarks>
public sealed class CpuidDecoder(Func<uint, uint, CpuidLeaf> cpuid)
{
    /// <summary>Stands for "as many ways as entries".</summary>
    public const int Full = int.MaxValue;

    /// <summary>The caches that leaf 4 or 8000_001DH lists, to the first empty subleaf.</summary>
    public List<ReadCache> Caches(uint leaf)
    {
        List<ReadCache> all = [];
        for (uint i = 0; ; i++)
        {
            CpuidLeaf it = cpuid(leaf, i);
            if (Field(it.Eax, 4, 0) == 0)
            {
                return all;
            }

            int ways = Field(it.Ebx, 31, 22) + 1;
            int parts = Field(it.Ebx, 21, 12) + 1;
            int line = Field(it.Ebx, 11, 0) + 1;
            all.Add(new(Field(it.Eax, 7, 5), "-DCU"[Field(it.Eax, 4, 0)], (long)ways * parts * line * (it.Ecx + 1L), ways, line, Field(it.Eax, 25, 14) + 1));
        }
    }

    /// <summary>The arrays of leaf 18H, a row for each page size.</summary>
    public List<ReadTlb> IntelTlbs()
    {
        List<ReadTlb> all = [];
        uint last = cpuid(0x18, 0).Eax;
        for (uint i = 0; i <= last; i++)
        {
            CpuidLeaf it = cpuid(0x18, i);
            if (Field(it.Edx, 4, 0) == 0)
            {
                continue;
            }

            int ways = Field(it.Ebx, 31, 16);
            int shown = Field(it.Edx, 8, 8) == 1 ? Full : ways;
            string[] sizes = ["4K", "2M", "4M", "1G"];
            all.AddRange(Enumerable.Range(0, 4).Where(bit => Field(it.Ebx, bit, bit) == 1)
                .Select(bit => new ReadTlb(Field(it.Edx, 7, 5), "-DCU"[Field(it.Edx, 4, 0)], sizes[bit], ways * (int)it.Ecx, shown, shown)));
        }

        return all;
    }

    /// <summary>The arrays of leaves 8000_0005H, 8000_0006H and 8000_0019H, a row for each page size.</summary>
    public List<ReadTlb> AmdTlbs()
    {
        CpuidLeaf first = cpuid(0x8000_0005, 0);
        CpuidLeaf second = cpuid(0x8000_0006, 0);
        CpuidLeaf large = cpuid(0x8000_0019, 0);
        List<ReadTlb> all = [];
        foreach ((string size, uint register) in new[] { ("4K", first.Ebx), ("2M", first.Eax) })
        {
            AddFirst(all, 'D', size, Field(register, 23, 16), Field(register, 31, 24));
            AddFirst(all, 'C', size, Field(register, 7, 0), Field(register, 15, 8));
        }

        Add(all, 1, 'D', "1G", Field(large.Eax, 27, 16), Field(large.Eax, 31, 28));
        Add(all, 1, 'C', "1G", Field(large.Eax, 11, 0), Field(large.Eax, 15, 12));
        foreach ((string size, uint register) in new[] { ("4K", second.Ebx), ("2M", second.Eax), ("1G", large.Ebx) })
        {
            bool unified = Field(register, 31, 16) == 0;
            Add(all, 2, 'D', size, Field(register, 27, 16), Field(register, 31, 28));
            Add(all, 2, unified ? 'U' : 'C', size, Field(register, 11, 0), Field(register, 15, 12));
        }

        return all;
    }

    /// <summary>Bits <paramref name="high"/> to <paramref name="low"/>.</summary>
    public static int Field(uint register, int high, int low) => (int)(register >> low & ((1UL << (high - low + 1)) - 1));

    /// <summary>How many ways AMD's code of four bits means, from and to.</summary>
    public static (int Fewest, int Most) AmdWays(int code) => code switch
    {
        1 => (1, 1),
        2 => (2, 2),
        3 => (3, 3),
        4 => (4, 5),
        5 => (6, 7),
        6 => (8, 15),
        8 => (16, 31),
        0xA => (32, 47),
        0xB => (48, 63),
        0xC => (64, 95),
        0xD => (96, 127),
        0xE => (128, Full - 1),
        0xF => (Full, Full),
        _ => throw new InvalidOperationException($"code {code} says nothing of ways"),
    };

    private static void AddFirst(List<ReadTlb> all, char kind, string size, int entries, int ways)
    {
        if (entries != 0)
        {
            int shown = ways == 0xFF ? Full : ways;
            all.Add(new(1, kind, size, entries, shown, shown));
        }
    }

    private static void Add(List<ReadTlb> all, int level, char kind, string size, int entries, int code)
    {
        if (entries != 0)
        {
            (int fewest, int most) = AmdWays(code);
            all.Add(new(level, kind, size, entries, fewest, most));
        }
    }
}
