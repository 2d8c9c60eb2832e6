namespace MmuEmu.Debugger.Screens;

/// <summary>The terminal that a <see cref="TerminalScreen"/> draws on.</summary>
internal interface IScreenTerminal
{
    /// <summary>Its columns and rows now.</summary>
    (int Columns, int Rows) Size { get; }

    /// <summary>Sends it text.</summary>
    void Write(string text);

    /// <summary>The next key, or null when none came in time.</summary>
    KeyStroke? Read(int milliseconds);

    /// <summary>Gives it the modes that the command found.</summary>
    void ResetModes();

    /// <summary>Stops this process until somebody lets it go on.</summary>
    void Stop();
}
