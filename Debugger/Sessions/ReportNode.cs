using System.Globalization;
using System.Text.Json;
using MmuEmu.Kernel.Abi;

namespace MmuEmu.Debugger.Sessions;

/// <summary>A value of a report that must be there and be of a kind; what is not is told with its place.</summary>
/// <param name="File">The report's name, for messages.</param>
/// <param name="Place">Where in the report it is, such as <c>run.options</c>.</param>
/// <param name="Value">The value.</param>
internal readonly record struct ReportNode(string File, string Place, ReportValue? Value)
{
    /// <summary>Whether it is null.</summary>
    public bool IsNull => Value?.Kind == JsonTokenType.Null;

    /// <summary>A text as <see cref="GuestText"/> writes it.</summary>
    /// <exception cref="CommandException">It is none.</exception>
    public string Text => GuestText.Of(Bytes);

    /// <summary>The bytes of a text.</summary>
    /// <exception cref="CommandException">It is none.</exception>
    public byte[] Bytes => Value is not null && PortableText.TryRead(Value, out byte[]? bytes) ? bytes : throw Wrong("a text");

    /// <summary>A text, or null.</summary>
    /// <exception cref="CommandException">It is neither.</exception>
    public string? TextOrNull => IsNull ? null : Text;

    /// <summary>A whole number that is not negative.</summary>
    /// <exception cref="CommandException">It is none.</exception>
    public ulong Number => Value?.Kind == JsonTokenType.Number && ulong.TryParse(Value.Raw, NumberStyles.None, CultureInfo.InvariantCulture, out ulong number) ? number : throw Wrong("a whole number");

    /// <summary>A number.</summary>
    /// <exception cref="CommandException">It is none.</exception>
    public double Real => Value?.Kind == JsonTokenType.Number && double.TryParse(Value.Raw, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) ? number : throw Wrong("a number");

    /// <summary>True or false.</summary>
    /// <exception cref="CommandException">It is neither.</exception>
    public bool Flag => Value?.Kind is JsonTokenType.True or JsonTokenType.False ? Value.Kind == JsonTokenType.True : throw Wrong("true or false");

    /// <summary>The values of an array.</summary>
    /// <exception cref="CommandException">It is none.</exception>
    public IEnumerable<ReportNode> Items
    {
        get
        {
            ReportNode self = this;
            return Value?.Kind == JsonTokenType.StartArray ? Value.Members.Select((item, i) => new ReportNode(self.File, $"{self.Place}[{i}]", item.Value)) : throw Wrong("an array");
        }
    }

    /// <summary>The members of an object by name.</summary>
    /// <exception cref="CommandException">It is none.</exception>
    public IEnumerable<(string Name, ReportNode Value)> Members
    {
        get
        {
            ReportNode self = this;
            return Value?.Kind == JsonTokenType.StartObject
                ? Value.Members.Select(member => (member.Name, new ReportNode(self.File, self.PlaceOf(member.Name), member.Value)))
                : throw Wrong("an object");
        }
    }

    /// <summary>The member of that name.</summary>
    /// <exception cref="CommandException">There is none.</exception>
    public ReportNode this[string name] => Find(name) ?? throw new ReportNode(File, PlaceOf(name), default).Wrong("a value");

    /// <summary>The member of that name; null when there is none.</summary>
    public ReportNode? Find(string name) =>
        Value is not null && Value.TryFind(name, out ReportValue? member) ? new ReportNode(File, PlaceOf(name), member) : null;

    /// <summary>The message for a value that is not what it has to be.</summary>
    public CommandException Wrong(string expected)
    {
        string found = Value?.Raw ?? "nothing";
        return new CommandException(
            ExitCodes.Usage,
            $"'{File}' is no whole report of a run: at {Place} expected {expected}, found {(found.Length > 40 ? found[..40] + "…" : found)}",
            "try: mmuemu run --json GUEST > run.json");
    }

    private string PlaceOf(string name) => Place.Length == 0 ? name : $"{Place}.{name}";
}
