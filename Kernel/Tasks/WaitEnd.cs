using System.Diagnostics;
using MmuEmu.Kernel.Files;
using MmuEmu.Kernel.Frames;
using MmuEmu.Kernel.Waiting;

namespace MmuEmu.Kernel.Tasks;

/// <summary>Decides whether a wait is over; it changes nothing.</summary>
internal static class WaitEnd
{
    /// <summary>True when what <paramref name="thread"/> waits for has come, or its deadline; the thread waits.</summary>
    public static bool IsOver(TaskSystem system, UserThread thread) =>
        thread.Wait!.DeadlineNs <= system.Clock.NowNs || HasCome(system, thread, thread.Wait.Cause);

    private static bool HasCome(TaskSystem system, UserThread thread, WaitCause cause) => cause switch
    {
        FutexWait or LockWait => thread.Futex is { Woken: true },
        ReadableWait wait => IsReady(wait.File, PollEvents.In | PollEvents.HangUp),
        WritableWait wait => IsReady(wait.File, PollEvents.Out | PollEvents.Error),
        ConnectionWait wait => wait.Socket.Ready != PollEvents.None,
        PollWait wait => AnyReady(thread.Process, wait.Set),
        SelectWait wait => AnyReady(thread.Process, wait.Set),
        EPollWait wait => wait.List.AnyReady(),
        FileLockWait wait => FileLockQueue.IsNext(system, wait),
        ChildWait wait => ChildNews.Find(thread.Process, wait.Wanted, wait.Changes, out bool any) is not null || !any,
        VForkWait wait => system.Processes.Find(wait.Child) is not { HoldsParent: true },
        SignalWait wait => !((thread.Pending.Set | thread.Process.Pending.Set) & wait.Wanted).IsEmpty,
        PageWait wait => system.Memory.FaultGate is not { } gate || !gate.Holds(thread.Process.Space, wait.Fault, out _),
        HandlerWait or SleepWait or DeviceWait or FrameWait or VainCopyWait => false,
        PageLockWait wait => !system.Memory.Frames[wait.Frame].Has(PageFlags.Locked),
        MmapSemWait wait => system.Copies!.Locks.SemOf(wait.Space).CanEnter(thread.Tid, wait.IsWrite),
        WindowWait => system.Memory.Windows!.Pool.HasRoom,
        HoldWait wait => system.Copies!.Marks.WasSet(wait.Mark),
        _ => throw new UnreachableException($"{cause} is no kind of wait"),
    };

    private static bool IsReady(OpenFile file, PollEvents events) => (file.Content!.Ready & events) != 0;

    private static bool AnyReady(Process process, IReadOnlyList<AwaitedDescriptor> set)
    {
        foreach (AwaitedDescriptor one in set)
        {
            if (one.Descriptor >= 0 && (process.Files.EventsOf(one.Descriptor) & one.Events) != PollEvents.None)
            {
                return true;
            }
        }

        return false;
    }
}
