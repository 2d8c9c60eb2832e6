namespace MmuEmu.Emulator.Cpu;

/// <summary>The processors that can be chosen by name: the levels of the x86-64 psABI, and one with all that is built.</summary>
/// <remarks>
/// A level is what the psABI says and no more, as far as user programs can see it, but for what that document leaves to the system:
/// the features of the MMU, FSGSBASE and RDTSCP are in every model. Vendor, family and model are those of AMD processors with these
/// features, whose choices the core follows where the architecture leaves one. Source: [x86-64 psABI, "Micro-Architecture Levels"].
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
    public static CpuModel V1 { get; } = Named("x86-64-v1", Level1, new CpuSignature(15, 4, 8));

    /// <summary>x86-64-v2: with CMPXCHG16B, POPCNT and SSE to 4.2.</summary>
    public static CpuModel V2 { get; } = Named("x86-64-v2", Level2, new CpuSignature(22, 0, 1));

    /// <summary>x86-64-v3: with AVX2, BMI, FMA and XSAVE.</summary>
    public static CpuModel V3 { get; } = Named("x86-64-v3", Level3, new CpuSignature(23, 1, 2));

    /// <summary>Everything that this processor can do, five-level paging apart.</summary>
    public static CpuModel Max { get; } = Named("max", Everything, new CpuSignature(25, 1, 1));

    /// <summary>The model of a run that asks for none: x86-64-v3.</summary>
    public static CpuModel Default => V3;

    /// <summary>All models, the smallest first.</summary>
    public static IReadOnlyList<CpuModel> All { get; } = [V1, V2, V3, Max];

    private static CpuModel Named(string name, CpuFeatures features, CpuSignature signature) =>
        new() { Name = name, Brand = $"MmuEmu {name}", Features = features, Signature = signature };
}
