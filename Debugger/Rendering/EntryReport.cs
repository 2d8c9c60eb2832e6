using System.Text.Json;
using MmuEmu.Debugger.Options;
using MmuEmu.Emulator.Paging;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Tables;

namespace MmuEmu.Debugger.Rendering;

/// <summary>One entry with every field named.</summary>
internal sealed class EntryReport(Pte entry, PagingLevel level, KernelProfile profile, byte maxPhyAddr)
{
    private readonly SoftPteFormat _format = new(profile);

    private EntryFields Fields => new(entry, level, _format, maxPhyAddr);

    /// <summary>Writes lines for people.</summary>
    public void WriteText(TextWriter writer)
    {
        writer.WriteLine($"{entry}  {level.EntryName()}  {EntryText.Of(entry, level, _format)}");
        foreach (EntryField field in Fields.All())
        {
            string bits = field.High == field.Low ? $"{field.Low}" : $"{field.High}:{field.Low}";
            writer.WriteLine($"  {bits,5}  {field.Name,-15} {field.Value,-13} {field.Meaning}");
        }
    }

    /// <summary>Writes schema <c>mmuemu.pte/1</c>.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="more">Adds members; null for none.</param>
    public void WriteJson(TextWriter writer, Action<Utf8JsonWriter>? more = null)
    {
        using MemoryStream buffer = new();
        using (Utf8JsonWriter json = new(buffer, new JsonWriterOptions { Indented = true, NewLine = "\n" }))
        {
            json.WriteStartObject();
            WriteMembers(json);
            more?.Invoke(json);
            json.WriteEndObject();
        }

        writer.WriteLine(System.Text.Encoding.UTF8.GetString(buffer.ToArray()));
    }

    private void WriteMembers(Utf8JsonWriter json)
    {
        json.WriteString("schema", "mmuemu.pte/1");
        json.WriteString("raw", entry.ToString());
        json.WriteString("level", LevelOption.NameOf(level));
        json.WriteString("meaning", EntryText.Of(entry, level, _format));
        json.WriteStartObject("fields");
        foreach (EntryField field in Fields.All())
        {
            json.WriteString(field.Name, field.Value);
        }

        json.WriteEndObject();
    }
}
