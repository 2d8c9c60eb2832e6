using MmuEmu.Emulator.Models;
using MmuEmu.Tests.Golden;
using MmuEmu.Tests.House;

namespace MmuEmu.Tests.Cpu;

/// <summary><c>docs/cpu-models.md</c> lists the features as the table has them.</summary>
public sealed class CpuModelDocumentTests
{
    [Fact]
    public void The_document_lists_every_feature_with_its_models_needs_and_bits()
    {
        string file = Path.Combine("docs", "cpu-models.md");
        string[] lines = File.ReadAllText(Path.Combine(SourceTree.Root, file)).ReplaceLineEndings("\n").Split('\n');
        int first = Array.FindIndex(lines, line => line.StartsWith("| feature |", StringComparison.Ordinal)) + 2;
        int end = Array.FindIndex(lines, first, line => !line.StartsWith('|'));

        GoldenFile.CheckAt(file, string.Join('\n', [.. lines[..first], .. CpuFeatureTable.Rows.Select(Row), .. lines[end..]]));
    }

    private static string Row(CpuFeatureRow row) =>
        $"| `{row.Name}` | {ModelsOf(row.Feature)} | {CpuFeatureTable.NamesOf(row.Needs)} | {string.Join(", ", row.Bits.Select(Place))} | {row.What} |";

    private static string ModelsOf(CpuFeatures feature)
    {
        string[] names = [.. CpuModels.All.Where(model => model.Has(feature)).Select(model => model.Name.Replace("x86-64-", "", StringComparison.Ordinal))];
        return names.Length == CpuModels.All.Count ? "all" : string.Join(", ", names);
    }

    private static string Place(CpuidBit bit) =>
        $"{bit.Leaf:X}H{(bit.Leaf is 7 or 0xD ? $".{bit.Subleaf}" : "")}:{bit.Register.ToString().ToUpperInvariant()}[{bit.Bit}]";
}
