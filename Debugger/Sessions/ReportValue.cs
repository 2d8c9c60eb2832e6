using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json;

namespace MmuEmu.Debugger.Sessions;

/// <summary>One value of a JSON document that was read whole.</summary>
/// <remarks>The library's own documents would bring OpenSSL into the native program, for the hashes of their property names.</remarks>
internal sealed class ReportValue
{
    private readonly List<(string Name, ReportValue Value)> _members = [];
    private readonly ReadOnlyMemory<byte> _raw;
    private readonly string? _text;

    private ReportValue(JsonTokenType kind, string? text, ReadOnlyMemory<byte> raw) => (Kind, _text, _raw) = (kind, text, raw);

    /// <summary>What it is: the token that it begins with.</summary>
    public JsonTokenType Kind { get; }

    /// <summary>The text of a string; null for any other value.</summary>
    public string? Text => _text;

    /// <summary>As it stands in the document.</summary>
    public string Raw => Encoding.UTF8.GetString(_raw.Span);

    /// <summary>The members of an object, or the items of an array, whose names are empty.</summary>
    public IReadOnlyList<(string Name, ReportValue Value)> Members => _members;

    /// <summary>Reads the document in <paramref name="bytes"/>.</summary>
    /// <exception cref="JsonException">It is none, or something follows it.</exception>
    public static ReportValue Parse(byte[] bytes)
    {
        Utf8JsonReader reader = new(bytes);
        try
        {
            reader.Read();
            ReportValue value = Read(ref reader, bytes);
            reader.Read();
            return value;
        }
        catch (InvalidOperationException wrong)
        {
            // A string that is no text: bytes that are not UTF-8, or half of a surrogate pair.
            throw new JsonException(wrong.Message, path: null, LineOf(bytes, reader.TokenStartIndex), bytePositionInLine: null, wrong);
        }
    }

    /// <summary>The last member of that name.</summary>
    public bool TryFind(string name, [NotNullWhen(true)] out ReportValue? value)
    {
        value = Kind == JsonTokenType.StartObject ? _members.FindLast(member => member.Name == name).Value : null;
        return value is not null;
    }

    /// <summary>The bytes that a string has in base64.</summary>
    public bool TryBase64([NotNullWhen(true)] out byte[]? bytes)
    {
        bytes = null;
        byte[] room = new byte[_text?.Length ?? 0];
        if (_text is null || !Convert.TryFromBase64String(_text, room, out int count))
        {
            return false;
        }

        bytes = room[..count];
        return true;
    }

    private static long LineOf(byte[] bytes, long place) => bytes.AsSpan(0, (int)place).Count((byte)'\n');

    private static ReportValue Read(ref Utf8JsonReader reader, byte[] bytes)
    {
        JsonTokenType kind = reader.TokenType;
        int start = (int)reader.TokenStartIndex;
        List<(string, ReportValue)> members = [];
        if (kind == JsonTokenType.StartObject)
        {
            while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
            {
                string name = reader.GetString()!;
                reader.Read();
                members.Add((name, Read(ref reader, bytes)));
            }
        }
        else if (kind == JsonTokenType.StartArray)
        {
            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            {
                members.Add(("", Read(ref reader, bytes)));
            }
        }

        ReportValue value = new(kind, kind == JsonTokenType.String ? reader.GetString() : null, bytes.AsMemory(start, (int)reader.BytesConsumed - start));
        value._members.AddRange(members);
        return value;
    }
}
