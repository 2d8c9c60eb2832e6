namespace MmuEmu.Emulator.Models;

/// <summary>The processors that can be chosen by name: the levels of the x86-64 psABI, and one with all that is built.</summary>
/// <remarks>
/// A level is what the psABI says and no more, as far as user programs can see it, but for what that document leaves to the system:
/// the features of the MMU, FSGSBASE and RDTSCP are in every model. The vendor is AMD unless another is asked for; family and model are
/// those of the vendor's processors with about these features. Source: [x86-64 psABI, "Micro-Architecture Levels"].
/// </remarks>
public static class CpuModels
{
    private const CpuFeatures System =
        CpuFeatures.LongMode | CpuFeatures.Paging | CpuFeatures.Nx | CpuFeatures.Page1G | CpuFeatures.Pcid | CpuFeatures.Invpcid
        | CpuFeatures.Smep | CpuFeatures.Smap | CpuFeatures.Umip | CpuFeatures.FsGsBase | CpuFeatures.Tsc | CpuFeatures.Rdtscp
        | CpuFeatures.Sep | CpuFeatures.Clflush;

    private const CpuFeatures Level1 =
        System | CpuFeatures.Fpu | CpuFeatures.Cx8 | CpuFeatures.Cmov | CpuFeatures.Mmx | CpuFeatures.Fxsr | CpuFeatures.Sse
        | CpuFeatures.Sse2;

    private const CpuFeatures Level2 =
        Level1 | CpuFeatures.Cx16 | CpuFeatures.Lahf | CpuFeatures.Popcnt | CpuFeatures.Sse3 | CpuFeatures.Ssse3 | CpuFeatures.Sse41
        | CpuFeatures.Sse42;

    private const CpuFeatures Level3 =
        Level2 | CpuFeatures.Xsave | CpuFeatures.Avx | CpuFeatures.Avx2 | CpuFeatures.Bmi1 | CpuFeatures.Bmi2 | CpuFeatures.F16c
        | CpuFeatures.Fma | CpuFeatures.Lzcnt | CpuFeatures.Movbe | CpuFeatures.Pku;

    private const CpuFeatures Everything =
        Level3 | CpuFeatures.XsaveOpt | CpuFeatures.XsaveC | CpuFeatures.Xgetbv1 | CpuFeatures.Aes | CpuFeatures.Pclmulqdq
        | CpuFeatures.Vaes | CpuFeatures.Vpclmulqdq | CpuFeatures.Gfni | CpuFeatures.Sha | CpuFeatures.Adx | CpuFeatures.Rdrand | CpuFeatures.Rdseed
        | CpuFeatures.Rdpid | CpuFeatures.ClflushOpt
        | CpuFeatures.Clwb | CpuFeatures.PrefetchW | CpuFeatures.Erms | CpuFeatures.Fsrm;

    /// <summary>x86-64-v1: the baseline, SSE2.</summary>
    public static CpuModel V1 { get; } = Named("x86-64-v1", Level1);

    /// <summary>x86-64-v2: with CMPXCHG16B, POPCNT and SSE to 4.2.</summary>
    public static CpuModel V2 { get; } = Named("x86-64-v2", Level2);

    /// <summary>x86-64-v3: with AVX2, BMI, FMA and XSAVE.</summary>
    public static CpuModel V3 { get; } = Named("x86-64-v3", Level3);

    /// <summary>Everything that this processor can do, five-level paging apart.</summary>
    public static CpuModel Max { get; } = Named("max", Everything);

    /// <summary>The model of a run that asks for none: x86-64-v3.</summary>
    public static CpuModel Default => V3;

    /// <summary>All models, the smallest first.</summary>
    public static IReadOnlyList<CpuModel> All { get; } = [V1, V2, V3, Max];

    /// <summary>Family, model and stepping of a processor of <paramref name="vendor"/> with about the features of <paramref name="model"/>.</summary>
    /// <remarks>
    /// AMD: K8, Jaguar, Zen, Zen 3. Intel: Core 2 (Merom), Westmere, Haswell, Raptor Cove. Source: [Linux arch/x86/include/asm/intel-family.h];
    /// [Linux arch/x86/kernel/cpu/amd.c].
    /// </remarks>
    internal static CpuSignature SignatureOf(CpuModel model, CpuVendor vendor) => (vendor, LevelOf(model)) switch
    {
        (CpuVendor.Amd, 1) => new CpuSignature(15, 4, 8),
        (CpuVendor.Amd, 2) => new CpuSignature(22, 0, 1),
        (CpuVendor.Amd, 3) => new CpuSignature(23, 1, 2),
        (CpuVendor.Amd, _) => new CpuSignature(25, 1, 1),
        (_, 1) => new CpuSignature(6, 15, 11),
        (_, 2) => new CpuSignature(6, 44, 2),
        (_, 3) => new CpuSignature(6, 60, 3),
        _ => new CpuSignature(6, 207, 2),
    };

    private static int LevelOf(CpuModel model) =>
        model.Has(CpuFeatures.Aes | CpuFeatures.Avx2) ? 4 : model.Has(CpuFeatures.Avx2) ? 3 : model.Has(CpuFeatures.Sse42) ? 2 : 1;

    private static CpuModel Named(string name, CpuFeatures features) =>
        new CpuModel { Name = name, Brand = $"MmuEmu {name}", Features = features }.MadeBy(CpuVendor.Amd);
}
