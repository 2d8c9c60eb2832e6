namespace MmuEmu.Emulator.Models;

/// <summary>Features that CPUID reports and the core obeys.</summary>
/// <remarks>
/// Names, CPUID bits and what each needs are in <see cref="CpuFeatureTable"/>.
/// Source: [SDM2 "CPUID"], [APM3 "Obtaining Processor Information Via the CPUID Instruction"].
/// </remarks>
[Flags]
public enum CpuFeatures : ulong
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>x87.</summary>
    Fpu = 1UL << 0,

    /// <summary>RDTSC and CR4.TSD.</summary>
    Tsc = 1UL << 1,

    /// <summary>CMPXCHG8B.</summary>
    Cx8 = 1UL << 2,

    /// <summary>CMOVcc, and FCMOVcc where there is x87.</summary>
    Cmov = 1UL << 3,

    /// <summary>CLFLUSH.</summary>
    Clflush = 1UL << 4,

    /// <summary>MMX.</summary>
    Mmx = 1UL << 5,

    /// <summary>FXSAVE and FXRSTOR.</summary>
    Fxsr = 1UL << 6,

    /// <summary>SSE.</summary>
    Sse = 1UL << 7,

    /// <summary>SSE2.</summary>
    Sse2 = 1UL << 8,

    /// <summary>CMPXCHG16B.</summary>
    Cx16 = 1UL << 9,

    /// <summary>RDFSBASE and kin, where CR4.FSGSBASE allows.</summary>
    FsGsBase = 1UL << 10,

    /// <summary>SMEP.</summary>
    Smep = 1UL << 11,

    /// <summary>SMAP, CLAC and STAC.</summary>
    Smap = 1UL << 12,

    /// <summary>Process-context identifiers.</summary>
    Pcid = 1UL << 13,

    /// <summary>INVPCID.</summary>
    Invpcid = 1UL << 14,

    /// <summary>Protection keys for user pages.</summary>
    Pku = 1UL << 15,

    /// <summary>Page attribute table, global pages and large pages.</summary>
    Paging = 1UL << 16,

    /// <summary>Execute-disable.</summary>
    Nx = 1UL << 17,

    /// <summary>1 GiB pages.</summary>
    Page1G = 1UL << 18,

    /// <summary>RDTSCP.</summary>
    Rdtscp = 1UL << 19,

    /// <summary>LAHF and SAHF in 64-bit mode.</summary>
    Lahf = 1UL << 20,

    /// <summary>SYSCALL, model-specific registers and 64-bit mode.</summary>
    LongMode = 1UL << 21,

    /// <summary>Five-level paging.</summary>
    La57 = 1UL << 22,

    /// <summary>SYSENTER and SYSEXIT.</summary>
    Sep = 1UL << 23,

    /// <summary>SSE3, and FISTTP where there is x87.</summary>
    Sse3 = 1UL << 24,

    /// <summary>SSSE3.</summary>
    Ssse3 = 1UL << 25,

    /// <summary>SSE4.1.</summary>
    Sse41 = 1UL << 26,

    /// <summary>SSE4.2, CRC32 included.</summary>
    Sse42 = 1UL << 27,

    /// <summary>POPCNT.</summary>
    Popcnt = 1UL << 28,

    /// <summary>MOVBE.</summary>
    Movbe = 1UL << 29,

    /// <summary>XSAVE, XRSTOR, XGETBV and XSETBV.</summary>
    Xsave = 1UL << 30,

    /// <summary>AVX.</summary>
    Avx = 1UL << 31,

    /// <summary>AVX2.</summary>
    Avx2 = 1UL << 32,

    /// <summary>FMA: fused multiply-add of three operands.</summary>
    Fma = 1UL << 33,

    /// <summary>Conversions between half and single precision.</summary>
    F16c = 1UL << 34,

    /// <summary>BMI1, TZCNT included.</summary>
    Bmi1 = 1UL << 35,

    /// <summary>BMI2.</summary>
    Bmi2 = 1UL << 36,

    /// <summary>LZCNT.</summary>
    Lzcnt = 1UL << 37,

    /// <summary>AES round instructions.</summary>
    Aes = 1UL << 38,

    /// <summary>Carry-less multiplication.</summary>
    Pclmulqdq = 1UL << 39,

    /// <summary>SHA-1 and SHA-256 instructions.</summary>
    Sha = 1UL << 40,

    /// <summary>ADCX and ADOX.</summary>
    Adx = 1UL << 41,

    /// <summary>RDRAND.</summary>
    Rdrand = 1UL << 42,

    /// <summary>RDSEED.</summary>
    Rdseed = 1UL << 43,

    /// <summary>RDPID.</summary>
    Rdpid = 1UL << 44,

    /// <summary>User-mode instruction prevention.</summary>
    Umip = 1UL << 45,

    /// <summary>XSAVEOPT.</summary>
    XsaveOpt = 1UL << 46,

    /// <summary>XSAVEC and the compacted format of XRSTOR.</summary>
    XsaveC = 1UL << 47,

    /// <summary>XGETBV with ECX = 1: which components are in use.</summary>
    Xgetbv1 = 1UL << 48,

    /// <summary>CLFLUSHOPT.</summary>
    ClflushOpt = 1UL << 49,

    /// <summary>CLWB.</summary>
    Clwb = 1UL << 50,

    /// <summary>PREFETCHW, which is a no-op without it.</summary>
    PrefetchW = 1UL << 51,

    /// <summary>REP MOVSB and STOSB are fast.</summary>
    Erms = 1UL << 52,

    /// <summary>REP MOVSB is fast for short lengths too.</summary>
    Fsrm = 1UL << 53,

    /// <summary>AES rounds on YMM registers.</summary>
    Vaes = 1UL << 54,

    /// <summary>Carry-less multiplication on YMM registers.</summary>
    Vpclmulqdq = 1UL << 55,

    /// <summary>Arithmetic on bytes in GF(2^8).</summary>
    Gfni = 1UL << 56,

    /// <summary>SERIALIZE, which Intel's processors have.</summary>
    Serialize = 1UL << 57,

    /// <summary>An extension that no model has, such as AVX-512: never reported, and its instructions are #UD.</summary>
    Foreign = 1UL << 63,
}
