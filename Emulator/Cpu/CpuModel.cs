using MmuEmu.Emulator.Translation;

namespace MmuEmu.Emulator.Cpu;

/// <summary>A processor as CPUID shows it: its features, address widths and caches.</summary>
/// <remarks>
/// A model names what exists; another model is this record with other features. Source: [SDM2 "CPUID"], [APM3 "CPUID"].
/// </remarks>
public sealed record CpuModel
{
    private const uint HighestStandard = 0x0D;
    private const uint HighestExtended = 0x8000_0008;
    private const uint HypervisorLeaf = 0x4000_0000;
    private const uint Hypervisor = 1U << 31;
    private const string Emulator = "MmuEmuMmuEmu";
    private const uint OsXsave = 1 << 27;
    private const uint OsPke = 1 << 4;

    /// <summary>What it is called in <c>--cpu</c>.</summary>
    public string Name { get; init; } = "custom";

    /// <summary>Twelve ASCII characters: whom CPUID leaf 0 names.</summary>
    /// <remarks>Programs pick their fast functions by feature bits only when they know the vendor.</remarks>
    public string Vendor { get; init; } = "AuthenticAMD";

    /// <summary>At most 47 ASCII characters.</summary>
    public string Brand { get; init; } = "MmuEmu x86-64";

    /// <summary>Family, model and stepping.</summary>
    public CpuSignature Signature { get; init; } = new(15, 4, 8);

    /// <summary>What exists.</summary>
    public required CpuFeatures Features { get; init; }

    /// <summary>Width of physical addresses in bits (MAXPHYADDR).</summary>
    public byte PhysicalBits { get; init; } = 48;

    /// <summary>True when every feature of <paramref name="features"/> exists.</summary>
    public bool Has(CpuFeatures features) => (Features & features) == features;

    /// <summary>What software may set in CR4 and IA32_EFER; any other bit is reserved.</summary>
    public ControlLimits LimitsAt(byte maxPhyAddr)
    {
        ulong cr4 = Cr4Bits.Vme | Cr4Bits.Pvi | Cr4Bits.Tsd | Cr4Bits.De | Cr4Bits.Pse | Cr4Bits.Pae | Cr4Bits.Mce | Cr4Bits.Pge
            | Cr4Bits.Pce | Cr4Bits.Osfxsr | Cr4Bits.Osxmmexcpt
            | If(CpuFeatures.Umip, Cr4Bits.Umip) | If(CpuFeatures.Xsave, Cr4Bits.Osxsave) | If(CpuFeatures.FsGsBase, Cr4Bits.Fsgsbase)
            | If(CpuFeatures.Pcid, Cr4Bits.Pcide) | If(CpuFeatures.Smep, Cr4Bits.Smep)
            | If(CpuFeatures.Smap, Cr4Bits.Smap) | If(CpuFeatures.Pku, Cr4Bits.Pke) | If(CpuFeatures.La57, Cr4Bits.La57);
        return new ControlLimits(cr4, EferBits.Sce | EferBits.Lme | EferBits.Lma | If(CpuFeatures.Nx, EferBits.Nxe), maxPhyAddr);
    }

    /// <summary>The state components that XCR0 may name: x87 and SSE always, AVX and PKRU with their features; 0 without XSAVE.</summary>
    public ulong StateComponents =>
        If(CpuFeatures.Xsave, XsaveComponents.X87 | XsaveComponents.Sse) | If(CpuFeatures.Avx, XsaveComponents.Avx)
        | If(CpuFeatures.Pku, XsaveComponents.Pkru);

    /// <summary>What CPUID gives for <paramref name="eax"/> and <paramref name="ecx"/>; leaves that do not exist are zero.</summary>
    public CpuidLeaf Leaf(uint eax, uint ecx, ControlRegisters control)
    {
        uint subleaf = eax is 4 or 7 or 0xD ? ecx : 0;
        CpuidLeaf frame = eax switch
        {
            0 => Named(HighestStandard),
            1 => new CpuidLeaf(Signature.Leaf1, BasicEbx, Hypervisor | (Has(CpuFeatures.Xsave) && (control.Cr4 & Cr4Bits.Osxsave) != 0 ? OsXsave : 0), 0),
            2 => new CpuidLeaf(0x00FF_FF01, 0, 0, 0),
            4 => Cache(ecx),
            7 when ecx == 0 => new CpuidLeaf(0, 0, Has(CpuFeatures.Pku) && (control.Cr4 & Cr4Bits.Pke) != 0 ? OsPke : 0, 0),
            0xD => StateLeaf(ecx, control),
            HypervisorLeaf => new CpuidLeaf(HypervisorLeaf, Letters(Emulator, 0), Letters(Emulator, 4), Letters(Emulator, 8)),
            0x8000_0000 => Named(HighestExtended),
            0x8000_0001 => new CpuidLeaf(Signature.Leaf1, 0, 0, 0),
            >= 0x8000_0002 and <= 0x8000_0004 => BrandPart((int)(eax - 0x8000_0002) * 16),
            0x8000_0005 => new CpuidLeaf(0, 0, 0x2008_0140, 0x2008_0140),
            0x8000_0006 => new CpuidLeaf(0, 0, 0x0200_6140, 0x0040_8140),
            0x8000_0008 => new CpuidLeaf(PhysicalBits | ((Has(CpuFeatures.La57) ? 57U : 48U) << 8), 0, 0, 0),
            _ => default,
        };
        return WithFeatures(frame, eax, subleaf);
    }

    /// <summary>CLFLUSH line of 64 bytes, one logical processor.</summary>
    private static uint BasicEbx => 0x0001_0800;

    private CpuidLeaf WithFeatures(in CpuidLeaf leaf, uint eax, uint subleaf)
    {
        Span<uint> registers = [leaf.Eax, leaf.Ebx, leaf.Ecx, leaf.Edx];
        foreach (CpuFeatureRow row in CpuFeatureTable.Rows)
        {
            if (!Has(row.Feature))
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
    private CpuidLeaf StateLeaf(uint component, ControlRegisters control)
    {
        ulong all = StateComponents;
        return component switch
        {
            0 when all != 0 => new CpuidLeaf((uint)all, (uint)XsaveComponents.StandardBytes(control.Xcr0), (uint)XsaveComponents.StandardBytes(all), 0),
            1 when Has(CpuFeatures.XsaveC) => new CpuidLeaf(0, (uint)XsaveComponents.CompactedBytes(control.Xcr0), 0, 0),
            2 when Has(CpuFeatures.Avx) => new CpuidLeaf(XsaveComponents.AvxBytes, XsaveComponents.AvxOffset, 0, 0),
            9 when Has(CpuFeatures.Pku) => new CpuidLeaf(XsaveComponents.PkruBytes, XsaveComponents.PkruOffset, 0, 0),
            _ => default,
        };
    }

    private ulong If(CpuFeatures feature, ulong bit) => Has(feature) ? bit : 0;

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

    private CpuidLeaf Named(uint highest) => new(highest, Letters(Vendor, 0), Letters(Vendor, 8), Letters(Vendor, 4));

    private CpuidLeaf BrandPart(int at) =>
        new(Letters(Brand, at), Letters(Brand, at + 4), Letters(Brand, at + 8), Letters(Brand, at + 12));

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
