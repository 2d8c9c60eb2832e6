using MmuEmu.Kernel.Abi;

namespace MmuEmu.Debugger.Sessions;

/// <summary>A word of <c>--profile</c>.</summary>
/// <param name="Text">The word: <c>FAMILY=CHOICE</c>, of which a profile has at most one, or a word alone that turns something on.</param>
/// <param name="Says">What it means, in one line without a full stop.</param>
/// <param name="Source">Where the behaviour is described, by title.</param>
/// <param name="Change">What it changes in a profile.</param>
internal sealed record ProfileWord(string Text, string Says, string Source, Func<KernelProfile, KernelProfile> Change)
{
    /// <summary>The smallest and the largest number that may stand where this word has one; null for a word that takes none.</summary>
    public (ulong Least, ulong Most)? Numbers { get; init; }

    /// <summary>What may be typed, for errors: the word, or <c>FAMILY=LEAST to FAMILY=MOST</c>.</summary>
    public string Expected => Numbers is var (least, most) ? $"{Family}={least} to {Family}={most}" : Text;

    /// <summary>What only one word of a profile may choose.</summary>
    public string Family => Text.Split('=')[0];

    /// <summary>What is chosen; empty for a word alone.</summary>
    public string Choice => Text.Length == Family.Length ? "" : Text[(Family.Length + 1)..];
}
