using System.Text;
using System.Text.Json;
using MmuEmu.Emulator.Models;
using MmuEmu.Emulator.Tlb;

namespace MmuEmu.Debugger.Rendering;

/// <summary>Processor models as one JSON document, schema <c>mmuemu.cpu/1</c>; caches and TLBs with the preset's numbers.</summary>
internal static class CpuJson
{
    private static readonly (TlbSizes Size, string Name)[] PageSizes =
        [(TlbSizes.Size4K, "4K"), (TlbSizes.Size2M, "2M"), (TlbSizes.Size1G, "1G")];

    /// <summary>One document.</summary>
    public static void Write(TextWriter writer, IReadOnlyList<CpuModel> models)
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
        json.WriteNumber("family", model.Signature.Family);
        json.WriteNumber("model", model.Signature.Model);
        json.WriteNumber("stepping", model.Signature.Stepping);
        json.WriteNumber("maxphyaddr", model.PhysicalBits);
        WriteNames(json, "features", CpuFeatureTable.Rows.Where(r => model.Has(r.Feature)).Select(row => row.Name));
        json.WriteString("preset", model.DefaultPreset.Name);
        WriteCaches(json, model.Geometry);
        WriteTlbs(json, model.Geometry);
        json.WriteStartArray("habits");
        foreach (CpuHabitRow row in CpuHabitTable.Rows.Where(row => model.Has(row.Habit)))
        {
            json.WriteStartObject();
            json.WriteString("subject", row.Subject);
            json.WriteString("does", CpuText.Habit(model, row));
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteCaches(Utf8JsonWriter json, CpuGeometry geometry)
    {
        json.WriteStartArray("caches");
        foreach (CpuCache cache in geometry.Caches)
        {
            json.WriteStartObject();
            json.WriteNumber("level", cache.Level);
            json.WriteString("holds", Kind(cache.Holds));
            json.WriteNumber("bytes", cache.Bytes);
            json.WriteNumber("ways", cache.Ways);
            json.WriteNumber("lineBytes", CpuCache.LineBytes);
            json.WriteBoolean("shared", cache.Shared);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteTlbs(Utf8JsonWriter json, CpuGeometry geometry)
    {
        json.WriteStartArray("tlbs");
        foreach (CpuTlb tlb in geometry.Tlbs)
        {
            json.WriteStartObject();
            json.WriteNumber("level", tlb.Level);
            json.WriteString("holds", Kind(tlb.Holds));
            WriteNames(json, "pages", PageSizes.Where(size => (tlb.Sizes & size.Size) != 0).Select(size => size.Name));
            json.WriteNumber("entries", tlb.Entries);
            json.WriteNumber("ways", tlb.Ways);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteNames(Utf8JsonWriter json, string property, IEnumerable<string> names)
    {
        json.WriteStartArray(property);
        foreach (string name in names)
        {
            json.WriteStringValue(name);
        }

        json.WriteEndArray();
    }

    private static string Kind(CpuHolds holds) => holds switch { CpuHolds.Data => "data", CpuHolds.Code => "code", CpuHolds.Unified => "unified" };
}
