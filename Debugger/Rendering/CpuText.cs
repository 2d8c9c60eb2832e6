using System.Text;
using System.Text.Json;
using MmuEmu.Emulator.Models;

namespace MmuEmu.Debugger.Rendering;

/// <summary>Processor models in words: a table of all, one in full, or JSON with schema <c>mmuemu.cpu/1</c>.</summary>
internal static class CpuText
{
    private const int NameWidth = 14;

    /// <summary>One row for each feature, one column for each model.</summary>
    public static void WriteTable(TextWriter writer, IReadOnlyList<CpuModel> models)
    {
        writer.WriteLine($"{"feature",-NameWidth}  {string.Join("  ", models.Select(m => m.Name))}");
        foreach (CpuFeatureRow row in CpuFeatureTable.Rows)
        {
            IEnumerable<string> marks = models.Select(m => (m.Has(row.Feature) ? "yes" : "-").PadRight(m.Name.Length));
            writer.WriteLine($"{row.Name,-NameWidth}  {string.Join("  ", marks)}  {row.What}");
        }

        writer.WriteLine($"The default is {CpuModels.Default.Name}. Switch single features: --cpu v3,-avx2,+sha,maxphyaddr=40");
        writer.WriteLine("Try: mmuemu cpu v3");
    }

    /// <summary>What one model has, with CPUID bits.</summary>
    public static void WriteOne(TextWriter writer, CpuModel model)
    {
        writer.WriteLine($"{model.Name}: \"{model.Brand}\", vendor {model.VendorName}, {model.PhysicalBits}-bit physical addresses");
        foreach (CpuFeatureRow row in CpuFeatureTable.Rows.Where(r => model.Has(r.Feature)))
        {
            writer.WriteLine($"  {row.Name,-NameWidth}  {string.Join(' ', row.Bits.Select(Place)),-60}  {row.What}");
        }

        CpuFeatures absent = CpuFeatureTable.Rows.Aggregate(CpuFeatures.None, (all, row) => all | row.Feature) & ~model.Features;
        writer.WriteLine($"  without: {CpuFeatureTable.NamesOf(absent)}");
    }

    /// <summary>One document.</summary>
    public static void WriteJson(TextWriter writer, IReadOnlyList<CpuModel> models)
    {
        using MemoryStream buffer = new();
        using (Utf8JsonWriter json = new(buffer, new JsonWriterOptions { Indented = true, NewLine = "\n" }))
        {
            json.WriteStartObject();
            json.WriteString("schema", "mmuemu.cpu/1");
            json.WriteString("default", CpuModels.Default.Name);
            json.WriteStartArray("models");
            foreach (CpuModel model in models)
            {
                WriteModel(json, model);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        writer.WriteLine(Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length));
    }

    private static void WriteModel(Utf8JsonWriter json, CpuModel model)
    {
        json.WriteStartObject();
        json.WriteString("name", model.Name);
        json.WriteString("vendor", model.VendorName);
        json.WriteString("brand", model.Brand);
        json.WriteNumber("maxphyaddr", model.PhysicalBits);
        json.WriteStartArray("features");
        foreach (CpuFeatureRow row in CpuFeatureTable.Rows.Where(r => model.Has(r.Feature)))
        {
            json.WriteStringValue(row.Name);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static string Place(CpuidBit bit) =>
        $"CPUID.{bit.Leaf:X2}H{(bit.Leaf is 7 or 0xD ? $".{bit.Subleaf}" : "")}:{bit.Register.ToString().ToUpperInvariant()}[{bit.Bit}]";
}
