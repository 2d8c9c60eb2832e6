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
    private const uint Pke = 1 << 22;

    /// <summary>The baseline of x86-64, with CMPXCHG16B, the FS/GS base instructions and what the MMU models.</summary>
    public static CpuModel Baseline { get; } = new();

    /// <summary>Twelve ASCII characters: whom CPUID leaf 0 names.</summary>
    public string Vendor { get; init; } = "MmuEmuMmuEmu";

    /// <summary>At most 47 ASCII characters.</summary>
    public string Brand { get; init; } = "MmuEmu x86-64";

    /// <summary>What exists.</summary>
    public CpuFeatures Features { get; init; } =
        CpuFeatures.Fpu | CpuFeatures.Tsc | CpuFeatures.Cx8 | CpuFeatures.Cmov | CpuFeatures.Clflush | CpuFeatures.Mmx
        | CpuFeatures.Fxsr | CpuFeatures.Sse | CpuFeatures.Sse2 | CpuFeatures.Cx16 | CpuFeatures.FsGsBase
        | CpuFeatures.Smep | CpuFeatures.Smap | CpuFeatures.Pcid | CpuFeatures.Invpcid | CpuFeatures.Pku | CpuFeatures.Paging
        | CpuFeatures.Nx | CpuFeatures.Page1G | CpuFeatures.Rdtscp | CpuFeatures.Lahf | CpuFeatures.LongMode;

    /// <summary>Width of physical addresses in bits (MAXPHYADDR).</summary>
    public byte PhysicalBits { get; init; } = 48;

    /// <summary>True when every feature of <paramref name="features"/> exists.</summary>
    public bool Has(CpuFeatures features) => (Features & features) == features;

    /// <summary>What software may set in CR4 and IA32_EFER; any other bit is reserved.</summary>
    public ControlLimits LimitsAt(byte maxPhyAddr)
    {
        ulong cr4 = Cr4Bits.Vme | Cr4Bits.Pvi | Cr4Bits.Tsd | Cr4Bits.De | Cr4Bits.Pse | Cr4Bits.Pae | Cr4Bits.Mce | Cr4Bits.Pge
            | Cr4Bits.Pce | Cr4Bits.Osfxsr | Cr4Bits.Osxmmexcpt | Cr4Bits.Umip
            | If(CpuFeatures.FsGsBase, Cr4Bits.Fsgsbase) | If(CpuFeatures.Pcid, Cr4Bits.Pcide) | If(CpuFeatures.Smep, Cr4Bits.Smep)
            | If(CpuFeatures.Smap, Cr4Bits.Smap) | If(CpuFeatures.Pku, Cr4Bits.Pke) | If(CpuFeatures.La57, Cr4Bits.La57);
        return new ControlLimits(cr4, EferBits.Sce | EferBits.Lme | EferBits.Lma | If(CpuFeatures.Nx, EferBits.Nxe), maxPhyAddr);
    }

    /// <summary>What CPUID gives for <paramref name="eax"/> and <paramref name="ecx"/>; leaves that do not exist are zero.</summary>
    public CpuidLeaf Leaf(uint eax, uint ecx, ControlRegisters control) => eax switch
    {
        0 => Named(HighestStandard),
        1 => new CpuidLeaf(Signature, BasicEbx, BasicEcx, BasicEdx),
        2 => new CpuidLeaf(0x00FF_FF01, 0, 0, 0),
        4 => Cache(ecx),
        7 => ecx == 0 ? new CpuidLeaf(0, StructuredEbx, StructuredEcx(control), 0) : default,
        0x8000_0000 => Named(HighestExtended),
        0x8000_0001 => new CpuidLeaf(Signature, 0, Bit(CpuFeatures.Lahf, 0), ExtendedEdx),
        >= 0x8000_0002 and <= 0x8000_0004 => BrandPart((int)(eax - 0x8000_0002) * 16),
        0x8000_0005 => new CpuidLeaf(0, 0, 0x2008_0140, 0x2008_0140),
        0x8000_0006 => new CpuidLeaf(0, 0, 0x0200_6140, 0),
        0x8000_0008 => new CpuidLeaf(PhysicalBits | ((Has(CpuFeatures.La57) ? 57U : 48U) << 8), 0, 0, 0),
        _ => default,
    };

    /// <summary>Family 6, model 1: old enough that no program infers features from it.</summary>
    private static uint Signature => 0x0000_0611;

    /// <summary>CLFLUSH line of 64 bytes, one logical processor.</summary>
    private static uint BasicEbx => 0x0001_0800;

    private uint BasicEcx => Bit(CpuFeatures.Cx16, 13) | Bit(CpuFeatures.Pcid, 17);

    private uint BasicEdx =>
        Bit(CpuFeatures.Fpu, 0) | Bit(CpuFeatures.Paging, 3) | Bit(CpuFeatures.Tsc, 4) | Bit(CpuFeatures.LongMode, 5)
        | Bit(CpuFeatures.Paging, 6) | Bit(CpuFeatures.Cx8, 8) | Bit(CpuFeatures.Paging, 13) | Bit(CpuFeatures.Cmov, 15)
        | Bit(CpuFeatures.Paging, 16) | Bit(CpuFeatures.Clflush, 19) | Bit(CpuFeatures.Mmx, 23) | Bit(CpuFeatures.Fxsr, 24)
        | Bit(CpuFeatures.Sse, 25) | Bit(CpuFeatures.Sse2, 26);

    private uint StructuredEbx =>
        Bit(CpuFeatures.FsGsBase, 0) | Bit(CpuFeatures.Smep, 7) | Bit(CpuFeatures.Invpcid, 10) | Bit(CpuFeatures.Smap, 20);

    private uint ExtendedEdx =>
        (BasicEdx & 0x0183_A179 & ~(1U << 19))
        | Bit(CpuFeatures.LongMode, 11) | Bit(CpuFeatures.Nx, 20) | Bit(CpuFeatures.Page1G, 26)
        | Bit(CpuFeatures.Rdtscp, 27) | Bit(CpuFeatures.LongMode, 29);

    private uint StructuredEcx(ControlRegisters control) =>
        Bit(CpuFeatures.Pku, 3) | (Has(CpuFeatures.Pku) && (control.Cr4 & Pke) != 0 ? 1U << 4 : 0) | Bit(CpuFeatures.La57, 16);

    private ulong If(CpuFeatures feature, ulong bit) => Has(feature) ? bit : 0;

    private uint Bit(CpuFeatures feature, int bit) => Has(feature) ? 1U << bit : 0;

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
