namespace MmuEmu.Emulator.Models;

/// <summary>What users call a feature, what it needs, and where CPUID shows it.</summary>
/// <param name="Feature">The feature, one bit.</param>
/// <param name="Name">Its name in <c>--cpu</c>: that of Linux's /proc/cpuinfo.</param>
/// <param name="Needs">The features without which it cannot be; their own needs are not repeated.</param>
/// <param name="Bits">Its CPUID bits.</param>
/// <param name="What">What it brings, for people.</param>
public sealed record CpuFeatureRow(CpuFeatures Feature, string Name, CpuFeatures Needs, CpuidBit[] Bits, string What);

/// <summary>Every feature that a model may have: the one table behind CPUID, <c>--cpu</c> and the list of features.</summary>
/// <remarks>
/// Dependencies are those of the state an instruction works on (AVX registers need XSAVE to be enabled) and those that software
/// relies on. Source: [SDM2 "CPUID"], [APM3 "CPUID"], [Linux arch/x86/kernel/cpu/cpuid-deps.c, cpuid_deps].
/// </remarks>
public static class CpuFeatureTable
{
    private const uint Extended = 0x8000_0001;

    /// <summary>The features, in the order of the levels of x86-64.</summary>
    public static IReadOnlyList<CpuFeatureRow> Rows { get; } =
    [
        new(CpuFeatures.LongMode, "lm", 0, [Edx(1, 5), Edx(Extended, 11), Edx(Extended, 29)], "64-bit mode, SYSCALL, RDMSR and WRMSR"),
        new(CpuFeatures.Paging, "paging", 0, [Edx(1, 3), Edx(1, 6), Edx(1, 13), Edx(1, 16), Edx(1, 17)], "PSE, PAE, PGE, PAT and PSE-36"),
        new(CpuFeatures.Nx, "nx", 0, [Edx(Extended, 20)], "execute-disable, EFER.NXE"),
        new(CpuFeatures.Fpu, "fpu", 0, [Edx(1, 0)], "x87"),
        new(CpuFeatures.Tsc, "tsc", 0, [Edx(1, 4)], "RDTSC"),
        new(CpuFeatures.Cx8, "cx8", 0, [Edx(1, 8)], "CMPXCHG8B"),
        new(CpuFeatures.Sep, "sep", 0, [Edx(1, 11)], "SYSENTER and SYSEXIT"),
        new(CpuFeatures.Cmov, "cmov", 0, [Edx(1, 15)], "CMOVcc, FCMOVcc"),
        new(CpuFeatures.Clflush, "clflush", 0, [Edx(1, 19)], "CLFLUSH"),
        new(CpuFeatures.Mmx, "mmx", CpuFeatures.Fpu, [Edx(1, 23)], "MMX"),
        new(CpuFeatures.Fxsr, "fxsr", CpuFeatures.Fpu, [Edx(1, 24)], "FXSAVE and FXRSTOR"),
        new(CpuFeatures.Sse, "sse", CpuFeatures.Fxsr | CpuFeatures.Mmx, [Edx(1, 25)], "SSE"),
        new(CpuFeatures.Sse2, "sse2", CpuFeatures.Sse, [Edx(1, 26)], "SSE2"),
        new(CpuFeatures.Cx16, "cx16", CpuFeatures.Cx8, [Ecx(1, 13)], "CMPXCHG16B"),
        new(CpuFeatures.Lahf, "lahf_lm", 0, [Ecx(Extended, 0)], "LAHF and SAHF in 64-bit mode"),
        new(CpuFeatures.Popcnt, "popcnt", 0, [Ecx(1, 23)], "POPCNT"),
        new(CpuFeatures.Sse3, "sse3", CpuFeatures.Sse2, [Ecx(1, 0)], "SSE3, FISTTP"),
        new(CpuFeatures.Ssse3, "ssse3", CpuFeatures.Sse3, [Ecx(1, 9)], "SSSE3"),
        new(CpuFeatures.Sse41, "sse4_1", CpuFeatures.Ssse3, [Ecx(1, 19)], "SSE4.1"),
        new(CpuFeatures.Sse42, "sse4_2", CpuFeatures.Sse41, [Ecx(1, 20)], "SSE4.2, CRC32"),
        new(CpuFeatures.Xsave, "xsave", CpuFeatures.Fxsr, [Ecx(1, 26)], "XSAVE, XRSTOR, XGETBV, XSETBV, XCR0"),
        new(CpuFeatures.Avx, "avx", CpuFeatures.Sse42 | CpuFeatures.Xsave, [Ecx(1, 28)], "AVX"),
        new(CpuFeatures.Avx2, "avx2", CpuFeatures.Avx, [Ebx(7, 5)], "AVX2"),
        new(CpuFeatures.Bmi1, "bmi1", 0, [Ebx(7, 3)], "ANDN, BEXTR, BLSI, BLSMSK, BLSR, TZCNT"),
        new(CpuFeatures.Bmi2, "bmi2", 0, [Ebx(7, 8)], "BZHI, MULX, PDEP, PEXT, RORX, SARX, SHLX, SHRX"),
        new(CpuFeatures.F16c, "f16c", CpuFeatures.Avx, [Ecx(1, 29)], "VCVTPH2PS, VCVTPS2PH"),
        new(CpuFeatures.Fma, "fma", CpuFeatures.Avx, [Ecx(1, 12)], "fused multiply-add"),
        new(CpuFeatures.Lzcnt, "lzcnt", 0, [Ecx(Extended, 5)], "LZCNT"),
        new(CpuFeatures.Movbe, "movbe", 0, [Ecx(1, 22)], "MOVBE"),
        new(CpuFeatures.FsGsBase, "fsgsbase", 0, [Ebx(7, 0)], "RDFSBASE, RDGSBASE, WRFSBASE, WRGSBASE"),
        new(CpuFeatures.Rdtscp, "rdtscp", CpuFeatures.Tsc, [Edx(Extended, 27)], "RDTSCP"),
        new(CpuFeatures.Pcid, "pcid", 0, [Ecx(1, 17)], "process-context identifiers, CR4.PCIDE"),
        new(CpuFeatures.Invpcid, "invpcid", CpuFeatures.Pcid, [Ebx(7, 10)], "INVPCID"),
        new(CpuFeatures.Smep, "smep", 0, [Ebx(7, 7)], "CR4.SMEP"),
        new(CpuFeatures.Smap, "smap", 0, [Ebx(7, 20)], "CR4.SMAP, CLAC, STAC"),
        new(CpuFeatures.Umip, "umip", 0, [Ecx(7, 2)], "CR4.UMIP"),
        new(CpuFeatures.Page1G, "pdpe1gb", 0, [Edx(Extended, 26)], "1 GiB pages"),
        new(CpuFeatures.Pku, "pku", CpuFeatures.Xsave, [Ecx(7, 3)], "protection keys of user pages, RDPKRU, WRPKRU"),
        new(CpuFeatures.La57, "la57", 0, [Ecx(7, 16)], "57-bit addresses, CR4.LA57"),
        new(CpuFeatures.XsaveOpt, "xsaveopt", CpuFeatures.Xsave, [Eax(0xD, 0, 1)], "XSAVEOPT"),
        new(CpuFeatures.XsaveC, "xsavec", CpuFeatures.Xsave, [Eax(0xD, 1, 1)], "XSAVEC, compacted XRSTOR"),
        new(CpuFeatures.Xgetbv1, "xgetbv1", CpuFeatures.Xsave, [Eax(0xD, 2, 1)], "XGETBV with ECX = 1"),
        new(CpuFeatures.Aes, "aes", CpuFeatures.Sse2, [Ecx(1, 25)], "AESENC, AESDEC and kin; VEX forms with avx"),
        new(CpuFeatures.Pclmulqdq, "pclmulqdq", CpuFeatures.Sse2, [Ecx(1, 1)], "PCLMULQDQ; VEX form with avx"),
        new(CpuFeatures.Vaes, "vaes", CpuFeatures.Avx | CpuFeatures.Aes, [Ecx(7, 9)], "AES rounds on YMM registers"),
        new(CpuFeatures.Vpclmulqdq, "vpclmulqdq", CpuFeatures.Avx | CpuFeatures.Pclmulqdq, [Ecx(7, 10)], "PCLMULQDQ on YMM registers"),
        new(CpuFeatures.Sha, "sha_ni", CpuFeatures.Sse2, [Ebx(7, 29)], "SHA-1 and SHA-256"),
        new(CpuFeatures.Gfni, "gfni", CpuFeatures.Sse2, [Ecx(7, 8)], "GF2P8MULB and kin; VEX forms with avx"),
        new(CpuFeatures.Adx, "adx", 0, [Ebx(7, 19)], "ADCX, ADOX"),
        new(CpuFeatures.Rdrand, "rdrand", 0, [Ecx(1, 30)], "RDRAND"),
        new(CpuFeatures.Rdseed, "rdseed", 0, [Ebx(7, 18)], "RDSEED"),
        new(CpuFeatures.Rdpid, "rdpid", 0, [Ecx(7, 22)], "RDPID"),
        new(CpuFeatures.ClflushOpt, "clflushopt", 0, [Ebx(7, 23)], "CLFLUSHOPT"),
        new(CpuFeatures.Clwb, "clwb", 0, [Ebx(7, 24)], "CLWB"),
        new(CpuFeatures.PrefetchW, "3dnowprefetch", 0, [Ecx(Extended, 8)], "PREFETCH and PREFETCHW"),
        new(CpuFeatures.Erms, "erms", 0, [Ebx(7, 9)], "REP MOVSB and STOSB are the fast way to copy"),
        new(CpuFeatures.Fsrm, "fsrm", CpuFeatures.Erms, [Edx(7, 4)], "REP MOVSB is fast for short lengths too"),
        new(CpuFeatures.Serialize, "serialize", 0, [Edx(7, 14)], "SERIALIZE, on Intel's processors"),
    ];

