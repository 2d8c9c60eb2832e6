using Iced.Intel;

namespace MmuEmu.Tests.Fuzz;

/// <summary>Instructions that are not run, and why.</summary>
/// <param name="Why">The reason, one sentence.</param>
/// <param name="Mnemonics">What it holds for.</param>
public sealed record FuzzExclusion(string Why, params Mnemonic[] Mnemonics);

/// <summary>What the fuzzer leaves out: a list for readers, printed in docs/cpu-fuzz.md.</summary>
public static class FuzzExclusions
{
    private const string Selectors = "loads segment registers: selectors are the kernel's";

    /// <summary>Not run at all.</summary>
    public static IReadOnlyList<FuzzExclusion> NotRun { get; } =
    [
        new("calls the kernel, which is not the processor", Mnemonic.Syscall, Mnemonic.Sysenter, Mnemonic.Int),
        new("gives another value at each run or on each machine", Mnemonic.Rdtsc, Mnemonic.Rdtscp, Mnemonic.Rdrand, Mnemonic.Rdseed, Mnemonic.Rdpid, Mnemonic.Cpuid, Mnemonic.Xgetbv),
        new("shows descriptor tables, which are the kernel's", Mnemonic.Lar, Mnemonic.Lsl, Mnemonic.Verr, Mnemonic.Verw),
        new("UMIP: Linux emulates some of them for user programs", Mnemonic.Sgdt, Mnemonic.Sidt, Mnemonic.Sldt, Mnemonic.Str, Mnemonic.Smsw),
        new(Selectors, Mnemonic.Lfs, Mnemonic.Lgs, Mnemonic.Lss, Mnemonic.Iret, Mnemonic.Iretd, Mnemonic.Iretq, Mnemonic.Retf, Mnemonic.Sysexit, Mnemonic.Sysexitq),
        new("runs where the host's kernel has set CR4.PKE", Mnemonic.Rdpkru, Mnemonic.Wrpkru),
        new("the single step of a hypervisor or debugger owns it", Mnemonic.Int1),
    ];

    /// <summary>Single codes that are not run.</summary>
    public static IReadOnlyDictionary<Code, string> Codes { get; } = new Dictionary<Code, string>
    {
        [Code.Mov_Sreg_rm16] = Selectors,
        [Code.Mov_Sreg_r32m16] = Selectors,
        [Code.Mov_Sreg_r64m16] = Selectors,
        [Code.Popw_FS] = Selectors,
        [Code.Popq_FS] = Selectors,
        [Code.Popw_GS] = Selectors,
        [Code.Popq_GS] = Selectors,
    };

    private static readonly Dictionary<Mnemonic, string> Reasons =
        NotRun.SelectMany(row => row.Mnemonics.Select(mnemonic => (mnemonic, row.Why))).ToDictionary(pair => pair.mnemonic, pair => pair.Why);

    /// <summary>Why a code is not run; null when it is.</summary>
    public static string? ReasonAgainst(Code code)
    {
        if (Reasons.TryGetValue(code.Mnemonic(), out string? why))
        {
            return why;
        }

        if (Codes.TryGetValue(code, out why))
        {
            return why;
        }

        OpCodeInfo info = code.ToOpCode();
        return code.FlowControl() is FlowControl.Call or FlowControl.IndirectBranch or FlowControl.IndirectCall
            && Enumerable.Range(0, info.OpCount).Any(i => info.GetOpKind(i) == OpCodeOperandKind.mem)
                ? "far transfers: selectors are the kernel's"
                : null;
    }
}
