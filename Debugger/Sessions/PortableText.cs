using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Unicode;
using MmuEmu.Kernel.Abi;

namespace MmuEmu.Debugger.Sessions;

/// <summary>Bytes in JSON: a string where they are UTF-8, else <c>{"base64": "…"}</c>, so that every byte survives.</summary>
/// <remarks>A lone surrogate, as <see cref="GuestText"/> has it, is nothing that JSON's readers agree on.</remarks>
internal static class PortableText
{
    private const string Base64 = "base64";

    /// <summary>Writes a text of a guest or a command line, as <see cref="GuestText"/> writes it.</summary>
    public static void Write(Utf8JsonWriter json, string text) => Write(json, GuestText.Bytes(text));

    /// <summary>Writes a member.</summary>
    public static void Write(Utf8JsonWriter json, string name, string? text)
    {
        json.WritePropertyName(name);
        if (text is null)
        {
            json.WriteNullValue();
            return;
        }

        Write(json, text);
    }

    /// <summary>Writes an array.</summary>
    public static void Write(Utf8JsonWriter json, string name, IEnumerable<string> texts)
    {
        json.WriteStartArray(name);
        foreach (string text in texts)
        {
            Write(json, text);
        }

        json.WriteEndArray();
    }

    /// <summary>Writes any bytes.</summary>
    public static void Write(Utf8JsonWriter json, ReadOnlySpan<byte> bytes)
    {
        if (Utf8.IsValid(bytes))
        {
            json.WriteStringValue(bytes);
            return;
        }

        json.WriteStartObject();
        json.WriteBase64String(Base64, bytes);
        json.WriteEndObject();
    }

    /// <summary>The bytes of <paramref name="value"/>; false when it is neither of the two.</summary>
    public static bool TryRead(ReportValue value, [NotNullWhen(true)] out byte[]? bytes)
    {
        bytes = value.Text is { } text ? System.Text.Encoding.UTF8.GetBytes(text) : null;
        return bytes is not null || (value.TryFind(Base64, out ReportValue? coded) && coded.TryBase64(out bytes));
    }
}
