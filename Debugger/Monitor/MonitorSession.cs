using MmuEmu.Debugger.Rendering;
using MmuEmu.Debugger.Travel;
using MmuEmu.Emulator.Values;

namespace MmuEmu.Debugger.Monitor;

/// <summary>The command language of the debugger: one line in, lines out. What cannot be done is said in the lines; nothing is thrown.</summary>
/// <param name="journey">Where the commands move, and look.</param>
/// <param name="style">How entries and causes are written; colours only where the lines go to a terminal.</param>
internal sealed class MonitorSession(Journey journey, WhyStyle style) : IDisposable
{
    private readonly MonitorContext _context = new(journey, style);

    /// <summary>What the commands work on, for views that show the same.</summary>
    public MonitorContext Context => _context;

    /// <summary>The source of what runs.</summary>
    public SourceLines Source => _context.Source;

    /// <summary>What was walked for last, for views that follow it; null before the first walk.</summary>
    public (int Space, VirtAddr Address)? Focus => _context.Focus;

    /// <summary>True when the last line could not be done.</summary>
    public bool Failed { get; private set; }

    /// <summary>Names of commands that begin with <paramref name="start"/>, for completion.</summary>
    public static IEnumerable<string> Complete(string start) =>
        CommandTable.Rows.SelectMany(command => command.Names).Append("help").Where(name => name.StartsWith(start, StringComparison.Ordinal)).Order(StringComparer.Ordinal);

    /// <summary>True for the line that ends a view or a script.</summary>
    public static bool IsQuit(string line) => line.Trim() is "q" or "quit" or "exit";

    /// <summary>Does what a line says; what begins with # is a remark.</summary>
    public IReadOnlyList<string> Execute(string line)
    {
        string[] words = line.Split((char[])[' ', '\t', '\r', '\n'], StringSplitOptions.RemoveEmptyEntries);
        Failed = false;
        if (words.Length == 0 || words[0][0] == '#')
        {
            return [];
        }

        try
        {
            return [.. Answer(new CommandWords(words[0], words[1..]))];
        }
        catch (CommandException refused)
        {
            return Fail(refused);
        }
        catch (InvalidOperationException failed) when (failed.InnerException is CommandException refused)
        {
            return Fail(refused);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _context.Dispose();

    private IEnumerable<string> Answer(CommandWords words)
    {
        if (words.Name is "help" or "h" or "?")
        {
            return HelpCommands.Lines(CommandTable.Rows, words);
        }

        MonitorCommand command = HelpCommands.Find(CommandTable.Rows, words.Name) ?? throw HelpCommands.Unknown(CommandTable.Rows, words.Name);
        return command.Answer(_context, words);
    }

    private string[] Fail(CommandException refused)
    {
        Failed = true;
        return [refused.Message, refused.Hint];
    }
}
