using MmuEmu.Emulator.Tracing;
using MmuEmu.Kernel.Story;

namespace MmuEmu.Debugger.Gdb;

/// <summary>Why the run stands where it is, when nobody moved it here just now: somebody has just come, or has looked up another time.</summary>
internal static class StopHere
{
    /// <summary>A stop of the thread at work, where the session has just come to.</summary>
    public static GdbStop Told(GdbSession session, GdbStopKind kind)
    {
        session.Last = null;
        return new GdbStop(kind, session.Current?.Pid ?? 0, session.Current?.Tid ?? 0);
    }

    /// <summary>The last stop if it still is here; otherwise what the position tells.</summary>
    public static GdbStop Of(GdbSession session)
    {
        if (session.Last is { } last)
        {
            return last;
        }

        TraceEvent? latest = session.Journey.Latest;
        (int pid, int tid) = (session.Current?.Pid ?? 0, session.Current?.Tid ?? 0);
        return session.Last = latest is { Kind: KernelEvent.Signal, Detail: SignalDetail signal, Stamp: var stamp } && session.IsAttached(stamp.Pid)
            ? new GdbStop(GdbStopKind.Signal, stamp.Pid, stamp.Tid) { Signal = signal.Info.Signal }
            : new GdbStop(GdbStopKind.Trap, pid, tid);
    }
}
