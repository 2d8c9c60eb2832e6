using MmuEmu.Kernel.Run;
using MmuEmu.Kernel.Story;

namespace MmuEmu.Debugger.Rendering;

/// <summary>How a run ended, in words.</summary>
internal static class EndText
{
    /// <summary>One clause that says what the reason does not; empty when it says all.</summary>
    public static string Of(RunResult result) => result.Reason switch
    {
        EndReason.Paused or EndReason.Interrupted or EndReason.Exited => "",
        EndReason.Killed => $"killed by {result.Signal}",
        EndReason.OutOfMemory => "killed because memory was out",
        EndReason.LimitReached => $"the limit of {result.Limit} instructions is spent",
        EndReason.Deadlock => $"nothing can happen any more: {string.Join("; ", result.Waiters.Select(Of))}",
        EndReason.UnsupportedInstruction =>
            $"killed by SIGILL at an instruction that this machine does not have: {InstructionText.Of(result.Unsupported.GetValueOrDefault())}",
        EndReason.ExpectationFailed => Of(result.Broken!),
    };

    /// <summary>Who waits, and for what.</summary>
    public static string Of(Waiter waiter) => waiter.Kind == WaitKind.Nothing
        ? $"{waiter.Thread} runs, at rip {waiter.Address}"
        : $"{waiter.Thread} waits for {Awaited(waiter)}";

    private static string Of(BrokenExpectation broken) => broken.Met is { } met
        ? $"{broken.Thread} expected its next fault at {broken.Expected}, and it came at {met}"
        : $"{broken.Thread} ended without the fault at {broken.Expected} that it expected";

    private static string Awaited(Waiter waiter) => waiter.Kind switch
    {
        WaitKind.Futex => waiter.Other is { } owner ? $"the futex at {waiter.Address}, the mutex of {owner}" : $"the futex at {waiter.Address}",
        WaitKind.Lock => $"the lock at {waiter.Address}, which {waiter.Other} holds",
        WaitKind.Readable => $"a read of {waiter.Path} that nobody writes to",
        WaitKind.Writable => $"a write to {waiter.Path} that nobody reads",
        WaitKind.Connection => "a connection",
        WaitKind.FileLock => $"a lock on {waiter.Path}, which process {waiter.Other?.Id} holds",
        WaitKind.Poll => "a descriptor in poll",
        WaitKind.Select => "a descriptor in select",
        WaitKind.EPoll => "a descriptor in epoll",
        WaitKind.Child => "the end of a child",
        WaitKind.VFork => $"vfork's child {waiter.Other?.Id}",
        WaitKind.Signal => "a signal",
        WaitKind.Sleep => "the end of a sleep",
        WaitKind.Page => $"the page at {waiter.Address}",
        WaitKind.PageLock => waiter.Other is { } holder ? $"a page's lock, which {holder} holds" : "a page's lock",
        WaitKind.MmapSem => waiter.Other is { } before ? $"mmap_sem, after {before}" : "mmap_sem",
        WaitKind.Window => "a window of the kernel's pool, all of which are held",
        WaitKind.Frame => "a frame, in the allocator",
        WaitKind.Device => "the swap device",
        WaitKind.VainCopy => $"its buffer at {waiter.Address} to stay where it is: copy after copy has met it gone",
        WaitKind.Mark => $"the mark {OwnText.Printable(waiter.Path)}, for which a pressure rule holds it",
        WaitKind.Continue => "SIGCONT",
        WaitKind.Nothing => "nothing",
        WaitKind.Reaping => "its parent's wait",
    };
}