    /// <summary>The row of one feature.</summary>
    public static CpuFeatureRow Of(CpuFeatures feature)
    {
        foreach (CpuFeatureRow row in Rows)
        {
            if (row.Feature == feature)
            {
                return row;
            }
        }

        throw new ArgumentOutOfRangeException(nameof(feature));
    }

    /// <summary><paramref name="features"/> and all that they need.</summary>
    public static CpuFeatures WithNeeds(CpuFeatures features)
    {
        CpuFeatures before;
        do
        {
            before = features;
            foreach (CpuFeatureRow row in Rows)
            {
                features |= (features & row.Feature) != 0 ? row.Needs : CpuFeatures.None;
            }
        }
        while (features != before);

        return features;
    }

    /// <summary><paramref name="features"/> without those that lack something they need.</summary>
    public static CpuFeatures WithoutOrphans(CpuFeatures features)
    {
        CpuFeatures before;
        do
        {
            before = features;
            foreach (CpuFeatureRow row in Rows)
            {
                features &= (features & row.Needs) == row.Needs ? features : ~row.Feature;
            }
        }
        while (features != before);

        return features;
    }

    /// <summary>The names of <paramref name="features"/>, separated by blanks, in the table's order.</summary>
    public static string NamesOf(CpuFeatures features)
    {
        List<string> names = [];
        foreach (CpuFeatureRow row in Rows)
        {
            if ((features & row.Feature) != 0)
            {
                names.Add(row.Name);
            }
        }

        return string.Join(' ', names);
    }

    private static CpuidBit Eax(uint leaf, byte bit, uint subleaf) => new(leaf, subleaf, CpuidRegister.Eax, bit);

    private static CpuidBit Ebx(uint leaf, byte bit) => new(leaf, 0, CpuidRegister.Ebx, bit);

    private static CpuidBit Ecx(uint leaf, byte bit) => new(leaf, 0, CpuidRegister.Ecx, bit);

    private static CpuidBit Edx(uint leaf, byte bit) => new(leaf, 0, CpuidRegister.Edx, bit);
}
