using System.Text.Json;
using MmuEmu.Debugger.Matrix;
using MmuEmu.Emulator.Paging;
using MmuEmu.Emulator.Values;

namespace MmuEmu.Debugger.Rendering;

/// <summary>What each kind of access through one entry meets, and which rule decides.</summary>
internal sealed class AccessReport(Pte entry, PagingLevel level, PagingMode mode)
{
    /// <summary>Writes a line an access.</summary>
    public void WriteText(TextWriter writer)
    {
        foreach ((string name, Access access) in AccessText.All())
        {
            string rule = RuleOf(access);
            string line = PteText.OutcomeOf(entry, level, mode, access) is { } code ? $"{PteText.Of(code),-26} {rule}" : "allowed";
            writer.WriteLine($"  {name,-13} {line}");
        }
    }

    /// <summary>Writes the member <c>accesses</c> into an object that is open.</summary>
    public void WriteMembers(Utf8JsonWriter json)
    {
        json.WriteStartArray("accesses");
        foreach ((string name, Access access) in AccessText.All())
        {
            json.WriteStartObject();
            json.WriteString("access", name);
            PageFaultCode? code = PteText.OutcomeOf(entry, level, mode, access);
            json.WriteBoolean("allowed", code is null);
            if (code is { } fault)
            {
                json.WriteNumber("errorCode", (uint)fault);
                json.WriteString("rule", PteText.RuleOf(entry, level, mode, access).ToString());
                json.WriteString("level", level.EntryName());
                json.WriteString("why", RuleOf(access));
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private string RuleOf(in Access access) => RuleText.Of(PteText.RuleOf(entry, level, mode, access), entry, level, mode, access);
}
