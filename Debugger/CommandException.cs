namespace MmuEmu.Debugger;

/// <summary>The user asked for something that cannot be done: one clear message and an exit status.</summary>
/// <remarks>Carries what was expected, what was found and what to type next. Never used for anything a guest does.</remarks>
internal class CommandException(int exitCode, string message, string hint) : Exception(message)
{
    /// <summary>The status to end with.</summary>
    public int ExitCode { get; } = exitCode;

    /// <summary>What to type next; one line.</summary>
    public string Hint { get; } = hint;
}
