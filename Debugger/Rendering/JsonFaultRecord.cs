using System.Text.Json;
using MmuEmu.Kernel.Run;
using MmuEmu.Kernel.Syscalls;

namespace MmuEmu.Debugger.Rendering;

/// <summary>The last signal of a run with its reasons, as data.</summary>
internal static class JsonFaultRecord
{
    /// <summary>Writes the property <c>lastSignal</c>; null when no fault or exception raised one and none ended the run.</summary>
    public static void Write(Utf8JsonWriter json, FaultRecord? record, IReadOnlyList<PressureRule> rules)
    {
        if (record is null)
        {
            json.WriteNull("lastSignal");
            return;
        }

        json.WriteStartObject("lastSignal");
        WriteMembers(json, record, rules);
        json.WriteEndObject();
    }

    /// <summary>Writes what is known of the record into an object that has been begun.</summary>
    public static void WriteMembers(Utf8JsonWriter json, FaultRecord record, IReadOnlyList<PressureRule> rules)
    {
        JsonEvents.Stamp(json, record.Stamp);
        if (record.Call is null)
        {
            JsonEvents.Signal(json, record.Signal);
        }

        if (record.Fault is { } fault)
        {
            json.WriteStartObject("fault");
            JsonEvents.Fault(json, fault);
            json.WriteEndObject();
            json.WriteStartArray("rows");
            foreach (string row in FaultText.Rows(fault.Kind))
            {
                json.WriteStringValue(row);
            }

            json.WriteEndArray();
        }

        json.WriteStartArray("history");
        foreach (HistoryNote note in record.History)
        {
            Write(json, note, rules);
        }

        json.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter json, HistoryNote note, IReadOnlyList<PressureRule> rules)
    {
        json.WriteStartObject();
        json.WriteNumber("t", note.Time);
        switch (note)
        {
            case RangeCallNote call:
                json.WriteString("what", "call");
                json.WriteString("name", SyscallTable.NameOf(call.Number));
                JsonEvents.Hex(json, "start", call.Range.Start.Raw);
                json.WriteNumber("bytes", call.Range.LengthBytes);
                json.WriteNumber("how", call.How);
                break;
            case PageNote page:
                json.WriteString("what", page.Change == PageChange.Purged ? "purged" : "swappedIn");
                JsonEvents.Hex(json, "frame", page.Frame.Raw);
                json.WriteString("by", HistoryText.Of(page.Cause, rules));
                break;
        }

        json.WriteEndObject();
    }
}
