using MmuEmu.Emulator.Models;
using MmuEmu.Emulator.Timing;
using MmuEmu.Emulator.Tlb;
using MmuEmu.Tests.Oracles;

namespace MmuEmu.Tests.Cpu;

/// <summary>Caches and TLBs of every preset come back out of each maker's leaves.</summary>
public sealed class CpuidGeometryTests
{
    public static TheoryData<string, CpuVendor> Pairs
    {
        get
        {
            TheoryData<string, CpuVendor> pairs = [];
            foreach (MachinePreset preset in MachinePresets.All)
            {
                pairs.Add(preset.Name, CpuVendor.Amd);
                pairs.Add(preset.Name, CpuVendor.Intel);
            }

            return pairs;
        }
    }

    public static TheoryData<string> Presets => [.. MachinePresets.All.Select(preset => preset.Name)];

    [Theory]
    [MemberData(nameof(Pairs))]
    public void The_caches_are_those_of_the_preset(string name, CpuVendor vendor)
    {
        CacheSystem caches = Find(name).Caches;
        CpuidDecoder reader = Reader(Find(name), vendor);

        reader.Caches(vendor == CpuVendor.Intel ? 4U : 0x8000_001D).ShouldBe(
        [
            Read(1, 'D', caches.Data), Read(1, 'C', caches.Code), Read(2, 'U', caches.Second), Read(3, 'U', caches.Third),
        ]);
        if (vendor == CpuVendor.Amd)
        {
            reader.Caches(4).ShouldBeEmpty();
        }
    }

    [Theory]
    [MemberData(nameof(Presets))]
    public void Intels_leaf_18_lists_every_array_of_the_preset(string name)
    {
        List<ReadTlb> expected = [.. Rows(Find(name).Tlb, entries: int.MaxValue, firstEntries: int.MaxValue)];

        Reader(Find(name), CpuVendor.Intel).IntelTlbs().ShouldBe(expected, ignoreOrder: true);
    }

    [Theory]
    [MemberData(nameof(Presets))]
    public void Amds_leaves_give_every_array_of_the_preset_as_far_as_the_fields_reach(string name)
    {
        List<ReadTlb> expected = [.. Rows(Find(name).Tlb, entries: 0xFFF, firstEntries: 0xFF)];

        List<ReadTlb> read = Reader(Find(name), CpuVendor.Amd).AmdTlbs();

        read.Select(Array).ShouldBe(expected.Select(Array), ignoreOrder: true);
        foreach (ReadTlb wanted in expected)
        {
            ReadTlb got = read.Single(tlb => Array(tlb) == Array(wanted));
            (got.FewestWays <= wanted.FewestWays && wanted.MostWays <= got.MostWays).ShouldBeTrue($"{wanted} is told as {got}");
        }
    }

    [Theory]
    [MemberData(nameof(Presets))]
    public void Amds_older_cache_leaves_agree_with_the_newer_one(string name)
    {
        CacheSystem caches = Find(name).Caches;
        CpuidLeaf first = Leaf(Find(name), CpuVendor.Amd, 0x8000_0005);
        CpuidLeaf second = Leaf(Find(name), CpuVendor.Amd, 0x8000_0006);

        foreach ((uint register, CacheGeometry cache) in new[] { (first.Ecx, caches.Data), (first.Edx, caches.Code) })
        {
            (CpuidDecoder.Field(register, 31, 24), CpuidDecoder.Field(register, 23, 16)).ShouldBe((cache.Kibibytes, cache.Ways));
            (CpuidDecoder.Field(register, 15, 8), CpuidDecoder.Field(register, 7, 0)).ShouldBe((1, 64));
        }

        CpuidDecoder.Field(second.Ecx, 31, 16).ShouldBe(caches.Second.Kibibytes);
        int units = CpuidDecoder.Field(second.Edx, 31, 18);
        caches.Third.Kibibytes.ShouldBeInRange(units * 512, ((units + 1) * 512) - 1);
        foreach ((uint register, CacheGeometry cache) in new[] { (second.Ecx, caches.Second), (second.Edx, caches.Third) })
        {
            (int fewest, int most) = CpuidDecoder.AmdWays(CpuidDecoder.Field(register, 15, 12));
            cache.Ways.ShouldBeInRange(fewest, most);
            (CpuidDecoder.Field(register, 11, 8), CpuidDecoder.Field(register, 7, 0)).ShouldBe((1, 64));
        }
    }

