namespace MmuEmu.Debugger.Screens;

/// <summary>A terminal that shows pages instead of lines, until it is given back as it was.</summary>
/// <remarks>Signals come on a thread of their own, so nothing is written without the lock, and nothing after the end.</remarks>
internal sealed class TerminalScreen : IDisposable
{
    private const int SliceMilliseconds = 50;

    private readonly Lock _lock = new();
    private readonly IScreenTerminal _terminal;
    private readonly FrameWriter _frames;
    private readonly BorderGlyphs _glyphs;
    private bool _isAway;
    private bool _isOver;
    private volatile bool _isStale;

    /// <summary>Takes the terminal.</summary>
    public TerminalScreen(IScreenTerminal terminal, FrameWriter frames, BorderGlyphs glyphs)
    {
        (_terminal, _frames, _glyphs) = (terminal, frames, glyphs);
        _terminal.Write(_frames.Enter());
    }

    /// <summary>Its columns and rows now.</summary>
    public (int Columns, int Rows) Size => _terminal.Size;

    /// <summary>Shows a page, which is best made for <see cref="Size"/>.</summary>
    public void Draw(ScreenPage page)
    {
        lock (_lock)
        {
            _isStale = false;
            if (_isAway || _isOver)
            {
                return;
            }

            (int columns, int rows) = _terminal.Size;
            string changes = _frames.Draw(page.Draw(columns, rows, _glyphs));
            if (changes.Length > 0)
            {
                _terminal.Write(changes);
            }
        }
    }

    /// <summary>The next key; null when none came in time, or when the page is to be drawn again first.</summary>
    /// <param name="milliseconds">How long it is waited for, at most.</param>
    public KeyStroke? Read(int milliseconds)
    {
        for (int left = milliseconds; left > 0 && !_isStale; left -= SliceMilliseconds)
        {
            if (_terminal.Read(Math.Min(left, SliceMilliseconds)) is not { } stroke)
            {
                continue;
            }

            if (!stroke.IsControl("z"))
            {
                return stroke;
            }

            // The terminal makes no signal of it: Ctrl-C is a key here, and all others with it.
            Suspend();
        }

        return null;
    }

    /// <summary>The terminal has another size.</summary>
    public void TakeSize() => _isStale = true;

    /// <summary>Gives the terminal back and stops the command, as Ctrl-Z does.</summary>
    public void Suspend()
    {
        lock (_lock)
        {
            GiveBack();
            _isAway = true;
        }

        _terminal.Stop();
    }

    /// <summary>The command goes on after it was stopped, by whomever.</summary>
    public void Resume()
    {
        lock (_lock)
        {
            if (!_isOver)
            {
                _terminal.Write(_frames.Enter());
                (_isAway, _isStale) = (false, true);
            }
        }
    }

    /// <summary>Gives the terminal back for good.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            GiveBack();
            _isOver = true;
        }
    }

    private void GiveBack()
    {
        if (!_isAway && !_isOver)
        {
            _terminal.Write(_frames.Leave());
            _terminal.ResetModes();
        }
    }
}
