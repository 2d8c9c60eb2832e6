namespace MmuEmu.Kernel.Waiting;

/// <summary>What becomes of a wait when a handler interrupts it.</summary>
internal enum Interruption
{
    /// <summary>The system call answers EINTR, whatever the handler's flags say.</summary>
    Fails,

    /// <summary>The system call begins again after a handler with SA_RESTART, otherwise EINTR.</summary>
    RestartsIfAsked,

    /// <summary>The system call, or the instruction, begins again after any handler.</summary>
    Restarts,

    /// <summary>Signals wait until it is over; only SIGKILL does not.</summary>
    Never,
}

/// <summary>A thread's wait, as data; when it is over the system call is made again, or the instruction is tried again.</summary>
/// <param name="Cause">What is waited for.</param>
/// <param name="DeadlineNs">The moment on the monotonic clock at which it ends anyway; <see cref="ulong.MaxValue"/> for never.</param>
/// <param name="Interruption">What a handler makes of it.</param>
internal sealed record WaitFor(WaitCause Cause, ulong DeadlineNs, Interruption Interruption);
