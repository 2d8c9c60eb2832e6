using MmuEmu.Emulator.Models;

namespace MmuEmu.Debugger.Options;

/// <summary>The words of a processor model's text.</summary>
internal static class CpuWords
{
    private const string LongPrefix = "x86-64-";

    /// <summary>A model, then what is changed of it.</summary>
    public static ValueWords Make() => ValueWords.ListOf(Models, Changes);

    private static IEnumerable<Word> Models() => CpuModels.All.Select(model =>
        new Word(model.Name.StartsWith(LongPrefix, StringComparison.Ordinal) ? model.Name[LongPrefix.Length..] : model.Name));

    /// <summary>A feature that every processor has is no change: the parser of models knows which.</summary>
    private static IEnumerable<Word> Changes()
    {
        CpuFeatureRow[] rows = [.. CpuFeatureTable.Rows.Where(row => CpuModelText.TryParse($"max,-{row.Name}", out _, out _))];
        Word[] others = [new("vendor=amd", "made by AMD"), new("vendor=intel", "made by Intel"), new("maxphyaddr=", "width of physical addresses")];
        return [.. others, .. rows.Select(row => new Word($"+{row.Name}", row.What)), .. rows.Select(row => new Word($"-{row.Name}", row.What))];
    }
}
