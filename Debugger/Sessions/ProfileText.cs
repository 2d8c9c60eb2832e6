using MmuEmu.Debugger.Options;
using MmuEmu.Kernel.Abi;

namespace MmuEmu.Debugger.Sessions;

/// <summary>Kernel profiles as people type them: <c>vrange=v10,madvfree=linux412,strict</c>.</summary>
internal static class ProfileText
{
    /// <summary>The option's name.</summary>
    public const string Option = "--profile";

    /// <summary>The value that asks for <see cref="Explain"/> instead of anything else.</summary>
    public const string Help = "help";

    /// <summary>What the option takes, for its help.</summary>
    public static string Form { get; } = string.Join(", ", ProfileWords.All.GroupBy(word => word.Family).Select(FormOf));

    /// <summary>A value of the option that takes a profile.</summary>
    public static ValueWords MakeList() => ValueWords.ListOf(() => ProfileWords.All.Select(word => new Word(word.Text, word.Says)));

    /// <summary>The words, what each means and where it comes from.</summary>
    public static IEnumerable<string> Explain()
    {
        int width = ProfileWords.All.Max(word => word.Text.Length);
        int says = ProfileWords.All.Max(word => word.Says.Length);
        return
        [
            $"{Option} WORDS, separated by commas, at most one of a family:",
            .. ProfileWords.All.Select(word => $"  {word.Text.PadRight(width)}  {word.Says.PadRight(says)}  [{word.Source}]"),
        ];
    }

    /// <summary>The profile that <paramref name="text"/> names, starting from the default.</summary>
    /// <exception cref="CommandException">A word is not known, or two exclude each other.</exception>
    public static KernelProfile Parse(string? text)
    {
        KernelProfile profile = KernelProfile.Default;
        Dictionary<string, string> named = [];
        foreach (string typed in text is null ? [] : text.Split(',', StringSplitOptions.TrimEntries))
        {
            ProfileWord word = WordOf(typed);
            profile = word.Change(profile);
            if (!named.TryAdd(word.Family, typed) && named[word.Family] != typed)
            {
                throw new CommandException(
                    ExitCodes.Usage, $"{Option} '{text}': {named[word.Family]} and {typed} are two versions of one thing; expected one of them", $"try: {Option} {typed}");
            }
        }

        return profile.Copy.IsBuildable
            ? profile
            : throw new CommandException(
                ExitCodes.Usage,
                $"{Option} '{text}': copy=c5 is not built with copy-code=mmx, because the fault handler cannot find the window's address in such code; expected copy-code=plain",
                $"try: {Option} copy=c5");
    }

    private static ProfileWord WordOf(string typed)
    {
        foreach (ProfileWord word in ProfileWords.All)
        {
            if (word.Text == typed)
            {
                return word;
            }
        }

        if (ProfileWords.WithNumber(typed) is { } numbered)
        {
            return numbered;
        }

        string family = typed.Split('=')[0];
        ProfileWord[] kin = [.. ProfileWords.All.Where(word => word.Family == family)];
        string near = NearNames.Of(typed, [.. ProfileWords.All.Select(word => word.Text)]).FirstOrDefault() ?? kin.LastOrDefault()?.Text ?? Help;
        IEnumerable<string> expected = (kin.Length > 0 ? kin : ProfileWords.All).Select(word => word.Expected);
        throw new CommandException(ExitCodes.Usage, $"{Option} '{typed}': expected one of {string.Join(", ", expected)}", $"try: {Option} {near}");
    }

    private static string FormOf(IGrouping<string, ProfileWord> family)
    {
        string[] choices = [.. family.Select(word => word.Choice)];
        return choices is [""] ? family.Key : $"{family.Key}={string.Join('|', choices)}";
    }
}
