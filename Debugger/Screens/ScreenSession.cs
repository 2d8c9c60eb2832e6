namespace MmuEmu.Debugger.Screens;

/// <summary>The user's terminal as a screen, from its taking until it is given back, with all signals heard.</summary>
internal sealed class ScreenSession : IDisposable
{
    private readonly ScreenSignals _signals;

    private ScreenSession(TerminalScreen screen) => (Screen, _signals) = (screen, ScreenSignals.Of(screen));

    /// <summary>What is drawn on.</summary>
    public TerminalScreen Screen { get; }

    /// <summary>Takes the terminal that the command was started at.</summary>
    /// <param name="output">The command's streams, whose choice of colours holds here too.</param>
    /// <exception cref="CommandException">There is none, or one that cannot place a cursor.</exception>
    public static ScreenSession Open(Output output)
    {
        ProcessTerminal terminal = ProcessTerminal.Take(output);
        BorderGlyphs glyphs = ProcessTerminal.ShowsUnicode ? BorderGlyphs.Lines : BorderGlyphs.Ascii;
        return new ScreenSession(new TerminalScreen(terminal, new FrameWriter(output.OutPaint.IsOn), glyphs));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Screen.Dispose();
        _signals.Dispose();
    }
}
