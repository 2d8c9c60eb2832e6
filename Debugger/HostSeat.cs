namespace MmuEmu.Debugger;

/// <summary>Where the user sits: what the command's own streams share of the host.</summary>
internal sealed class HostSeat
{
    private HostSeat(HostTerminal? terminal, StatusLine? status) => (Terminal, Status) = (terminal, status);

    /// <summary>Nobody sits anywhere: streams are the caller's.</summary>
    public static HostSeat None => new(null, null);

    /// <summary>Ends the guest's waiting for the host's input.</summary>
    public HostInterrupt Interrupt { get; } = new();

    /// <summary>The terminal whose settings follow the guest's; null where there is none, or on another system than Linux.</summary>
    public HostTerminal? Terminal { get; }

    /// <summary>The line that shows that a silent run is alive; null where none can be shown.</summary>
    public StatusLine? Status { get; }

    /// <summary>The seat at which this process was started.</summary>
    public static HostSeat OfProcess() => OperatingSystem.IsLinux() ? new HostSeat(HostTerminal.Find(), StatusLine.Find()) : None;

    /// <summary>Gives the terminal back as it was found.</summary>
    public void Leave()
    {
        if (OperatingSystem.IsLinux())
        {
            Status?.End();
            Terminal?.Restore();
        }
    }
}
