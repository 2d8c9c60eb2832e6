using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using MmuEmu.Emulator.Paging;
using MmuEmu.Emulator.Values;

namespace MmuEmu.Debugger.Rendering;

/// <summary>What the documents of walks have in common.</summary>
internal static class WalkJson
{
    /// <summary>Writes one document, with what <paramref name="fill"/> puts into it.</summary>
    public static void Write(TextWriter writer, Action<Utf8JsonWriter> fill)
    {
        using MemoryStream buffer = new();
        using (Utf8JsonWriter json = new(buffer, new JsonWriterOptions { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            fill(json);
            json.WriteEndObject();
        }

        writer.WriteLine(Encoding.UTF8.GetString(buffer.ToArray()));
    }

    /// <summary>Writes the members of one entry; its object is open.</summary>
    /// <param name="json">Where to.</param>
    /// <param name="address">The address walked for.</param>
    /// <param name="step">The entry.</param>
    /// <param name="meaning">What it means, in words.</param>
    public static void WriteEntry(Utf8JsonWriter json, VirtAddr address, in WalkStep step, string meaning)
    {
        WritePlace(json, address, step);
        JsonEvents.Hex(json, "entry", step.Entry.Raw);
        json.WriteBoolean("present", step.Entry.Present);
        json.WriteStartArray("bits");
        foreach (string bit in step.Entry.Present ? EntryText.Bits(step.Entry, step.Level) : [])
        {
            json.WriteStringValue(bit);
        }

        json.WriteEndArray();
        json.WriteString("meaning", meaning);
    }

    /// <summary>Writes where an entry lies: level, index and slot.</summary>
    public static void WritePlace(Utf8JsonWriter json, VirtAddr address, in WalkStep step)
    {
        json.WriteString("level", step.Level.EntryName());
        json.WriteNumber("index", step.Level.IndexOf(address));
        JsonEvents.Hex(json, "slot", step.Slot.Raw);
    }

    /// <summary>Writes what each access meets: the error code of its fault, or null.</summary>
    public static void WriteAccesses(Utf8JsonWriter json, IEnumerable<(string Name, PageFaultCode? Code)> meets)
    {
        json.WriteStartArray("accesses");
        foreach ((string access, PageFaultCode? code) in meets)
        {
            json.WriteStartObject();
            json.WriteString("access", access);
            json.WriteBoolean("allowed", code is null);
            if (code is { } fault)
            {
                json.WriteString("fault", "#PF");
                json.WriteNumber("code", (uint)fault);
                json.WriteString("codeText", WalkText.Code(fault));
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
