using System.Globalization;

namespace MmuEmu.Debugger.Exports;

/// <summary>What an instruction is called.</summary>
/// <param name="Function">Its function; without one the mapping and how far into its file.</param>
/// <param name="File">The source file without its folders, which are a compiler's host's; empty when it is not known.</param>
/// <param name="Line">The line, from 1; 0 when it is not known.</param>
internal readonly record struct CodeName(string Function, string File, int Line)
{
    /// <summary>File and line; empty when they are not known.</summary>
    public string Place => Line > 0 ? string.Create(CultureInfo.InvariantCulture, $"{File}:{Line}") : "";
}
