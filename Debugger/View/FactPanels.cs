using System.Globalization;
using MmuEmu.Debugger.Screens;

namespace MmuEmu.Debugger.View;

/// <summary>What happens and why, the program, its registers, the mapping and the frame, each as lines.</summary>
internal static class FactPanels
{
    /// <summary>What happens, and why.</summary>
    public static IEnumerable<TextLine> Why(Scene scene, int width)
    {
        for (int i = 0; i < scene.Why.Count; i++)
        {
            foreach (TextLine line in Prose.Lines(scene.Why[i], width, i == 0 ? Role.Strong : Role.Plain))
            {
                yield return line;
            }
        }
    }

    /// <summary>Source and instructions.</summary>
    public static IEnumerable<TextLine> Code(Scene scene, bool isShort)
    {
        IEnumerable<string> source = isShort ? scene.Code.Source.Where(IsCurrent) : scene.Code.Source;
        IEnumerable<string> instructions = isShort ? scene.Code.Instructions.SkipWhile(line => !IsCurrent(line)).Take(2) : scene.Code.Instructions;
        foreach (string line in source.Concat(instructions))
        {
            yield return TextLine.Of(line, IsCurrent(line) ? Role.Cursor : Role.Plain);
        }
    }

    /// <summary>Registers, as many side by side as have room.</summary>
    public static IEnumerable<TextLine> Registers(Scene scene, int width)
    {
        if (scene.Registers.Count == 0)
        {
            yield break;
        }

        int cell = scene.Registers.Max(row => ShownOf(row).Length) + 1;
        int perLine = Math.Clamp(width / cell, 1, 4);
        for (int i = 0; i < scene.Registers.Count; i += perLine)
        {
            yield return new TextLine([.. scene.Registers.Skip(i).Take(perLine).Select(row => new TextSpan(ShownOf(row).PadRight(cell), row.Changed ? Role.Changed : Role.Plain))]);
        }
    }

    /// <summary>The mapping, and its pages.</summary>
    public static IEnumerable<TextLine> Map(Scene scene, int width)
    {
        if (scene.Map is not { } map)
        {
            yield break;
        }

        foreach (string line in map.Lines)
        {
            yield return TextLine.Of(line);
        }

        if (map.Strip.Length == 0)
        {
            yield break;
        }

        yield return new TextLine(
            new TextSpan($"[{map.Strip[..map.Place]}"), new TextSpan(map.Strip.Substring(map.Place, 1), Role.Cursor), new TextSpan($"{map.Strip[(map.Place + 1)..]}]"));
        foreach (string line in Prose.Broken(map.Page, Math.Max(width - map.Place - 3, 12)))
        {
            bool isFirst = line.Length > 0 && map.Page.StartsWith(line, StringComparison.Ordinal);
            int indent = Math.Min(map.Place + 1, Math.Max(width - 14, 0));
            yield return TextLine.Of($"{new string(' ', indent)}{(isFirst ? '^' : ' ')} {line}");
        }

        foreach (TextLine line in Prose.Lines(map.Legend.Replace("  ", ", ", StringComparison.Ordinal), width, Role.Faint))
        {
            yield return line;
        }
    }

    /// <summary>What the program has written.</summary>
    public static IEnumerable<TextLine> Output(Scene scene) => scene.Output.Count == 0
        ? [TextLine.Of("nothing written so far", Role.Faint)]
        : scene.Output.Select(line => TextLine.Of(line));

    /// <summary>The frame.</summary>
    public static IEnumerable<TextLine> Frame(Scene scene, int width) => scene.Frame.Where(line => line.Length > 0).SelectMany(line => Prose.Lines(line, width));

    private static bool IsCurrent(string line) => line.StartsWith('>');

    /// <summary>A register; a star says that it changed, and what is negative and small is written so.</summary>
    private static string ShownOf(in RegisterRow row)
    {
        string value = row.Value >= 0xFFFF_FFFF_0000_0000
            ? string.Create(CultureInfo.InvariantCulture, $"-0x{unchecked(0 - row.Value):x}")
            : row.Value.ToString("x", CultureInfo.InvariantCulture);
        return $"{row.Name,-3} {value}{(row.Changed ? "*" : " ")}";
    }
}
