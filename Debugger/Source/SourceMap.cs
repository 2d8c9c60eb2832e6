namespace MmuEmu.Debugger.Source;

/// <summary>A program or a library in memory, and its source: from an address to function, line and inlined calls, and from a line to its addresses.</summary>
/// <param name="path">Where its file is on the host.</param>
/// <param name="bias">What the loader added to the addresses of the file; 0 for a program at a fixed place.</param>
/// <remarks>
/// Nothing is opened before the first question, and nothing is read that no question needs. No content of a file raises an exception: what cannot be
/// read is told by <see cref="Missing"/> and <see cref="Faults"/>. Not to be used by two threads at once.
/// </remarks>
internal sealed class SourceMap(string path, ulong bias = 0) : IDisposable
{
    private DebugInfo? _info;

    /// <summary>The file's bytes, for a file that the host does not have at the path; null to read it there.</summary>
    public ReadOnlyMemory<byte>? Content { get; init; }

    /// <summary>Folders with debug files that were split off, in the order of the search.</summary>
    public IReadOnlyList<string> DebugFolders { get; init; } = [DebugFile.SystemFolder];

    /// <summary>Folders with source files that the user names, searched before the place where the compiler had them.</summary>
    public IReadOnlyList<string> SourceFolders { get; init; } = [];

    /// <summary>Where its file is on the host.</summary>
    public string Path => path;

    /// <summary>What the loader added to the addresses of the file.</summary>
    public ulong Bias => bias;

    /// <summary>Why there is no debug information at all; empty when there is some.</summary>
    public string Missing => Info.Missing;

    /// <summary>The debug file that lies beside the program and is of another one, in words; empty for none.</summary>
    public string Stale => Info.Stale;

    /// <summary>What of the debug information could not be read so far, the first 16 findings.</summary>
    public IReadOnlyList<string> Faults => Info.Faults;

    /// <summary>The file that the debug information is read from; empty when there is none.</summary>
    public string DebugPath => Info.DebugPath;

    /// <summary>What the file says, at its own addresses.</summary>
    public DebugInfo Info => _info ??= DebugInfo.Open(path, Content, DebugFolders);

    /// <summary>What the loader added to the addresses of the file at <paramref name="path"/>, from a mapping of it that may be executed.</summary>
    /// <param name="path">A path of the host.</param>
    /// <param name="address">Where the mapping begins.</param>
    /// <param name="offset">Which byte of the file is there.</param>
    /// <returns>Null when the file cannot be read, or has no code at that byte.</returns>
    public static ulong? BiasOf(string path, ulong address, ulong offset)
    {
        using ElfFile? file = ElfFile.TryOpen(path, out ElfFile? opened, out _) ? opened : null;
        return file?.BiasOf(address, offset);
    }

    /// <summary>The source of the instruction at <paramref name="address"/>: innermost inlined call first, the function whose code it is last.</summary>
    /// <returns>Empty when the debug information does not cover it.</returns>
    /// <remarks>For a caller's frame, ask with the return address less 1: the call may be the last of its line.</remarks>
    public IReadOnlyList<SourceFrame> FramesAt(ulong address) => Info.FramesAt(address - bias);

    /// <summary>The function at <paramref name="address"/> by the symbols of the file, and how many bytes behind its start that is; null when none names it.</summary>
    public (string Name, ulong Offset)? FunctionAt(ulong address) => Info.SymbolAt(address - bias) is { } found ? (found.Symbol.Name, found.Offset) : null;

    /// <summary>Where the code of a line begins, or of the next line of that file that has code: where to stop for it.</summary>
    /// <param name="file">A path, or its last parts, as <c>main.c</c>.</param>
    /// <param name="line">From 1 on.</param>
    public LineAddresses AddressesOf(string file, int line)
    {
        LineAddresses found = Info.AddressesOf(file, line);
        return found.Line == 0 ? found : found with { Addresses = [.. found.Addresses.Select(address => address + bias)] };
    }

    /// <summary>All code of the statement at <paramref name="address"/>: a step by line ends at the first instruction of the same call that is none of it.</summary>
    /// <returns>Ascending; empty when the debug information has no line for it.</returns>
    /// <remarks>What the compiler marks as no good place to stop (is_stmt) belongs to the statement before it.</remarks>
    public IReadOnlyList<AddressRange> StatementAt(ulong address) =>
        [.. Info.StatementAt(address - bias).Select(range => new AddressRange(range.Start + bias, range.End + bias))];

    /// <summary>Where the host has the source file <paramref name="file"/> of a <see cref="SourceFrame"/>.</summary>
    /// <returns>
    /// The first that is there: its path below a folder of <see cref="SourceFolders"/>, without as few of its first parts as may be; the path
    /// itself; its path, or last parts of it, below the program's folder. Null when there is none. Never a device or a pipe.
    /// </returns>
    public string? SourceFileOf(string file) => SourcePath.OnHost(file, SourceFolders, System.IO.Path.GetDirectoryName(HostFile.Real(path)) ?? "/");

    /// <summary>Closes the files; a later question opens them again.</summary>
    public void Dispose()
    {
        _info?.Dispose();
        _info = null;
    }
}
