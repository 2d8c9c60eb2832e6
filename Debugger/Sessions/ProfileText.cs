using MmuEmu.Debugger.Options;
using MmuEmu.Kernel.Abi;

namespace MmuEmu.Debugger.Sessions;

/// <summary>Kernel profiles as people type them: <c>vrange=v10,madvfree=linux412,strict</c>.</summary>
/// <remarks>Who names a family wants its numbers too, whatever the program declares.</remarks>
internal static class ProfileText
{
    private static readonly (string Word, Func<KernelProfile, KernelProfile> Change)[] Words =
    [
        ("vrange=v10", p => p with { Vrange = VrangeVersion.V10, Switches = p.Switches | ProfileSwitches.VrangeNumbers }),
        ("madvfree=rfc2014", p => p with { MadvFree = MadvFreeVersion.Rfc2014, Switches = p.Switches | ProfileSwitches.MadvFreeNumber }),
        ("madvfree=linux45", p => p with { MadvFree = MadvFreeVersion.Linux45 }),
        ("madvfree=linux412", p => p with { MadvFree = MadvFreeVersion.Linux412 }),
        ("userfault=uf2013", p => p with { UserFault = UserFaultVersion.Uf2013, Switches = p.Switches | ProfileSwitches.UserFaultNumbers }),
        ("userfault=uf2014", p => p with { UserFault = UserFaultVersion.Uf2014, Switches = p.Switches | ProfileSwitches.UserFaultNumbers }),
        ("strict", p => p with { Switches = p.Switches | ProfileSwitches.StrictAdvice | ProfileSwitches.MadvFreeNumber }),
    ];

    /// <summary>A value of the option that takes a profile.</summary>
    public static ValueWords MakeList() => ValueWords.ListOf(() => [.. Array.ConvertAll(Words, w => new Word(w.Word)), .. CopyProfile.Words.Select(word => new Word(word))]);

    /// <summary>The profile that <paramref name="text"/> names, starting from the default.</summary>
    /// <exception cref="CommandException">A word is not known.</exception>
    public static KernelProfile Parse(string? text)
    {
        KernelProfile profile = KernelProfile.Default;
        Dictionary<string, string> named = [];
        foreach (string word in text is null ? [] : text.Split(',', StringSplitOptions.TrimEntries))
        {
            profile = profile.Copy.TryAdd(word, out CopyProfile copy) ? profile with { Copy = copy } : ChangeOf(word)(profile);
            string family = word.Split('=')[0];
            if (!named.TryAdd(family, word) && named[family] != word)
            {
                throw new CommandException(
                    ExitCodes.Usage, $"--profile '{text}': {named[family]} and {word} are two versions of one thing; expected one of them", $"try: --profile {word}");
            }
        }

        return profile.Copy.IsBuildable
            ? profile
            : throw new CommandException(
                ExitCodes.Usage, "--profile copy=c5,copy-code=mmx: the fault handler cannot find the window's address in such code, and the fix-up is not built with it", "try: --profile copy=c5");
    }

    private static Func<KernelProfile, KernelProfile> ChangeOf(string word)
    {
        foreach ((string known, Func<KernelProfile, KernelProfile> change) in Words)
        {
            if (known == word)
            {
                return change;
            }
        }

        throw new CommandException(
            ExitCodes.Usage,
            $"--profile '{word}': expected one of {string.Join(", ", Words.Select(w => w.Word).Concat(CopyProfile.Words))}",
            "try: --profile madvfree=linux412");
    }
}
