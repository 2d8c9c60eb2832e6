using MmuEmu.Emulator.Translation;

namespace MmuEmu.Emulator.Models;

/// <summary>What of the control registers shows through CPUID.</summary>
/// <param name="Cr4">CR4: OSXSAVE and OSPKE mirror bits of it.</param>
/// <param name="Xcr0">XCR0: lengths of save areas follow it.</param>
public readonly record struct CpuidSight(ulong Cr4, ulong Xcr0);

/// <summary>What CPUID answers on a model.</summary>
/// <remarks>Source: [SDM2 "CPUID"], [APM3 "CPUID"].</remarks>
public static class CpuidLeaves
{
    private const uint HighestStandard = 0x0D;
    private const uint HighestExtended = 0x8000_0008;
    private const uint HypervisorLeaf = 0x4000_0000;
    private const uint Hypervisor = 1U << 31;
    private const string Emulator = "MmuEmuMmuEmu";
    private const uint OsXsave = 1 << 27;
    private const uint OsPke = 1 << 4;

    /// <summary>What <paramref name="model"/> gives for <paramref name="eax"/> and <paramref name="ecx"/>; leaves that do not exist are zero.</summary>
    public static CpuidLeaf Of(CpuModel model, uint eax, uint ecx, in CpuidSight sight)
    {
        uint subleaf = eax is 4 or 7 or 0xD ? ecx : 0;
        CpuidLeaf frame = eax switch
        {
            0 => Named(model, HighestStandard),
            1 => new CpuidLeaf(model.Signature.Leaf1, BasicEbx, Hypervisor | (model.Has(CpuFeatures.Xsave) && (sight.Cr4 & Cr4Bits.Osxsave) != 0 ? OsXsave : 0), 0),
            2 => new CpuidLeaf(0x00FF_FF01, 0, 0, 0),
            4 => Cache(ecx),
            7 when ecx == 0 => new CpuidLeaf(0, 0, model.Has(CpuFeatures.Pku) && (sight.Cr4 & Cr4Bits.Pke) != 0 ? OsPke : 0, 0),
            0xD => StateLeaf(model, ecx, sight),
            HypervisorLeaf => new CpuidLeaf(HypervisorLeaf, Letters(Emulator, 0), Letters(Emulator, 4), Letters(Emulator, 8)),
            0x8000_0000 => Named(model, HighestExtended),
            0x8000_0001 => new CpuidLeaf(model.Signature.Leaf1, 0, 0, 0),
            >= 0x8000_0002 and <= 0x8000_0004 => BrandPart(model, (int)(eax - 0x8000_0002) * 16),
            0x8000_0005 => new CpuidLeaf(0, 0, 0x2008_0140, 0x2008_0140),
            0x8000_0006 => new CpuidLeaf(0, 0, 0x0200_6140, 0x0040_8140),
            0x8000_0008 => new CpuidLeaf(model.PhysicalBits | ((model.Has(CpuFeatures.La57) ? 57U : 48U) << 8), 0, 0, 0),
            _ => default,
        };
        return WithFeatures(model, frame, eax, subleaf);
    }

    /// <summary>CLFLUSH line of 64 bytes, one logical processor.</summary>
    private static uint BasicEbx => 0x0001_0800;

    private static CpuidLeaf WithFeatures(CpuModel model, in CpuidLeaf leaf, uint eax, uint subleaf)
    {
        Span<uint> registers = [leaf.Eax, leaf.Ebx, leaf.Ecx, leaf.Edx];
        foreach (CpuFeatureRow row in CpuFeatureTable.Rows)
        {
            if (!model.Has(row.Feature))
            {
                continue;
            }

            foreach (CpuidBit bit in row.Bits)
            {
                registers[(int)bit.Register] |= bit.Leaf == eax && bit.Subleaf == subleaf ? 1U << bit.Bit : 0;
            }
        }

        return new CpuidLeaf(registers[0], registers[1], registers[2], registers[3]);
    }

    /// <summary>Leaf 0DH: which state components exist, and where they lie. Source: [SDM1 "Enumeration of CPU Support for XSAVE Instructions and XSAVE-Supported Features"].</summary>
    private static CpuidLeaf StateLeaf(CpuModel model, uint component, in CpuidSight sight)
    {
        ulong all = model.StateComponents;
        return component switch
        {
            0 when all != 0 => new CpuidLeaf((uint)all, (uint)XsaveComponents.StandardBytes(sight.Xcr0), (uint)XsaveComponents.StandardBytes(all), 0),
            1 when model.Has(CpuFeatures.XsaveC) => new CpuidLeaf(0, (uint)XsaveComponents.CompactedBytes(sight.Xcr0), 0, 0),
            2 when model.Has(CpuFeatures.Avx) => new CpuidLeaf(XsaveComponents.AvxBytes, XsaveComponents.AvxOffset, 0, 0),
            9 when model.Has(CpuFeatures.Pku) => new CpuidLeaf(XsaveComponents.PkruBytes, XsaveComponents.PkruOffset, 0, 0),
            _ => default,
        };
    }

    /// <summary>Leaf 4: 32 KiB L1 data, 32 KiB L1 code, 512 KiB L2, 8 MiB L3, lines of 64 bytes.</summary>
    private static CpuidLeaf Cache(uint index) => index switch
    {
        0 => CacheLeaf(type: 1, level: 1, ways: 8, sets: 64),
        1 => CacheLeaf(type: 2, level: 1, ways: 8, sets: 64),
        2 => CacheLeaf(type: 3, level: 2, ways: 8, sets: 1024),
        3 => CacheLeaf(type: 3, level: 3, ways: 16, sets: 8192),
        _ => default,
    };

    private static CpuidLeaf CacheLeaf(uint type, uint level, uint ways, uint sets) =>
        new(type | (level << 5) | (1 << 8), 63 | ((ways - 1) << 22), sets - 1, 0);

    private static CpuidLeaf Named(CpuModel model, uint highest) => new(highest, Letters(model.VendorName, 0), Letters(model.VendorName, 8), Letters(model.VendorName, 4));

    private static CpuidLeaf BrandPart(CpuModel model, int at) =>
        new(Letters(model.Brand, at), Letters(model.Brand, at + 4), Letters(model.Brand, at + 8), Letters(model.Brand, at + 12));

    private static uint Letters(string text, int at)
    {
        uint letters = 0;
        for (int i = 0; i < 4 && at + i < text.Length; i++)
        {
            letters |= (uint)(byte)text[at + i] << (8 * i);
        }

        return letters;
    }
}
