using Iced.Intel;

namespace MmuEmu.Tests.Fuzz.Records;

/// <summary>A recorded case that ends otherwise here.</summary>
/// <param name="Program">The program's name.</param>
/// <param name="Number">The case's number there.</param>
/// <param name="Case">The case.</param>
/// <param name="Windows">The memory that results show.</param>
/// <param name="Fields">What differs; the processor's side is called host.</param>
public sealed record RecordedDifference(string Program, int Number, FuzzCase Case, IReadOnlyList<FuzzWindow> Windows, IReadOnlyList<FieldDifference> Fields)
{
    /// <summary>The form: Iced's name of the last instruction's code, or that it is none.</summary>
    public string Form => Case.Slot.Code == Code.INVALID ? "no instruction" : Case.Slot.Code.ToString();

    /// <summary>The fields, without places in them.</summary>
    public string Sort => string.Join(", ", Fields.Select(one => one.Field.Split('+')[0]).Distinct());
}
