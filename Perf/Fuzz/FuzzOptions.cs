using System.Globalization;
using Iced.Intel;
using MmuEmu.Tests.Fuzz;

namespace MmuEmu.Perf.Fuzz;

/// <summary>The command line of a fuzz run.</summary>
internal sealed record FuzzOptions
{
    public long Cases { get; private init; } = 200_000;

    public ulong Seed { get; private init; } = 1;

    public string[] Codes { get; private init; } = [];

    public int Show { get; private init; } = 10;

    public string? Save { get; private init; }

    public string? Report { get; private init; }

    public FuzzForm Form { get; private init; }

    public int? Batch { get; private init; }

    public int? Case { get; private init; }

    /// <summary>Reads options in pairs of name and value.</summary>
    public static bool TryParse(string[] args, out FuzzOptions options)
    {
        options = new FuzzOptions();
        for (int i = 0; i < args.Length; i += 2)
        {
            if (i + 1 == args.Length || options.With(args[i], args[i + 1]) is not FuzzOptions next)
            {
                return false;
            }

            options = next;
        }

        return options.Case is null || options.Batch is not null;
    }

    /// <summary>True for a code that this run wants.</summary>
    public bool Wants(Code code) => Codes.Length == 0
        || Codes.Any(name => code.ToString().StartsWith(name, StringComparison.OrdinalIgnoreCase) || FuzzFeatures.GroupOf(code) == name);

    private FuzzOptions? With(string name, string value)
    {
        bool isNumber = long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out long number) && number <= int.MaxValue;
        return name switch
        {
            "--cases" when isNumber => this with { Cases = number },
            "--seed" when isNumber => this with { Seed = (ulong)number },
            "--show" when isNumber => this with { Show = (int)number },
            "--batch" when isNumber => this with { Batch = (int)number },
            "--case" when isNumber => this with { Case = (int)number },
            "--form" when value is "spoilt" or "whole" => this with { Form = value == "spoilt" ? FuzzForm.Spoilt : FuzzForm.Whole },
            "--codes" => this with { Codes = value.Split(',') },
            "--save" => this with { Save = value },
            "--report" => this with { Report = value },
            _ => null,
        };
    }
}
