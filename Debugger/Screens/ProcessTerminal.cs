using System.Text;

namespace MmuEmu.Debugger.Screens;

/// <summary>The terminal that this process was started at.</summary>
internal sealed class ProcessTerminal : IScreenTerminal
{
    private readonly Stream _output = Console.OpenStandardOutput();
    private readonly HostSeat _seat;
    private readonly KeyReader _keys;

    private ProcessTerminal(HostSeat seat) => (_seat, _keys) = (seat, KeyReader.Take());

    /// <inheritdoc/>
    public (int Columns, int Rows) Size => OperatingSystem.IsLinux() ? HostDescriptor.SizeOf(1) : (Console.WindowWidth, Console.WindowHeight);

    /// <summary>Where lines and corners can be shown: the locale's characters are Unicode's.</summary>
    public static bool ShowsUnicode { get; } = new[] { "LC_ALL", "LC_CTYPE", "LANG" }.Select(Environment.GetEnvironmentVariable)
        .FirstOrDefault(value => !string.IsNullOrEmpty(value)) is { } locale
        && locale.Replace("-", "", StringComparison.Ordinal).Contains("utf8", StringComparison.OrdinalIgnoreCase);

    /// <summary>Takes it.</summary>
    /// <exception cref="CommandException">There is none, or one that cannot place a cursor.</exception>
    public static ProcessTerminal Take(Output output)
    {
        // Who starts a view may have made it the input meanwhile.
        bool isInput = OperatingSystem.IsLinux() ? HostDescriptor.IsTerminal(0) : output.Guest.Input.IsTerminal;
        if (!isInput || !output.Guest.Output.IsTerminal)
        {
            throw new CommandException(ExitCodes.Usage, "expected a terminal for standard input and output, found a file or a pipe", "try: mmuemu why GUEST, which needs none");
        }

        if (Environment.GetEnvironmentVariable("TERM") is null or "" or "dumb" && !OperatingSystem.IsWindows())
        {
            throw new CommandException(ExitCodes.Usage, "expected a terminal that can place a cursor, found TERM=dumb or none", "try: export TERM=xterm");
        }

        if (OperatingSystem.IsLinux())
        {
            output.Seat.Status?.End();
        }

        return new ProcessTerminal(output.Seat);
    }

    /// <inheritdoc/>
    public void Write(string text)
    {
        try
        {
            _output.Write(Encoding.UTF8.GetBytes(text));
            _output.Flush();
        }
        catch (IOException)
        {
            // The terminal was taken away. SIGHUP says so, or the next read does.
        }
    }

    /// <inheritdoc/>
    public KeyStroke? Read(int milliseconds) => _keys.Read(milliseconds);

    /// <inheritdoc/>
    public void ResetModes()
    {
        if (OperatingSystem.IsLinux())
        {
            _seat.Terminal?.Reset();
        }
    }

    /// <inheritdoc/>
    public void Stop()
    {
        if (OperatingSystem.IsLinux())
        {
            HostDescriptor.StopSelf();
        }
    }
}
