using MmuEmu.Debugger.Screens;

namespace MmuEmu.Debugger.View;

/// <summary>The line above the hints: what was said last, or what is typed.</summary>
internal sealed class ViewPrompt
{
    private readonly Dictionary<string, CommandBox> _boxes = [];
    private string _prompt = "";
    private string _command = "";

    /// <summary>Something is typed.</summary>
    public bool IsOpen => _prompt.Length > 0;

    /// <summary>Begins a line; what is typed stands behind <paramref name="command"/>.</summary>
    public void Open(string prompt, string command) => (_prompt, _command) = (prompt, command);

    /// <summary>Takes a key; the command when it is finished.</summary>
    public string? Take(KeyStroke key)
    {
        BoxEvent happened = Box().Take(key);
        if (happened.Kind is BoxEventKind.Entered or BoxEventKind.Left)
        {
            _prompt = "";
        }

        return happened.Kind == BoxEventKind.Entered && happened.Line.Trim().Length > 0 ? $"{_command}{happened.Line}" : null;
    }

    /// <summary>The line, and the column of the cursor; <paramref name="message"/> while nothing is typed.</summary>
    public (TextLine Line, int? Cursor) Show(string message, int columns)
    {
        if (!IsOpen)
        {
            return (TextLine.Of(message.Length == 0 ? "" : $" {message}", Role.Strong), null);
        }

        (TextLine line, int cursor) = Box().Show(_prompt, columns);
        return (line, cursor);
    }

    /// <summary>Each prompt has lines of its own to go back to.</summary>
    private CommandBox Box()
    {
        if (!_boxes.TryGetValue(_prompt, out CommandBox? box))
        {
            box = new CommandBox();
            _boxes.Add(_prompt, box);
        }

        return box;
    }
}
