using Iced.Intel;
using MmuEmu.Emulator.Models;

namespace MmuEmu.Tests.Fuzz;

/// <summary>Which codes of Iced's list are run, and which are not and why.</summary>
public static class FuzzCodes
{
    private static readonly Dictionary<Code, string> Always = [];
    private static readonly Dictionary<Code, string> Here = [];

    static FuzzCodes()
    {
        List<Code> eligible = [];
        foreach (Code code in Enum.GetValues<Code>().Where(IsOfModel))
        {
            if (ReasonAgainst(code) is string reason)
            {
                Always[code] = reason;
            }
            else if (ReasonHere(code) is string here)
            {
                Here[code] = here;
            }
            else
            {
                eligible.Add(code);
            }
        }

        Eligible = eligible;
    }

    /// <summary>What is run.</summary>
    public static IReadOnlyList<Code> Eligible { get; }

    /// <summary>What belongs to the model and is run on no machine, with the reason.</summary>
    public static IReadOnlyDictionary<Code, string> NotRun => Always;

    /// <summary>What is run on other machines and not on this one, with the reason.</summary>
    public static IReadOnlyDictionary<Code, string> NotRunHere => Here;

    /// <summary>The codes of 64-bit mode whose features all belong to the model.</summary>
    private static bool IsOfModel(Code code)
    {
        OpCodeInfo info = code.ToOpCode();
        return info.Mode64 && info.IsInstruction && info.Encoding is EncodingKind.Legacy or EncodingKind.VEX && FuzzFeatures.InModel(code);
    }

    private static string? ReasonAgainst(Code code)
    {
        OpCodeInfo info = code.ToOpCode();
        return FuzzExclusions.ReasonAgainst(code)
            ?? (Enumerable.Range(0, info.OpCount).Any(i => !InstructionMaker.Knows(info.GetOpKind(i))) ? "its operands are not made" : null);
    }

    private static string? ReasonHere(Code code)
    {
        OpCodeInfo info = code.ToOpCode();
        bool decoded = HostProcessor.Vendor == CpuVendor.Intel ? info.IntelDecoder64 : info.AmdDecoder64;
        return !decoded ? "a form of another maker's processors"
            : FuzzFeatures.MissingOnHost(code) is string missing ? $"this machine's processor has no {missing}"
            : null;
    }
}
