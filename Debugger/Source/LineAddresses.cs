namespace MmuEmu.Debugger.Source;

/// <summary>Where the code of a line begins.</summary>
/// <param name="File">The path of the file; empty when no file has that name.</param>
/// <param name="Line">The line: the one that was asked for, or the next that has code; 0 when none has.</param>
/// <param name="Addresses">Ascending, each once, before any load bias: one for each piece of code of that line.</param>
internal sealed record LineAddresses(string File, int Line, IReadOnlyList<ulong> Addresses)
{
    /// <summary>Nothing was found.</summary>
    public static LineAddresses None { get; } = new("", 0, []);

    /// <summary>Paths of other files that the name fits as well, by name: the user has to tell more of the path.</summary>
    public IReadOnlyList<string> OtherFiles { get; init; } = [];
}
