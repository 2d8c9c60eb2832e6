using System.Globalization;
using MmuEmu.Debugger.Source;
using MmuEmu.Emulator.Values;

namespace MmuEmu.Debugger.Monitor;

/// <summary>Where in the source an instruction lies, as far as that is known.</summary>
/// <param name="Address">The instruction.</param>
internal sealed record SourcePlace(VirtAddr Address)
{
    /// <summary>The program or library; null for code of no file.</summary>
    public LoadedObject? Object { get; init; }

    /// <summary>The function; empty when it is not known.</summary>
    public string Function { get; init; } = "";

    /// <summary>Bytes behind the function's start.</summary>
    public ulong Offset { get; init; }

    /// <summary>The source file as the compiler had it; empty when it is not known.</summary>
    public string File { get; init; } = "";

    /// <summary>The line, from 1; 0 when it is not known.</summary>
    public int Line { get; init; }

    /// <summary>Where the code was inlined, innermost call first; none when it stands in the function itself.</summary>
    public IReadOnlyList<SourceFrame> Callers { get; init; } = [];

    /// <summary>True when a line is known.</summary>
    public bool HasLine => Line > 0;

    /// <summary>The file without its folders, which are the compiler's, and the line; of code that was inlined from another file also where to: <c>mmuemu.h:73 in demo.c:41</c>.</summary>
    public string FileAndLine => !HasLine ? ""
        : Callers is [.., { Line: > 0 } outer] && outer.File != File ? $"{Short(File, Line)} in {Short(outer.File, outer.Line)}"
        : Short(File, Line);

    /// <summary>The lines of the calls that the code was inlined for: <c>vrange-recover.c:93 in main</c>.</summary>
    public IEnumerable<string> InlinedAt => Callers.Where(caller => caller.Line > 0)
        .Select(caller => $"{Short(caller.File, caller.Line)}{(caller.Function.Length == 0 ? "" : $" in {OwnText.Printable(caller.Function)}")}");

    /// <summary>The function with the offset in it; empty when it is not known.</summary>
    public string Symbol => Function.Length == 0 ? "" : Offset == 0 ? OwnText.Printable(Function) : $"{OwnText.Printable(Function)}+0x{Offset:x}";

    /// <summary>What is known beside the address: <c>main+0x1c (demo.c:41)</c>; empty when nothing is.</summary>
    public string Name => (Symbol, FileAndLine) switch
    {
        (var symbol, "") => symbol,
        ("", var line) => $"({line})",
        var (symbol, line) => $"{symbol} ({line})",
    };

    /// <summary>The address, and what is known beside it.</summary>
    public override string ToString() => Name.Length == 0 ? Address.ToString() : $"{Address} {Name}";

    /// <summary>The text of lines of the source, numbered; none when the host has not the file.</summary>
    /// <param name="around">Lines before and after.</param>
    public IEnumerable<string> Lines(int around)
    {
        if (!HasLine || Object?.Map.SourceFileOf(File) is not { } path)
        {
            yield break;
        }

        int number = 0;
        foreach (string text in Read(path))
        {
            number++;
            if (number >= Line - around && number <= Line + around)
            {
                yield return string.Create(CultureInfo.InvariantCulture, $"{(number == Line ? '>' : ' ')}{number,5}  {OwnText.Printable(text.Replace("\t", "    ", StringComparison.Ordinal))}");
            }
        }
    }

    private static string Short(string file, int line) => string.Create(CultureInfo.InvariantCulture, $"{OwnText.Printable(file[(file.LastIndexOf('/') + 1)..])}:{line}");

    private string[] Read(string path)
    {
        try
        {
            using StreamReader file = new(path);
            List<string> lines = [];
            while (lines.Count < Line + 64 && file.ReadLine() is { } line)
            {
                lines.Add(line);
            }

            return [.. lines];
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
