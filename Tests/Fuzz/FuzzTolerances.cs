using Iced.Intel;

namespace MmuEmu.Tests.Fuzz;

/// <summary>What may differ between two processors.</summary>
public enum FuzzTolerance
{
    /// <summary>Vector lanes of single precision: both sides are within 1.5 · 2^-12 of the true value, so 3 · 2^-12 apart at most.</summary>
    Approximation,

    /// <summary>x87 registers: one unit of the last place; C1 and PE tell of that rounding.</summary>
    LastPlace,

    /// <summary>Flags in the frame of a fault in the middle of a repeated comparison.</summary>
    FlagsAtFault,
}

/// <summary>A tolerance, whom it is granted, and why.</summary>
/// <param name="Kind">What may differ.</param>
/// <param name="Why">The reason, one sentence.</param>
/// <param name="Mnemonics">Whom.</param>
public sealed record FuzzToleranceRow(FuzzTolerance Kind, string Why, params Mnemonic[] Mnemonics);

/// <summary>Every tolerance of the comparison: a list for readers, printed in docs/cpu-fuzz.md.</summary>
/// <remarks>Flags that the manual leaves undefined are not here: they come from Iced's tables (<see cref="UndefinedFlags"/>).</remarks>
public static class FuzzTolerances
{
    /// <summary>The list.</summary>
    public static IReadOnlyList<FuzzToleranceRow> Rows { get; } =
    [
        new(
            FuzzTolerance.Approximation,
            "the architecture bounds the relative error by 1.5 · 2^-12 and leaves the bits to each processor",
            Mnemonic.Rcpps, Mnemonic.Rcpss, Mnemonic.Rsqrtps, Mnemonic.Rsqrtss, Mnemonic.Vrcpps, Mnemonic.Vrcpss, Mnemonic.Vrsqrtps, Mnemonic.Vrsqrtss),
        new(
            FuzzTolerance.LastPlace,
            "transcendental: the architecture bounds the error by one unit of the last place",
            Mnemonic.F2xm1, Mnemonic.Fyl2x, Mnemonic.Fyl2xp1, Mnemonic.Fsin, Mnemonic.Fcos, Mnemonic.Fsincos, Mnemonic.Fptan, Mnemonic.Fpatan),
        new(
            FuzzTolerance.FlagsAtFault,
            "Intel restores the flags of before the instruction, AMD shows those of the last comparison",
            Mnemonic.Cmpsb, Mnemonic.Cmpsw, Mnemonic.Cmpsd, Mnemonic.Cmpsq, Mnemonic.Scasb, Mnemonic.Scasw, Mnemonic.Scasd, Mnemonic.Scasq),
    ];

    private static readonly Dictionary<Mnemonic, List<FuzzTolerance>> Index = Build();

    /// <summary>The tolerances of a mnemonic.</summary>
    public static IReadOnlyList<FuzzTolerance> Of(Mnemonic mnemonic) => Index.TryGetValue(mnemonic, out List<FuzzTolerance>? found) ? found : [];

    private static Dictionary<Mnemonic, List<FuzzTolerance>> Build()
    {
        Dictionary<Mnemonic, List<FuzzTolerance>> index = [];
        foreach (FuzzToleranceRow row in Rows)
        {
            foreach (Mnemonic mnemonic in row.Mnemonics)
            {
                if (!index.TryGetValue(mnemonic, out List<FuzzTolerance>? list))
                {
                    index[mnemonic] = list = [];
                }

                list.Add(row.Kind);
            }
        }

        return index;
    }
}
