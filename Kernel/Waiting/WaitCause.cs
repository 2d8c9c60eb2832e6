using MmuEmu.Emulator.Paging;
using MmuEmu.Emulator.Values;

namespace MmuEmu.Kernel.Waiting;

/// <summary>What a thread can wait for: ids, addresses, numbers and files, and nothing that runs.</summary>
/// <remarks>
/// The kinds are the sealed records of this room. Whether one is over is decided above, where threads and processes are known;
/// so is what is still to do when a handler cuts it short.
/// </remarks>
internal abstract record WaitCause
{
    private protected WaitCause()
    {
    }
}

/// <summary>The end of a sleep: only the deadline ends it.</summary>
/// <param name="RemainderAt">Where the time that is left goes as a struct timespec when a handler cuts it short; 0 for nowhere.</param>
/// <param name="Narrow">True when that is a time of 32 bits a field.</param>
internal sealed record SleepWait(VirtAddr RemainderAt, bool Narrow) : WaitCause;

/// <summary>A page that is held back: the access that faulted may be tried again when the gate lets it go.</summary>
/// <param name="Fault">The fault, in the waiting thread's own address space.</param>
internal sealed record PageWait(PageFault Fault) : WaitCause;
