namespace MmuEmu.Debugger.Travel;

/// <summary>A run that was run again is not what it was: the host gave it something else, or it is another program's.</summary>
/// <param name="found">T where it was found.</param>
/// <param name="expected">T that was expected there.</param>
internal sealed class DepartedException(ulong found, ulong expected)
    : CommandException(
        ExitCodes.Expectation, $"the run departs from what it was: a moment of it is at T {found} now, and was at T {expected}", "try: start again; the host gave the run something else than before")
{
    /// <summary>T where it was found; it departs there or before.</summary>
    public ulong Found => found;

    /// <summary>T that was expected there.</summary>
    public ulong Expected => expected;
}
