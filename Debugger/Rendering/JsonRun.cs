using System.Text.Json;
using MmuEmu.Debugger.Sessions;

namespace MmuEmu.Debugger.Rendering;

/// <summary>What made a run, as data: with this <c>mmuemu run --from</c> makes it again.</summary>
internal static class JsonRun
{
    /// <summary>Writes the member <c>run</c>.</summary>
    public static void Write(Utf8JsonWriter json, RunRecord record)
    {
        json.WriteStartObject("run");
        PortableText.Write(json, "guest", record.Guest);
        PortableText.Write(json, "program", record.Program);
        PortableText.Write(json, "workingFolder", record.Folder);
        json.WriteStartObject("options");
        foreach (RecordedOption option in record.Options)
        {
            Write(json, option);
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }

    /// <summary>Writes the member <c>stdin</c>.</summary>
    public static void Write(Utf8JsonWriter json, RecordedInput input)
    {
        json.WriteStartObject("stdin");
        json.WriteNumber("bytes", input.Bytes);
        json.WriteString("sha256", input.Hash);
        if (input.Data is { } data)
        {
            json.WritePropertyName("data");
            PortableText.Write(json, data);
        }
        else
        {
            json.WriteBoolean("truncated", true);
        }

        if (input.Pieces.Count > 0)
        {
            json.WriteStartArray("pieces");
            foreach (ulong piece in input.Pieces)
            {
                json.WriteNumberValue(piece);
            }

            json.WriteEndArray();
        }

        if (input.Error != Kernel.Abi.Errno.None)
        {
            json.WriteString("error", input.Error.ToString());
        }

        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, RecordedOption option)
    {
        json.WriteStartObject(option.Name);
        switch (option.Takes)
        {
            case OptionValues.Switch:
                json.WriteBoolean("value", option.Values.Count > 0);
                break;
            case OptionValues.Many:
                PortableText.Write(json, "value", option.Values);
                break;
            case OptionValues.One:
                PortableText.Write(json, "value", option.Values.Count > 0 ? option.Values[0] : null);
                break;
        }

        json.WriteString("by", ReportReader.NameOf(option.By));
        if (option.Written is [var written])
        {
            PortableText.Write(json, "written", written);
        }

        json.WriteEndObject();
    }
}
