using System.Text;
using MmuEmu.Debugger.Options;

namespace MmuEmu.Debugger.Shells;

/// <summary>Writes the zsh function that offers the words of one kind of value.</summary>
internal static class ZshValue
{
    private const string Indent = "    ";

    /// <summary>The function for <paramref name="known"/>.</summary>
    /// <remarks>A list hands the options of compadd that make its commas down to what offers one element.</remarks>
    public static string Write(NamedValue known, ValueNames values)
    {
        string function = $"_mmuemu_value_{known.Name}";
        string form = known.Form;
        ValueWords value = known.Value;
        return value.IsList ? Function($"{function}_element", ElementOf(form, value)) + Function(function, $"{Indent}_sequence {function}_element\n")
            : !value.Files ? Function(function, Offer(form, value.Words, Indent))
            : !value.Words.Any() ? Function(function, $"{Indent}_files\n")
            : Function(function, WordsOrFiles($"_mmuemu_value_{values.NameOf(value.WithoutFiles)}"));
    }

    /// <summary>A word as _describe wants it: colons before the description are escaped.</summary>
    public static string Described(Word word) => Escape(word.Text, "\\:") + (word.Says.Length > 0 ? $":{word.Says}" : "");

    /// <summary><paramref name="text"/> with a backslash before each of <paramref name="special"/>.</summary>
    public static string Escape(string text, string special)
    {
        StringBuilder escaped = new();
        foreach (char c in text)
        {
            escaped.Append(special.Contains(c, StringComparison.Ordinal) ? "\\" : "").Append(c);
        }

        return escaped.ToString();
    }

    private static string Function(string name, string body) => $"{name}()\n{{\n{body}}}\n\n";

    private static string WordsOrFiles(string words) =>
        $"{Indent}local ret=1\n{Indent}{words} && ret=0\n{Indent}_files && ret=0\n{Indent}return ret\n";

    private static string ElementOf(string form, ValueWords value) => value.Later.SequenceEqual(value.Words)
        ? Offer(form, value.Words, Indent)
        : $"{Indent}if [[ $IPREFIX == *, ]]; then\n{Offer(form, value.Later, Indent + Indent)}{Indent}else\n{Offer(form, value.Words, Indent + Indent)}{Indent}fi\n";

    private static string Offer(string form, IEnumerable<Word> words, string indent)
    {
        Word[] open = [.. words.Where(word => word.Text[^1] is '=' or ':')];
        string arrays = Array("known", words.Except(open), indent) + Array("open", open, indent);
        return $"{arrays}{indent}_describe -t values {ShellQuote.Posix(form)} known \"$@\"{(open.Length > 0 ? " -- open \"$@\" -S ''" : "")}\n";
    }

    private static string Array(string name, IEnumerable<Word> words, string indent)
    {
        string newLine = $"\n{indent}{Indent}";
        bool bare = words.All(word => word.Says.Length == 0);
        string[] items = [.. words.Select(word => ShellQuote.PosixAlways(Described(word)))];
        return items.Length == 0 ? ""
            : bare ? $"{indent}local -a {name}=({Wrapped.Words(items, newLine)})\n"
            : $"{indent}local -a {name}=({newLine}{string.Join(newLine, items)}\n{indent})\n";
    }
}
