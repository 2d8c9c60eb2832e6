namespace MmuEmu.Kernel.Tasks;

/// <summary>What becomes of a waiting system call when a handler interrupts it.</summary>
public enum Interruption
{
    /// <summary>EINTR, whatever the handler's flags say.</summary>
    Fails,

    /// <summary>It begins again after a handler with SA_RESTART, otherwise EINTR.</summary>
    RestartsIfAsked,

    /// <summary>It begins again after any handler.</summary>
    Restarts,

    /// <summary>Signals wait until it returns.</summary>
    Never,
}

/// <summary>What a thread waits for; the system call is made again when it comes.</summary>
/// <param name="Ready">True when waiting has an end.</param>
/// <param name="DeadlineNs">The moment at which it ends anyway, or <see cref="VirtualClock.Never"/>.</param>
/// <param name="Interruption">What a handler makes of the call.</param>
/// <param name="Why">What it waits for, in words, for the deadlock message.</param>
public sealed record WaitFor(Func<bool> Ready, ulong DeadlineNs, Interruption Interruption, string Why)
{
    /// <summary>What is still to do when a handler cuts the waiting short; null for nothing.</summary>
    public Action? OnInterrupted { get; init; }
}
