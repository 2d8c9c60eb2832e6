namespace MmuEmu.Debugger.Sessions;

/// <summary>What a report keeps of the command line and the place that it was typed in: enough to run the same again.</summary>
/// <param name="Guest">The guest's word as it was typed.</param>
/// <param name="Arguments">The guest's own arguments.</param>
/// <param name="Program">The guest's file: an absolute path of the host, or below <c>--root</c>; null for a program that ships.</param>
/// <param name="Folder">Where the guest starts, as it sees it; null for a folder that was removed.</param>
/// <param name="Options">The options that decide what happens or what is told, in their order.</param>
internal sealed record RunRecord(string Guest, IReadOnlyList<string> Arguments, string? Program, string? Folder, IReadOnlyList<RecordedOption> Options)
{
    /// <summary>The value of the option that takes one, if it has one.</summary>
    public string? ValueOf(string name) => Find(name)?.Values is [var value, ..] ? value : null;

    /// <summary>Whether the switch is on.</summary>
    public bool Has(string name) => ValueOf(name) == RecordedOption.On;

    /// <summary>The option of that name; null when the record has none.</summary>
    public RecordedOption? Find(string name) => Options.FirstOrDefault(option => option.Name == name);
}
