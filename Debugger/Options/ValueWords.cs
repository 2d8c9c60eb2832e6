using System.CommandLine.Completions;

namespace MmuEmu.Debugger.Options;

/// <summary>What can be typed as the value of an option or an argument.</summary>
/// <remarks>
/// A symbol carries it as its completion source, so that System.CommandLine's [suggest] and the scripts for shells offer the same.
/// The words are made when somebody asks: most runs never do.
/// </remarks>
internal sealed class ValueWords
{
    private readonly Func<IEnumerable<Word>> _words;
    private readonly Func<IEnumerable<Word>> _later;

    private ValueWords(Func<IEnumerable<Word>> words, Func<IEnumerable<Word>> later) => (_words, _later) = (words, later);

    /// <summary>The name of a file.</summary>
    public static ValueWords File => new(() => [], () => []) { Files = true };

    /// <summary>Whether a file's name is a value too.</summary>
    public bool Files { get; private init; }

    /// <summary>Whether the value is a list of words, separated by commas.</summary>
    public bool IsList { get; private init; }

    /// <summary>The words; of a list, those that can come first.</summary>
    public IEnumerable<Word> Words => _words();

    /// <summary>The words of a list that can follow another.</summary>
    public IEnumerable<Word> Later => _later();

    /// <summary>One of the words.</summary>
    public static ValueWords OneOf(Func<IEnumerable<Word>> words) => new(words, words);

    /// <summary>One of the words, or the name of a file.</summary>
    public static ValueWords FileOr(Func<IEnumerable<Word>> words) => new(words, words) { Files = true };

    /// <summary>The words alone, when the name of a file is a value too.</summary>
    public ValueWords WithoutFiles => new(_words, _later) { IsList = IsList };

    /// <summary>Words with commas between them.</summary>
    public static ValueWords ListOf(Func<IEnumerable<Word>> words) => ListOf(words, words);

    /// <summary>Words with commas between them, of which the first is of another kind.</summary>
    public static ValueWords ListOf(Func<IEnumerable<Word>> first, Func<IEnumerable<Word>> later) => new(first, later) { IsList = true };

    /// <summary>The values that are carried by <paramref name="sources"/>; null when there are none.</summary>
    public static ValueWords? Among(IEnumerable<Func<CompletionContext, IEnumerable<CompletionItem>>> sources) =>
        sources.Select(source => source.Target).OfType<ValueWords>().FirstOrDefault();

    /// <summary>Whether both stand for the same values.</summary>
    public bool OffersTheSameAs(ValueWords other) =>
        (Files, IsList) == (other.Files, other.IsList) && Words.SequenceEqual(other.Words) && Later.SequenceEqual(other.Later);

    /// <summary>The words as System.CommandLine wants them.</summary>
    public IEnumerable<CompletionItem> Complete(CompletionContext context)
    {
        int comma = IsList ? context.WordToComplete.LastIndexOf(',') + 1 : 0;
        return (comma > 0 ? Later : Words).Select(word => new CompletionItem(context.WordToComplete[..comma] + word.Text, detail: word.Says));
    }
}
