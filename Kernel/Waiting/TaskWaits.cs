using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Signals;

namespace MmuEmu.Kernel.Waiting;

/// <summary>The waiting thread's futex word: it is over when somebody wakes the thread.</summary>
/// <param name="Word">The word's address in the waiter's space.</param>
internal sealed record FutexWait(VirtAddr Word) : WaitCause;

/// <summary>A PI lock that another thread holds: it is over when the waiting thread is given the lock.</summary>
/// <param name="Word">The lock's address in the waiter's space.</param>
internal sealed record LockWait(VirtAddr Word) : WaitCause;

/// <summary>What of a child its parent can wait for; the bits are those of waitid's options.</summary>
/// <remarks>Source: [Linux include/uapi/linux/wait.h].</remarks>
[Flags]
internal enum ChildChanges : uint
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>A signal has stopped it.</summary>
    Stopped = 2,

    /// <summary>It has ended.</summary>
    Exited = 4,

    /// <summary>It goes on.</summary>
    Continued = 8,
}

/// <summary>News of a child; it is over as well when no such child is left.</summary>
/// <param name="Wanted">As wait4 takes it: an id, -1 for every child, 0 for those of the caller's group, -n for those of group n.</param>
/// <param name="Changes">Which news count.</param>
internal sealed record ChildWait(int Wanted, ChildChanges Changes) : WaitCause;

/// <summary>A child of vfork, until it runs another program or ends.</summary>
/// <param name="Child">The child's process id.</param>
internal sealed record VForkWait(int Child) : WaitCause;

/// <summary>A handler: no signal that is pending already ends it, only one that is delivered.</summary>
internal sealed record HandlerWait : WaitCause;

/// <summary>A signal that the call takes instead of a handler.</summary>
/// <param name="Wanted">Which ones.</param>
internal sealed record SignalWait(SignalSet Wanted) : WaitCause;
