using System.Globalization;
using MmuEmu.Debugger.Monitor;
using MmuEmu.Debugger.Screens;
using MmuEmu.Debugger.Travel;
using MmuEmu.Emulator.Values;

namespace MmuEmu.Debugger.View;

/// <summary>The view without a terminal: keys in, pages out.</summary>
/// <param name="monitor">The session.</param>
/// <param name="maker">Makes scenes of it.</param>
/// <param name="greeting">What is said until the first key.</param>
internal sealed class ViewSession(MonitorSession monitor, SceneMaker maker, string greeting = "")
{
    private readonly ViewMoves _moves = new(monitor.Context);
    private readonly ViewPrompt _prompt = new();
    private Selection _selection;
    private Scene? _scene;
    private Overlay? _overlay;
    private int? _chosen;
    private int _top;
    private string _message = greeting;
    private int _columns = int.MaxValue;

    /// <summary>The scene at hand.</summary>
    public Scene Scene => _scene ??= maker.Make(_selection, null);

    private Journey Journey => monitor.Context.Journey;

    /// <summary>The page for a screen of that size.</summary>
    public ScreenPage Page(int columns, int rows)
    {
        _columns = columns;
        (TextLine box, int? cursor) = _prompt.Show(_message, columns);
        ScreenPage page = _overlay is { } over
            ? new ScreenPage(HeaderBar.Of(Scene.Standing, columns), [over.Panel(columns, _top)], box, TextLine.Of(" Up Down PgUp PgDn scroll   any other key: back", Role.Faint))
            : ScenePage.Of(Scene, columns, rows, _chosen, _top, box);
        return page with { BoxCursor = cursor };
    }

    /// <summary>The page while something takes long.</summary>
    public ScreenPage Busy(int columns, int rows, ulong time) => Page(columns, rows) with
    {
        Box = TextLine.Of($" running ... at T {HeaderBar.Grouped(time.ToString(CultureInfo.InvariantCulture))}   Ctrl-C stops", Role.Warning),
        BoxCursor = null,
    };

    /// <summary>Looks for what takes a moment and can come later; true when the page is another then.</summary>
    public bool Settle()
    {
        if (Scene.HasHistory || Scene.Walk is null)
        {
            return false;
        }

        _scene = maker.WithHistory(Scene);
        return true;
    }

    /// <summary>Shows a message until the next key.</summary>
    public void Tell(string message) => _message = message;

    /// <summary>Takes a key.</summary>
    public ViewAnswer Take(KeyStroke key)
    {
        _message = "";
        if (_prompt.IsOpen)
        {
            return _prompt.Take(key) is not { } line ? new ViewAnswer(ViewAnswerKind.Draw)
                : MonitorSession.IsQuit(line) ? new ViewAnswer(ViewAnswerKind.Quit)
                : new ViewAnswer(ViewAnswerKind.Work, () => Execute(line));
        }

        if (_overlay is not null)
        {
            return TakeInOverlay(key);
        }

        return key.IsTyped ? TakeLetter(key.Text) : TakeKey(key);
    }

    private ViewAnswer TakeInOverlay(KeyStroke key)
    {
        if (Scroll(key))
        {
            return new ViewAnswer(ViewAnswerKind.Draw);
        }

        // Whoever types the next command already has read the answer of the last.
        (_overlay, _top) = (null, 0);
        return key.IsTyped && key.Text is ":" or "/" ? TakeLetter(key.Text) : new ViewAnswer(ViewAnswerKind.Draw);
    }

    /// <summary>Scrolls what is open; false for another's key.</summary>
    private bool Scroll(KeyStroke key)
    {
        const int Page = 10;
        int by = key.Key switch
        {
            KeyName.Up => -1,
            KeyName.Down => 1,
            KeyName.PageUp => -Page,
            KeyName.PageDown => Page,
            _ => 0,
        };
        _top = Math.Max(_top + by, 0);
        return by != 0;
    }

    private ViewAnswer TakeLetter(string text) => text switch
    {
        "q" => new ViewAnswer(ViewAnswerKind.Quit),
        "?" => Open(HelpOverlay.Of(Scene)),
        ":" => Ask(":", ""),
        "/" => Ask("go to T, T.k, a mark, begin or end: ", "seek "),
        "b" => new ViewAnswer(ViewAnswerKind.Work, Mark),
        "B" => Move(ToMark),
        "m" => ToChange(Direction.Backward),
        "M" => ToChange(Direction.Forward),
        [>= '1' and <= '8'] => Choose(text[0] - '1'),
        _ when _moves.Of(text) is { } go => Move(go),
        _ => Say($"no key '{text}': ? explains the screen and the keys"),
    };

