namespace MmuEmu.Emulator.Cpu;

/// <summary>Features that CPUID reports and the core obeys.</summary>
/// <remarks>Source: [SDM2 "CPUID"], [APM3 "Obtaining Processor Information Via the CPUID Instruction"].</remarks>
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

    /// <summary>CMOVcc.</summary>
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

    /// <summary>SMAP.</summary>
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

    /// <summary>SYSCALL and 64-bit mode.</summary>
    LongMode = 1UL << 21,

    /// <summary>Five-level paging.</summary>
    La57 = 1UL << 22,
}
