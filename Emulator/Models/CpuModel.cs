using MmuEmu.Emulator.Timing;
using MmuEmu.Emulator.Translation;

namespace MmuEmu.Emulator.Models;

/// <summary>A processor as CPUID shows it: its features, address widths and caches.</summary>
/// <remarks>
/// A model names what exists; another model is this record with other features. Source: [SDM2 "CPUID"], [APM3 "CPUID"].
/// </remarks>
public sealed record CpuModel
{
    /// <summary>What it is called in <c>--cpu</c>.</summary>
    public string Name { get; init; } = "custom";

    /// <summary>Whom CPUID leaf 0 names, and whose caches and TLBs its leaves describe in their manner.</summary>
    public CpuVendor Vendor { get; init; }

    /// <summary>Twelve ASCII characters: the vendor as CPUID leaf 0 spells it.</summary>
    /// <remarks>Programs pick their fast functions by feature bits only when they know the vendor.</remarks>
    public string VendorName => Vendor == CpuVendor.Intel ? "GenuineIntel" : "AuthenticAMD";

    /// <summary>At most 47 ASCII characters.</summary>
    public string Brand { get; init; } = "MmuEmu x86-64";

    /// <summary>Family, model and stepping.</summary>
    public CpuSignature Signature { get; init; } = new(15, 4, 8);

    /// <summary>What exists.</summary>
    public required CpuFeatures Features { get; init; }

    /// <summary>What it does where the architecture leaves a choice.</summary>
    public CpuHabits Habits { get; init; }

    /// <summary>The caches and TLBs that CPUID tells of; who builds a machine from a preset gives that preset's.</summary>
    public CpuGeometry Geometry { get; init; } = CpuGeometry.Default;

    /// <summary>The machine of a run that asks for none: Zen 5, or Golden Cove where Intel is the vendor.</summary>
    public MachinePreset DefaultPreset => Vendor == CpuVendor.Intel ? MachinePresets.GoldenCove : MachinePresets.Zen5;

    /// <summary>Width of physical addresses in bits (MAXPHYADDR).</summary>
    public byte PhysicalBits { get; init; } = 48;

    /// <summary>True when every feature of <paramref name="features"/> exists.</summary>
    public bool Has(CpuFeatures features) => (Features & features) == features;

    /// <summary>True when the model has <paramref name="habit"/>.</summary>
    public bool Has(CpuHabits habit) => (Habits & habit) != 0;

    /// <summary>The same features as made by <paramref name="vendor"/>: its habits, its family and model.</summary>
    public CpuModel MadeBy(CpuVendor vendor) =>
        this with { Vendor = vendor, Habits = CpuHabitTable.Of(vendor), Signature = CpuModels.SignatureOf(this, vendor) };

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

    private ulong If(CpuFeatures feature, ulong bit) => Has(feature) ? bit : 0;
}
