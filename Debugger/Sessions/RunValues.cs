using System.Collections;
using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace MmuEmu.Debugger.Sessions;

/// <summary>Values of options: what the user typed, else what the catalogue says of the guest, else the default.</summary>
/// <param name="Typed">The command line.</param>
/// <param name="Catalogue">The catalogue's options, read as if they were typed; null when it has none for the guest.</param>
internal readonly record struct RunValues(ParseResult Typed, ParseResult? Catalogue)
{
    /// <summary>The value of <paramref name="option"/>.</summary>
    public T? Of<T>(Option<T> option) => Said(Catalogue, option) is not null && Said(Typed, option) is null ? Catalogue!.GetValue(option) : Typed.GetValue(option);

    /// <summary>The option as a report keeps it.</summary>
    public RecordedOption Record(Option option)
    {
        OptionValues takes = option.ValueType == typeof(bool) ? OptionValues.Switch : option.ValueType == typeof(string[]) ? OptionValues.Many : OptionValues.One;
        return Said(Typed, option) is { } typed ? new(option.Name, takes, WordsOf(typed, takes), OptionOrigin.Typed)
            : Said(Catalogue, option) is { } said ? new(option.Name, takes, WordsOf(said, takes), OptionOrigin.Catalogue)
            : new(option.Name, takes, DefaultOf(option), OptionOrigin.Default);
    }

    private static OptionResult? Said(ParseResult? line, Option option) => line?.GetResult(option) is { Implicit: false } said ? said : null;

    private static string[] WordsOf(OptionResult said, OptionValues takes) =>
        takes != OptionValues.Switch ? [.. said.Tokens.Select(token => token.Value)]
        : said.GetValueOrDefault<bool>() ? [RecordedOption.On]
        : [];

    private static string[] DefaultOf(Option option) =>
        option.HasDefaultValue && option.GetDefaultValue() is { } value and not (bool or (IEnumerable and not string))
            ? [Convert.ToString(value, CultureInfo.InvariantCulture)!]
            : [];
}
