namespace MmuEmu.Debugger;

/// <summary>Tells a read of the host that waits that nobody wants its answer any more.</summary>
internal sealed class HostInterrupt
{
    private volatile bool _asked;

    /// <summary>Somebody asked.</summary>
    public bool IsAsked => _asked;

    /// <summary>Asks, from any thread.</summary>
    public void Ask() => _asked = true;
}
