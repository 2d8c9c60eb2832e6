using MmuEmu.Debugger.Options;

namespace MmuEmu.Debugger.Shells;

/// <summary>Names for the kinds of values in a tree, for scripts that write each kind once.</summary>
/// <remarks>Words that can be a file's name instead come without that first, so that what follows can refer to them.</remarks>
internal sealed class ValueNames
{
    private readonly List<NamedValue> _all = [];

    private ValueNames()
    {
    }

    /// <summary>Every kind, in the order of the tree.</summary>
    public IReadOnlyList<NamedValue> All => _all;

    /// <summary>The kinds of <paramref name="root"/>; each is named after the first command and option that has it.</summary>
    public static ValueNames Of(CommandShape root)
    {
        ValueNames names = new();
        foreach (CommandShape command in root.WithAllBelow())
        {
            foreach (OptionShape option in command.Options)
            {
                names.Add(command, option.Names[0], option.ValueName, option.Words);
            }

            foreach (ArgumentShape argument in command.Arguments)
            {
                names.Add(command, argument.Name.ToLowerInvariant(), argument.Name, argument.Words);
            }
        }

        return names;
    }

    /// <summary>The name of the kind that <paramref name="value"/> is.</summary>
    public string NameOf(ValueWords value) => _all.First(known => known.Value.OffersTheSameAs(value)).Name;

    private void Add(CommandShape command, string symbol, string? form, ValueWords? value)
    {
        if (value is null || _all.Any(known => known.Value.OffersTheSameAs(value)))
        {
            return;
        }

        string name = $"{command.Path} {symbol.TrimStart('-')}".TrimStart().Replace(' ', '_').Replace('-', '_');
        if (value.Files && value.Words.Any())
        {
            Add(command, symbol, form, value.WithoutFiles);
            name = $"{NameOf(value.WithoutFiles)}_or_file";
        }

        _all.Add(new NamedValue(name, form ?? "", value));
    }
}

/// <summary>A kind of values with a name.</summary>
/// <param name="Name">Its name, fit for the name of a function.</param>
/// <param name="Form">What one such value is called, such as MODE.</param>
/// <param name="Value">What can be typed.</param>
internal sealed record NamedValue(string Name, string Form, ValueWords Value);
