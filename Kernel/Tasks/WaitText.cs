using System.Diagnostics;
using MmuEmu.Kernel.Waiting;

namespace MmuEmu.Kernel.Tasks;

/// <summary>What a thread waits for, in words, for the message of a deadlock.</summary>
internal static class WaitText
{
    /// <summary>The words that follow "waits for"; the thread waits.</summary>
    public static string Of(UserThread thread) => thread.Wait!.Cause switch
    {
        FutexWait wait => $"the futex at {wait.Word}",
        LockWait wait => $"the lock at {wait.Word}, which {thread.Futex?.Owner} holds",
        ReadableWait wait => $"a read of {wait.File.Path} that nobody writes to",
        WritableWait wait => $"a write to {wait.File.Path} that nobody reads",
        ConnectionWait => "a connection",
        PollWait => "a descriptor in poll",
        SelectWait => "a descriptor in select",
        EPollWait => "a descriptor in epoll",
        ChildWait => "the end of a child",
        VForkWait wait => $"vfork's child {wait.Child}",
        HandlerWait or SignalWait => "a signal",
        SleepWait => "the end of a sleep",
        PageWait wait => $"the page at {wait.Fault.Cr2.PageBase}",
        var cause => throw new UnreachableException($"{cause} is no kind of wait"),
    };
}
