using System.Globalization;

namespace MmuEmu.Debugger.Exports;

/// <summary>What an instruction is called.</summary>
/// <param name="Function">Its function; without one the mapping and how far into its file.</param>
/// <param name="File">The source file without its folders, which are a compiler's host's; empty when it is not known.</param>
/// <param name="Line">The line, from 1; 0 when it is not known.</param>
internal readonly record struct CodeName(string Function, string File, int Line)
{
    /// <summary>Where code was inlined to that comes from another file, as file and line; otherwise empty.</summary>
    public string Into { get; init; } = "";

    /// <summary>File and line, and where it was inlined to; empty when they are not known.</summary>
    public string Place => Line == 0 ? "" : Into.Length == 0 ? TextOf(File, Line) : $"{TextOf(File, Line)} in {Into}";

    /// <summary>File and line as one text.</summary>
    public static string TextOf(string file, int line) => string.Create(CultureInfo.InvariantCulture, $"{file}:{line}");
}
