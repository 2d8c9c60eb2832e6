using Iced.Intel;
using MmuEmu.Emulator.Models;

namespace MmuEmu.Emulator.Decode;

/// <summary>Which features an instruction needs: Iced's facts, in the words of this processor's models.</summary>
/// <remarks>
/// Asked once for each decoded instruction. What no row names belongs to no model, and is #UD as on a processor without it.
/// PREFETCHW, CLDEMOTE, RDSSP and ENDBR are hints that processors without them pass over.
/// </remarks>
public static class FeatureGate
{
    /// <summary>Iced knows these as one option; no maker has one without the others.</summary>
    private const CpuHabits OneOption =
        CpuHabits.NarrowNearBranches | CpuHabits.UndefinedWithoutOperand | CpuHabits.LockedCr0IsCr8 | CpuHabits.ShortFarPointers;

    private static readonly CpuFeatures[] Table = Build();

    private static ReadOnlySpan<CpuidFeature> Always =>
    [
        CpuidFeature.INTEL8086, CpuidFeature.INTEL186, CpuidFeature.INTEL286, CpuidFeature.INTEL386, CpuidFeature.INTEL486, CpuidFeature.X64,
        CpuidFeature.CPUID, CpuidFeature.PAUSE, CpuidFeature.MULTIBYTENOP, CpuidFeature.SMM, CpuidFeature.RDPMC, CpuidFeature.PREFETCHW,
        CpuidFeature.PREFETCHWT1, CpuidFeature.PREFETCHITI, CpuidFeature.CLDEMOTE, CpuidFeature.CET_IBT,
    ];

    private static (CpuidFeature Iced, CpuFeatures Needs)[] Rows =>
    [
        (CpuidFeature.FPU, CpuFeatures.Fpu),
        (CpuidFeature.FPU287, CpuFeatures.Fpu),
        (CpuidFeature.FPU387, CpuFeatures.Fpu),
        (CpuidFeature.TSC, CpuFeatures.Tsc),
        (CpuidFeature.MSR, CpuFeatures.LongMode),
        (CpuidFeature.SYSCALL, CpuFeatures.LongMode),
        (CpuidFeature.CX8, CpuFeatures.Cx8),
        (CpuidFeature.SEP, CpuFeatures.Sep),
        (CpuidFeature.CMOV, CpuFeatures.Cmov),
        (CpuidFeature.CLFSH, CpuFeatures.Clflush),
        (CpuidFeature.MMX, CpuFeatures.Mmx),
        (CpuidFeature.FXSR, CpuFeatures.Fxsr),
        (CpuidFeature.SSE, CpuFeatures.Sse),
        (CpuidFeature.SSE2, CpuFeatures.Sse2),
        (CpuidFeature.CMPXCHG16B, CpuFeatures.Cx16),
        (CpuidFeature.POPCNT, CpuFeatures.Popcnt),
        (CpuidFeature.SSE3, CpuFeatures.Sse3),
        (CpuidFeature.SSSE3, CpuFeatures.Ssse3),
        (CpuidFeature.SSE4_1, CpuFeatures.Sse41),
        (CpuidFeature.SSE4_2, CpuFeatures.Sse42),
        (CpuidFeature.XSAVE, CpuFeatures.Xsave),
        (CpuidFeature.XSAVEOPT, CpuFeatures.XsaveOpt),
        (CpuidFeature.XSAVEC, CpuFeatures.XsaveC),
        (CpuidFeature.AVX, CpuFeatures.Avx),
        (CpuidFeature.AVX2, CpuFeatures.Avx2),
        (CpuidFeature.FMA, CpuFeatures.Fma),
        (CpuidFeature.F16C, CpuFeatures.F16c),
        (CpuidFeature.BMI1, CpuFeatures.Bmi1),
        (CpuidFeature.BMI2, CpuFeatures.Bmi2),
        (CpuidFeature.LZCNT, CpuFeatures.Lzcnt),
        (CpuidFeature.MOVBE, CpuFeatures.Movbe),
        (CpuidFeature.FSGSBASE, CpuFeatures.FsGsBase),
        (CpuidFeature.RDTSCP, CpuFeatures.Rdtscp),
        (CpuidFeature.INVPCID, CpuFeatures.Invpcid),
        (CpuidFeature.SMAP, CpuFeatures.Smap),
        (CpuidFeature.PKU, CpuFeatures.Pku),
        (CpuidFeature.AES, CpuFeatures.Aes),
        (CpuidFeature.PCLMULQDQ, CpuFeatures.Pclmulqdq),
        (CpuidFeature.VAES, CpuFeatures.Vaes),
        (CpuidFeature.VPCLMULQDQ, CpuFeatures.Vpclmulqdq),
        (CpuidFeature.SHA, CpuFeatures.Sha),
        (CpuidFeature.GFNI, CpuFeatures.Gfni),
        (CpuidFeature.ADX, CpuFeatures.Adx),
        (CpuidFeature.RDRAND, CpuFeatures.Rdrand),
        (CpuidFeature.RDSEED, CpuFeatures.Rdseed),
        (CpuidFeature.RDPID, CpuFeatures.Rdpid),
        (CpuidFeature.CLFLUSHOPT, CpuFeatures.ClflushOpt),
        (CpuidFeature.CLWB, CpuFeatures.Clwb),
        (CpuidFeature.SERIALIZE, CpuFeatures.Serialize),
    ];

    /// <summary>The features without which <paramref name="code"/> is #UD; <see cref="CpuFeatures.Foreign"/> among them when no model has it.</summary>
    public static CpuFeatures NeedsOf(Code code)
    {
        CpuFeatures needs = code switch
        {
            Code.Lahf or Code.Sahf => CpuFeatures.Lahf,
            Code.Rdsspd_r32 or Code.Rdsspq_r64 => CpuFeatures.None,
            _ => Listed(code),
        };
        return needs;
    }

    /// <summary>How the bytes are read: without TZCNT or LZCNT their prefix means nothing, and BSF or BSR is left; lengths of some forms are the maker's.</summary>
    /// <remarks>Source: [SDM2 "TZCNT", "LZCNT", "WBNOINVD"].</remarks>
    public static DecoderOptions OptionsOf(CpuModel model) =>
        DecoderOptions.NoWbnoinvd
        | (model.Has(CpuFeatures.Bmi1) ? DecoderOptions.None : DecoderOptions.NoMPFX_0FBC)
        | (model.Has(CpuFeatures.Lzcnt) ? DecoderOptions.None : DecoderOptions.NoMPFX_0FBD)
        | (model.Has(OneOption) ? DecoderOptions.AMD : DecoderOptions.None);

    private static CpuFeatures Listed(Code code)
    {
        CpuFeatures needs = CpuFeatures.None;
        foreach (CpuidFeature feature in code.CpuidFeatures())
        {
            needs |= Table[(int)feature];
        }

        return needs;
    }

    private static CpuFeatures[] Build()
    {
        CpuFeatures[] table = new CpuFeatures[Enum.GetValues<CpuidFeature>().Length];
        Array.Fill(table, CpuFeatures.Foreign);
        foreach (CpuidFeature feature in Always)
        {
            table[(int)feature] = CpuFeatures.None;
        }

        foreach ((CpuidFeature feature, CpuFeatures needs) in Rows)
        {
            table[(int)feature] = needs;
        }

        return table;
    }
}
