namespace MmuEmu.Debugger.Monitor;

/// <summary>One command.</summary>
/// <param name="Family">What it is for; those of one family stand together in the help.</param>
/// <param name="Name">Its name.</param>
/// <param name="Short">Other names, mostly a letter or two.</param>
/// <param name="Arguments">What may stand behind it.</param>
/// <param name="Help">What it does, in one line.</param>
/// <param name="Answer">Does it, and gives the lines to show.</param>
internal sealed record MonitorCommand(
    string Family, string Name, string[] Short, string Arguments, string Help, Func<MonitorContext, CommandWords, IEnumerable<string>> Answer)
{
    /// <summary>All its names.</summary>
    public IEnumerable<string> Names => Short.Prepend(Name);

    /// <summary>How it is typed.</summary>
    public string Usage => Arguments.Length == 0 ? Name : $"{Name} {Arguments}";
}