    [Theory]
    [InlineData("golden-cove", 0x0500_7040U)] // ten ways have no code: see leaf 4
    [InlineData("zen5", 0x0400_8040U)]
    [InlineData("skylake", 0x0100_4040U)]
    public void Intels_leaf_80000006_tells_the_second_level_alone(string name, uint ecx)
    {
        Leaf(Find(name), CpuVendor.Intel, 0x8000_0006).ShouldBe(new CpuidLeaf(0, 0, ecx, 0));
        Leaf(Find(name), CpuVendor.Intel, 0x8000_0005).ShouldBe(default);
    }

    [Fact]
    public void A_number_too_large_for_its_field_is_the_fields_largest()
    {
        TlbGeometry huge = TlbGeometries.Ideal with { Second = [new(TlbSizes.Size1G, 65536, 64, Replacement.Lru)], Code = [TlbShape.Full(TlbSizes.All, 1 << 17)] };
        CpuModel amd = CpuModels.V3 with { Geometry = CpuGeometry.Of(MachinePresets.Ideal.Caches with { Second = new CacheGeometry(1 << 17, 2048, 1, 0) }, huge) };
        CpuModel intel = amd.MadeBy(CpuVendor.Intel);

        CpuidLeaves.Of(amd, 0x8000_0005, 0, default).Ebx.ShouldBe(0x10FF_FFFFU);
        CpuidLeaves.Of(amd, 0x8000_0006, 0, default).Ecx.ShouldBe(0xFFFF_E140U);
        CpuidLeaves.Of(amd, 0x8000_0019, 0, default).ShouldBe(new CpuidLeaf(0x8FFF_FFFF, 0xCFFF, 0, 0));
        CpuidDecoder.Field(CpuidLeaves.Of(intel, 4, 2, default).Ebx, 31, 22).ShouldBe(1023);
        CpuidDecoder.Field(CpuidLeaves.Of(intel, 0x18, 2, default).Ebx, 31, 16).ShouldBe(0xFFFF);
    }

    [Fact]
    public void A_processor_without_a_preset_has_the_documented_caches_and_the_mmus_own_shapes()
    {
        CpuidDecoder reader = new((leaf, subleaf) => CpuidLeaves.Of(CpuModels.V3, leaf, subleaf, default));

        reader.Caches(0x8000_001D).Select(cache => (cache.Bytes >> 10, cache.Ways)).ShouldBe([(32, 8), (32, 8), (512, 8), (8192, 16)]);
        reader.AmdTlbs().Select(Array).ShouldBe(Rows(TlbGeometry.Default, 0xFFF, 0xFF).Select(Array), ignoreOrder: true);
    }

    private static (int Level, char Kind, string Size, int Entries) Array(ReadTlb tlb) => (tlb.Level, tlb.Kind, tlb.Size, tlb.Entries);

    private static MachinePreset Find(string name)
    {
        MachinePresets.TryFind(name, out MachinePreset preset).ShouldBeTrue();
        return preset;
    }

    private static CpuidDecoder Reader(MachinePreset preset, CpuVendor vendor) => new((leaf, subleaf) => Leaf(preset, vendor, leaf, subleaf));

    private static CpuidLeaf Leaf(MachinePreset preset, CpuVendor vendor, uint leaf, uint subleaf = 0) =>
        CpuidLeaves.Of(CpuModels.V3.MadeBy(vendor) with { Geometry = CpuGeometry.Of(preset) }, leaf, subleaf, default);

    private static ReadCache Read(int level, char kind, CacheGeometry cache) => new(level, kind, cache.Kibibytes * 1024L, cache.Ways, 64, 1);

    private static IEnumerable<ReadTlb> Rows(TlbGeometry geometry, int entries, int firstEntries) =>
    [
        .. geometry.Data.SelectMany(shape => Rows(1, 'D', shape, entries, firstEntries)),
        .. geometry.Code.SelectMany(shape => Rows(1, 'C', shape, entries, firstEntries)),
        .. geometry.Second.SelectMany(shape => Rows(2, 'U', shape, entries, firstEntries)),
    ];

    // Pages of 4 KiB and 2 MiB of the first level have the narrower fields.
    private static IEnumerable<ReadTlb> Rows(int level, char kind, TlbShape shape, int entries, int firstEntries)
    {
        int ways = shape.Ways == shape.Entries ? CpuidDecoder.Full : shape.Ways;
        return
            from size in new[] { (TlbSizes.Size4K, "4K"), (TlbSizes.Size2M, "2M"), (TlbSizes.Size1G, "1G") }
            where shape.Sizes.HasFlag(size.Item1)
            let most = level == 1 && size.Item2 != "1G" ? firstEntries : entries
            select new ReadTlb(level, kind, size.Item2, Math.Min(shape.Entries, most), ways, ways);
    }
}