    private ViewAnswer TakeKey(KeyStroke key)
    {
        if (_chosen is not null && (key.Key == KeyName.Escape || Scroll(key)))
        {
            _chosen = key.Key == KeyName.Escape ? null : _chosen;
            return new ViewAnswer(ViewAnswerKind.Draw);
        }

        return (key.Key, key.IsInterrupt) switch
        {
            (_, true) => Say("q quits; Ctrl-C ends only what takes long"),
            (KeyName.Tab, _) => Select(_selection.Next(key.HasShift)),
            (KeyName.Right, _) => Move(_moves.Of("u")!),
            (KeyName.Left, _) => Move(_moves.Of("U")!),
            (KeyName.Down, _) => Move(_moves.Of("s")!),
            (KeyName.Up, _) => Move(_moves.Of("S")!),
            (KeyName.PageDown, _) => Move(_moves.Of("f")!),
            (KeyName.PageUp, _) => Move(_moves.Of("F")!),
            (KeyName.Home, _) => Move(() => _moves.Edge(Direction.Backward)),
            (KeyName.End, _) => Move(() => _moves.Edge(Direction.Forward)),
            (KeyName.Paste, _) => Say("pasted text is not taken for keys: ':' opens a line for it"),
            (KeyName.Escape, _) => new ViewAnswer(ViewAnswerKind.Draw),
            _ => Say($"no key '{key.Name}': ? explains the screen and the keys"),
        };
    }

    private ViewAnswer Say(string message)
    {
        _message = message;
        return new ViewAnswer(ViewAnswerKind.Draw);
    }

    private ViewAnswer Open(Overlay overlay)
    {
        (_overlay, _top) = (overlay, 0);
        return new ViewAnswer(ViewAnswerKind.Draw);
    }

    private ViewAnswer Ask(string prompt, string command)
    {
        _prompt.Open(prompt, command);
        return new ViewAnswer(ViewAnswerKind.Draw);
    }

    private ViewAnswer Choose(int panel)
    {
        (_chosen, _top) = (_chosen == panel ? null : panel, 0);
        return new ViewAnswer(ViewAnswerKind.Draw);
    }

    private ViewAnswer Select(Selection selection) => new(ViewAnswerKind.Work, () =>
    {
        _selection = selection;
        _scene = maker.Make(_selection, null) with { Registers = Scene.Registers };
        _message = $"selected: {Scene.Walk?.From}";
    });

    private ViewAnswer Move(Func<Stop> go) => new(ViewAnswerKind.Work, () => Arrive(go()));

    private void Arrive(Stop stop)
    {
        _message = (stop.Reason, stop.Met) switch
        {
            (StopReason.Met, { } goal) => goal.Name,
            (StopReason.Begin, { } goal) => $"no {goal.Name} before here",
            (StopReason.End, { } goal) => $"no {goal.Name} from here on",
            (StopReason.Begin, _) => "the run begins here",
            (StopReason.End, _) => "the run ends here",
            (StopReason.Interrupted, _) => "interrupted on the way",
            _ => "",
        };
        Refresh();
    }

    private void Refresh() => _scene = maker.Make(_selection, _scene);

    private ViewAnswer ToChange(Direction way) => Scene.Walk is { Rungs: [.., var last] }
        ? Move(() => _moves.Changed(last, way))
        : Say("no entry is selected here: Tab chooses an address");

    private void Mark()
    {
        string name = string.Create(CultureInfo.InvariantCulture, $"b{Journey.Marks.Count + 1}");
        Journey.Mark(name);
        Refresh();
        _message = $"{name} is T {Journey.Show(Journey.Here)}: B, or / and {name}, comes back";
    }

    private Stop ToMark()
    {
        Position? last = null;
        foreach (Position mark in Journey.Marks.Values)
        {
            last = mark < Journey.Here && (last is null || mark > last) ? mark : last;
        }

        return last is { } found ? Journey.Seek(found.Time, found.Step) : new Stop(Journey.Here, StopReason.Begin, new NamedGoal("mark"));
    }

    private void Execute(string line)
    {
        Position before = Journey.Here;
        (int, VirtAddr)? focus = monitor.Focus;
        IReadOnlyList<string> lines = monitor.Execute(line);
        if (monitor.Focus != focus && monitor.Focus is { } chosen)
        {
            _selection = new Selection(SelectionKind.Typed, chosen.Address);
        }

        Refresh();
        bool isMoved = Journey.Here != before && !monitor.Failed;

        // The page says where it is now; of a move only what else there is to say.
        IEnumerable<string> news = isMoved ? lines.Take(1).Where(text => !text.StartsWith("T ", StringComparison.Ordinal)) : lines;
        string said = string.Join("; ", news.Select(text => text.Trim()));
        bool hasRoom = isMoved || CellText.WidthOf(said) + 2 <= _columns;
        _message = hasRoom ? said : "";
        if (!hasRoom)
        {
            Open(new Overlay(line, lines, KeepsColumns: true));
        }
    }

    private sealed record NamedGoal(string Name) : Goal(Name);
}
