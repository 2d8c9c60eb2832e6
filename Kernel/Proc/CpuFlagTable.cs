using MmuEmu.Emulator.Models;

namespace MmuEmu.Kernel.Proc;

/// <summary>The names that Linux gives to bits of CPUID, as far as a processor here can report them, in the order of /proc/cpuinfo.</summary>
/// <remarks>
/// Bits that Linux knows and does not print, such as OSXSAVE, are absent. Source: [Linux arch/x86/include/asm/cpufeatures.h].
/// </remarks>
internal static class CpuFlagTable
{
    private const uint Extended = 0x8000_0001;

    /// <summary>The flags.</summary>
    public static IReadOnlyList<(CpuidBit Bit, string Name)> Rows { get; } =
    [
        .. Word(1, CpuidRegister.Edx, (0, "fpu"), (3, "pse"), (4, "tsc"), (5, "msr"), (6, "pae"), (8, "cx8"), (11, "sep"), (13, "pge"),
            (15, "cmov"), (16, "pat"), (17, "pse36"), (19, "clflush"), (23, "mmx"), (24, "fxsr"), (25, "sse"), (26, "sse2"), (28, "ht")),
        .. Word(Extended, CpuidRegister.Edx, (11, "syscall"), (20, "nx"), (22, "mmxext"), (26, "pdpe1gb"), (27, "rdtscp"), (29, "lm")),
        .. Word(1, CpuidRegister.Ecx, (0, "pni"), (1, "pclmulqdq"), (9, "ssse3"), (12, "fma"), (13, "cx16"), (17, "pcid"), (19, "sse4_1"),
            (20, "sse4_2"), (22, "movbe"), (23, "popcnt"), (25, "aes"), (26, "xsave"), (28, "avx"), (29, "f16c"), (30, "rdrand"),
            (31, "hypervisor")),
        .. Word(Extended, CpuidRegister.Ecx, (0, "lahf_lm"), (1, "cmp_legacy"), (4, "cr8_legacy"), (5, "abm"), (7, "misalignsse"), (8, "3dnowprefetch"),
            (22, "topoext")),
        .. Word(7, CpuidRegister.Ebx, (0, "fsgsbase"), (3, "bmi1"), (5, "avx2"), (7, "smep"), (8, "bmi2"), (9, "erms"), (10, "invpcid"),
            (18, "rdseed"), (19, "adx"), (20, "smap"), (23, "clflushopt"), (24, "clwb"), (29, "sha_ni")),
        .. StateWord((0, "xsaveopt"), (1, "xsavec"), (2, "xgetbv1")),
        .. Word(0x8000_0008, CpuidRegister.Ebx, (2, "xsaveerptr")),
        .. Word(7, CpuidRegister.Ecx, (2, "umip"), (3, "pku"), (4, "ospke"), (8, "gfni"), (9, "vaes"), (10, "vpclmulqdq"), (16, "la57"),
            (22, "rdpid")),
        .. Word(7, CpuidRegister.Edx, (4, "fsrm"), (14, "serialize")),
    ];

    private static IEnumerable<(CpuidBit Bit, string Name)> Word(uint leaf, CpuidRegister register, params (byte Bit, string Name)[] names)
    {
        foreach ((byte bit, string name) in names)
        {
            yield return (new CpuidBit(leaf, 0, register, bit), name);
        }
    }

    private static IEnumerable<(CpuidBit Bit, string Name)> StateWord(params (byte Bit, string Name)[] names)
    {
        foreach ((byte bit, string name) in names)
        {
            yield return (new CpuidBit(0xD, 1, CpuidRegister.Eax, bit), name);
        }
    }
}
