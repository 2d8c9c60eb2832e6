using Iced.Intel;

namespace MmuEmu.Tests.Fuzz;

/// <summary>Which codes of Iced's list are run, and which are not and why.</summary>
public static class FuzzCodes
{
    private static readonly Dictionary<Code, string> Reasons = [];

    static FuzzCodes()
    {
        List<Code> eligible = [];
        foreach (Code code in Enum.GetValues<Code>().Where(IsOfModel))
        {
            if (ReasonAgainst(code) is string reason)
            {
                Reasons[code] = reason;
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

    /// <summary>What belongs to the model and is not run, with the reason.</summary>
    public static IReadOnlyDictionary<Code, string> NotRun => Reasons;

    /// <summary>The codes of 64-bit mode whose features all belong to the model.</summary>
    private static bool IsOfModel(Code code)
    {
        OpCodeInfo info = code.ToOpCode();
        return info.Mode64 && info.IsInstruction && info.Encoding is EncodingKind.Legacy or EncodingKind.VEX && FuzzFeatures.InModel(code);
    }

    private static string? ReasonAgainst(Code code)
    {
        OpCodeInfo info = code.ToOpCode();
        string? missing = FuzzFeatures.MissingOnHost(code);
        return (missing is null ? null : $"this machine's processor has no {missing}")
            ?? FuzzExclusions.ReasonAgainst(code)
            ?? (!info.IntelDecoder64 || !info.AmdDecoder64 ? "a form of one vendor only: with a 66 prefix near branches differ between Intel and AMD" : null)
            ?? (Enumerable.Range(0, info.OpCount).Any(i => !InstructionMaker.Knows(info.GetOpKind(i))) ? "its operands are not made" : null);
    }
}
