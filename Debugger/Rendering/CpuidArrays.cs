using MmuEmu.Emulator.Models;

namespace MmuEmu.Debugger.Rendering;

/// <summary>A cache or a TLB as a program reads it in CPUID.</summary>
/// <param name="Name">Which.</param>
/// <param name="Text">Its size and shape, as the leaf gives them.</param>
/// <param name="Place">The leaf, and the register where there is one for it alone.</param>
internal readonly record struct CpuidArray(string Name, string Text, string Place);

/// <summary>Caches and TLBs read back out of the leaves of CPUID, each maker's own.</summary>
/// <remarks>Source: [SDM2 "CPUID"]; [APM3 "CPUID"].</remarks>
internal static class CpuidArrays
{
    private static readonly string[] Kinds = ["", "data", "code", "unified"];
    private static readonly string[] AmdWays =
    [
        "off", "1-way", "2-way", "3-way", "4- or 5-way", "6- or 7-way", "8- to 15-way", "reserved", "16- to 31-way", "see 8000001DH",
        "32- to 47-way", "48- to 63-way", "64- to 95-way", "96- to 127-way", "128-way or more", "fully associative",
    ];

    /// <summary>The caches, then the TLBs, that CPUID tells of on <paramref name="model"/>.</summary>
    public static IEnumerable<CpuidArray> Of(CpuModel model) => model.Vendor == CpuVendor.Intel
        ? [.. Caches(model, 4), .. IntelTlbs(model)]
        : [.. Caches(model, 0x8000_001D), .. AmdTlbs(model)];

    private static CpuidLeaf Ask(CpuModel model, uint leaf, uint subleaf = 0) => CpuidLeaves.Of(model, leaf, subleaf, default);

    private static IEnumerable<CpuidArray> Caches(CpuModel model, uint leaf)
    {
        for (uint i = 0; Ask(model, leaf, i) is { Eax: not 0 } cache; i++)
        {
            uint ways = (cache.Ebx >> 22) + 1;
            uint line = (cache.Ebx & 0xFFF) + 1;
            ulong bytes = (ulong)ways * line * (cache.Ecx + 1UL);
            string shape = (cache.Eax & 0x200) != 0 ? "fully associative" : $"{ways}-way, {cache.Ecx + 1UL} sets";
            yield return new($"L{cache.Eax >> 5 & 7} {Kinds[cache.Eax & 3]}", $"{bytes >> 10} KiB, {shape}, lines of {line} bytes", $"{leaf:X2}H.{i}");
        }
    }

    private static IEnumerable<CpuidArray> IntelTlbs(CpuModel model)
    {
        uint last = Ask(model, 0x18).Eax;
        for (uint i = 0; i <= last; i++)
        {
            CpuidLeaf tlb = Ask(model, 0x18, i);
            if ((tlb.Edx & 0x1F) == 0)
            {
                continue;
            }

            uint ways = tlb.Ebx >> 16;
            string shape = (tlb.Edx & 0x100) != 0 ? "fully associative" : $"{ways}-way";
            string[] sizes = [.. new[] { "4K", "2M", "4M", "1G" }.Where((_, bit) => (tlb.Ebx >> bit & 1) != 0)];
            yield return new($"L{tlb.Edx >> 5 & 7} TLB {Kinds[tlb.Edx & 3]}", $"{string.Join('+', sizes)}: {(ulong)ways * tlb.Ecx} entries, {shape}", $"18H.{i}");
        }
    }

    private static IEnumerable<CpuidArray> AmdTlbs(CpuModel model)
    {
        CpuidLeaf first = Ask(model, 0x8000_0005);
        CpuidLeaf second = Ask(model, 0x8000_0006);
        CpuidLeaf large = Ask(model, 0x8000_0019);
        CpuidArray?[] all =
        [
            First("data", "4K", first.Ebx >> 16, "EBX"), First("data", "2M", first.Eax >> 16, "EAX"), Half("L1 TLB data", "1G", large.Eax >> 16, "80000019H:EAX"),
            First("code", "4K", first.Ebx, "EBX"), First("code", "2M", first.Eax, "EAX"), Half("L1 TLB code", "1G", large.Eax, "80000019H:EAX"),
            .. Second("4K", second.Ebx, "80000006H:EBX"), .. Second("2M", second.Eax, "80000006H:EAX"), .. Second("1G", large.Ebx, "80000019H:EBX"),
        ];
        return all.OfType<CpuidArray>();
    }

    private static CpuidArray? First(string kind, string size, uint field, string register)
    {
        (uint ways, uint entries) = (field >> 8 & 0xFF, field & 0xFF);
        string shape = ways == 0xFF ? "fully associative" : $"{ways}-way";
        return entries == 0 ? null : new($"L1 TLB {kind}", $"{size}: {Count(entries, 0xFF)}, {shape}", $"80000005H:{register}");
    }

    // With nothing in the upper half, the lower one is for data and code together.
    private static CpuidArray?[] Second(string size, uint register, string place) => register >> 16 == 0
        ? [Half("L2 TLB unified", size, register, place)]
        : [Half("L2 TLB data", size, register >> 16, place), Half("L2 TLB code", size, register, place)];

    private static CpuidArray? Half(string name, string size, uint field, string place)
    {
        uint entries = field & 0xFFF;
        return entries == 0 ? null : new(name, $"{size}: {Count(entries, 0xFFF)}, {AmdWays[field >> 12 & 0xF]}", place);
    }

    private static string Count(uint entries, uint most) => entries == most ? $"{entries} entries or more" : $"{entries} entries";
}
