using System.CommandLine;
using System.CommandLine.Parsing;
using MmuEmu.Guests;

namespace MmuEmu.Debugger.Sessions;

/// <summary>Values of options: what the user typed, else what the catalogue says of the guest, else the default.</summary>
internal sealed class RunValues
{
    private readonly ParseResult _typed;
    private readonly ParseResult? _catalogue;

    /// <summary>The values for a guest.</summary>
    public RunValues(ParseResult typed, RunFlags flags, GuestProgram? shipped)
    {
        _typed = typed;
        if (shipped is { RunOptions.Count: > 0 })
        {
            Command catalogue = new("catalogue");
            flags.AddOptionsTo(catalogue);
            _catalogue = catalogue.Parse([.. shipped.RunOptions]);
        }
    }

    /// <summary>The options that the catalogue decides, as they would be typed.</summary>
    public IEnumerable<string> FromCatalogue => (_catalogue?.RootCommandResult.Children ?? [])
        .OfType<OptionResult>()
        .Where(result => !result.Implicit && _typed.GetResult(result.Option) is not { Implicit: false })
        .Select(result => $"{result.Option.Name} {string.Join(' ', result.Tokens.Select(token => token.Value))}");

    /// <summary>The value of <paramref name="option"/>.</summary>
    public T? Of<T>(Option<T> option) =>
        _typed.GetResult(option) is not { Implicit: false } && _catalogue?.GetResult(option) is { Implicit: false }
            ? _catalogue.GetValue(option)
            : _typed.GetValue(option);
}
