using Iced.Intel;

namespace MmuEmu.Tests.Fuzz.Records;

/// <summary>What may differ from a record, and why.</summary>
/// <param name="Why">The reason, one sentence.</param>
/// <param name="Fields">The fields.</param>
/// <param name="Mnemonics">The instructions.</param>
public sealed record RecordReason(string Why, string[] Fields, Mnemonic[] Mnemonics);

/// <summary>The exceptions of the comparison with records: a list for readers, printed in docs/vendors.md.</summary>
public static class RecordReasons
{
    /// <summary>The list.</summary>
    public static IReadOnlyList<RecordReason> Rows { get; } =
    [
        new(
            "correctly rounded here for both makers; a processor's result may be its neighbour, and C1 tells of the rounding",
            ["ST", "FSW"],
            [Mnemonic.F2xm1, Mnemonic.Fyl2x, Mnemonic.Fyl2xp1, Mnemonic.Fsin, Mnemonic.Fcos, Mnemonic.Fsincos, Mnemonic.Fptan, Mnemonic.Fpatan]),
    ];

    /// <summary>The reason why <paramref name="found"/> may differ; null when there is none.</summary>
    public static RecordReason? Of(RecordedDifference found) => Rows.FirstOrDefault(row =>
        row.Mnemonics.Contains(found.Case.Slot.Last.Mnemonic) && found.Fields.All(one => row.Fields.Contains(one.Field.Split('+')[0])));
}
