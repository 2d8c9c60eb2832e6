using MmuEmu.Kernel.Views;

namespace MmuEmu.Debugger.Monitor;

/// <summary>The state of a page in words, and as one letter of a strip.</summary>
internal static class PageWords
{
    private static readonly (PageState State, string Word)[] Words =
    [
        (PageState.Present, "present"), (PageState.ProtNone, "in memory, PROT_NONE"), (PageState.Writable, "writable"),
        (PageState.Accessed, "accessed"), (PageState.Dirty, "dirty"), (PageState.Zero, "the shared page of zeros"), (PageState.File, "of a file"),
        (PageState.Shared, "shared by several entries"), (PageState.Swapped, "in swap"), (PageState.Cached, "its content is still in RAM"),
        (PageState.Purged, "purged"), (PageState.LazyFree, "lazily free"), (PageState.Volatile, "volatile"),
        (PageState.UserFault, "a hole is SIGBUS"), (PageState.Migration, "being moved"), (PageState.HwPoison, "failed in hardware"),
        (PageState.Unevictable, "must stay in RAM"),
    ];

    /// <summary>One letter, what it stands for, and which pages are meant; the first that fits counts.</summary>
    private static readonly (char Letter, string Meaning, Func<PageState, bool> Fits)[] Letters =
    [
        ('!', "purged", state => state.HasFlag(PageState.Purged)),
        ('s', "in swap", state => state.HasFlag(PageState.Swapped)),
        ('P', "failed in hardware", state => state.HasFlag(PageState.HwPoison)),
        ('m', "being moved", state => state.HasFlag(PageState.Migration)),
        ('z', "page of zeros", state => state.HasFlag(PageState.Zero)),
        ('l', "lazily free", state => state.HasFlag(PageState.LazyFree)),
        ('v', "present, volatile", state => IsIn(state) && state.HasFlag(PageState.Volatile)),
        ('f', "present, of a file", state => IsIn(state) && state.HasFlag(PageState.File)),
        ('c', "present, shared (copy-on-write or MAP_SHARED)", state => IsIn(state) && state.HasFlag(PageState.Shared)),
        ('#', "present, dirty", state => IsIn(state) && state.HasFlag(PageState.Dirty)),
        ('+', "present, clean", IsIn),
        ('.', "mapped, not there yet", state => state.HasFlag(PageState.Mapped)),
        (' ', "no mapping", _ => true),
    ];

    /// <summary>The page is in RAM, or the kernel knows what became of it.</summary>
    private const PageState Somewhere =
        PageState.Present | PageState.ProtNone | PageState.Swapped | PageState.Purged | PageState.Migration | PageState.HwPoison;

    /// <summary>All that is to be said.</summary>
    public static string Of(PageState state)
    {
        IEnumerable<string> words = Words.Where(word => state.HasFlag(word.State)).Select(word => word.Word);
        words = (state & (PageState.Mapped | Somewhere)) == PageState.Mapped ? words.Prepend("mapped, not there yet") : words;
        string text = string.Join(", ", words);
        return text.Length > 0 ? text : "no mapping covers it";
    }

    /// <summary>Pages side by side.</summary>
    public static string Strip(IEnumerable<PageState> pages) => string.Concat(pages.Select(LetterOf));

    /// <summary>What the letters of a strip stand for.</summary>
    public static string Legend(string strip) =>
        string.Join("  ", Letters.Where(letter => letter.Letter != ' ' && strip.Contains(letter.Letter, StringComparison.Ordinal)).Select(letter => $"{letter.Letter} {letter.Meaning}"));

    private static char LetterOf(PageState state)
    {
        foreach ((char letter, _, Func<PageState, bool> fits) in Letters)
        {
            if (fits(state))
            {
                return letter;
            }
        }

        return ' ';
    }

    private static bool IsIn(PageState state) => (state & (PageState.Present | PageState.ProtNone)) != 0;
}
