using MmuEmu.Emulator.Translation;

namespace MmuEmu.Emulator.Models;

/// <summary>What of the control registers shows through CPUID.</summary>
/// <param name="Cr4">CR4: OSXSAVE and OSPKE mirror bits of it.</param>
/// <param name="Xcr0">XCR0: lengths of save areas follow it.</param>
public readonly record struct CpuidSight(ulong Cr4, ulong Xcr0);

/// <summary>What CPUID answers on a model.</summary>
/// <remarks>
/// A leaf that does not exist is zero, but behind the last one Intel answers as for its last basic leaf.
/// Source: [SDM2 "CPUID"], [APM3 "CPUID"].
/// </remarks>
public static class CpuidLeaves
{
    private const uint HypervisorLeaf = 0x4000_0000;
    private const uint LastHypervisorLeaf = 0x4FFF_FFFF;
    private const uint FirstExtended = 0x8000_0000;
    private const uint Extended = 0x8000_0001;
    private const uint Hypervisor = 1U << 31;
    private const string Emulator = "MmuEmuMmuEmu";
    private const uint OsXsave = 1 << 27;
    private const uint OsPke = 1 << 4;

    /// <summary>What <paramref name="model"/> gives for <paramref name="eax"/> and <paramref name="ecx"/>.</summary>
    public static CpuidLeaf Of(CpuModel model, uint eax, uint ecx, in CpuidSight sight)
    {
        uint asked = Asked(model, eax);
        CpuidLeaf frame = asked switch
        {
            0 => Named(model, HighestBasic(model)),
            1 => new CpuidLeaf(model.Signature.Leaf1, BasicEbx, Hypervisor | (model.Has(CpuFeatures.Xsave) && (sight.Cr4 & Cr4Bits.Osxsave) != 0 ? OsXsave : 0), 0),
            7 when ecx == 0 => new CpuidLeaf(0, 0, model.Has(CpuFeatures.Pku) && (sight.Cr4 & Cr4Bits.Pke) != 0 ? OsPke : 0, 0),
            0xD => StateLeaf(model, ecx, sight),
            HypervisorLeaf => new CpuidLeaf(HypervisorLeaf, Letters(Emulator, 0), Letters(Emulator, 4), Letters(Emulator, 8)),
            FirstExtended => Named(model, HighestExtended(model)),
            Extended => ExtendedLeaf(model),
            >= 0x8000_0002 and <= 0x8000_0004 => BrandPart(model, (int)(asked - 0x8000_0002) * 16),
            0x8000_0008 => new CpuidLeaf(model.PhysicalBits | ((model.Has(CpuFeatures.La57) ? 57U : 48U) << 8), 0, 0, 0),
            _ => model.Vendor == CpuVendor.Intel ? OfIntel(model.Geometry, asked, ecx) : OfAmd(model.Geometry, asked, ecx),
        };
        return WithBits(model, frame, asked, asked is 7 or 0xD ? ecx : 0);
    }

    /// <summary>CLFLUSH line of 64 bytes, one logical processor.</summary>
    private static uint BasicEbx => 0x0001_0800;

    private static uint HighestBasic(CpuModel model) => model.Vendor == CpuVendor.Intel ? 0x18U : 0xDU;

    private static uint HighestExtended(CpuModel model) => model.Vendor == CpuVendor.Intel ? 0x8000_0008 : 0x8000_001E;

    /// <summary>The leaf that answers: Intel's last basic one for questions beyond its ranges.</summary>
    /// <remarks>Source: [SDM2 "CPUID", "Information Returned by CPUID Instruction"].</remarks>
    private static uint Asked(CpuModel model, uint eax)
    {
        bool known = eax <= HighestBasic(model)
            || eax is >= HypervisorLeaf and <= LastHypervisorLeaf
            || (eax >= FirstExtended && eax <= HighestExtended(model));
        return known || model.Vendor != CpuVendor.Intel ? eax : HighestBasic(model);
    }

    private static CpuidLeaf OfAmd(CpuGeometry geometry, uint eax, uint ecx) => eax switch
    {
        0x8000_0005 => AmdLeaves.First(geometry),
        0x8000_0006 => AmdLeaves.Second(geometry),
        0x8000_0019 => AmdLeaves.Large(geometry),
        0x8000_001D => CacheLeaf.Of(geometry, ecx),
        _ => default,
    };

    private static CpuidLeaf OfIntel(CpuGeometry geometry, uint eax, uint ecx) => eax switch
    {
        2 => IntelLeaves.Descriptors,
        4 => CacheLeaf.Of(geometry, ecx),
        0x18 => IntelLeaves.Translation(geometry, ecx),
        0x8000_0006 => IntelLeaves.Second(geometry),
        _ => default,
    };

    /// <summary>Leaf 8000_0001H: AMD repeats signature and features of leaf 1, Intel neither.</summary>
    private static CpuidLeaf ExtendedLeaf(CpuModel model) => model.Vendor == CpuVendor.Intel
        ? default
        : new CpuidLeaf(model.Signature.Leaf1, 0, 0, WithBits(model, default, 1, 0).Edx & CpuVendorBitTable.AmdRepeats);

    private static CpuidLeaf WithBits(CpuModel model, in CpuidLeaf leaf, uint eax, uint subleaf)
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

        foreach (CpuVendorBitRow row in CpuVendorBitTable.Rows)
        {
            bool shown = row.Vendor == model.Vendor && model.Has(row.With) && row.Bit.Leaf == eax && row.Bit.Subleaf == subleaf;
            registers[(int)row.Bit.Register] |= shown ? 1U << row.Bit.Bit : 0;
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
