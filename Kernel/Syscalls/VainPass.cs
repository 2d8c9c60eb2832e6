using MmuEmu.Kernel.PageCopy;
using MmuEmu.Kernel.Tasks;
using MmuEmu.Kernel.Waiting;

namespace MmuEmu.Kernel.Syscalls;

/// <summary>What becomes of a copy after a pass that moved nothing: it is made anew, or waits while no number of passes would change anything.</summary>
/// <remarks>
/// Linux tries for ever, and so does this as long as anybody else runs. When the state at the end of a pass was there before, all passes to come
/// are like those in between: they are left out, up to the moment at which something else goes on by itself, or for good. The state that is
/// compared with is noted anew after each doubling of the passes, so that a circle of any length is found.
/// </remarks>
internal static class VainPass
{
    /// <summary>What a pass that moved nothing takes, in nanoseconds.</summary>
    private const ulong PassNs = 1000;

    /// <summary>Between two passes nothing is held: others get their turn, and a fatal signal its task.</summary>
    /// <param name="call">The call.</param>
    /// <param name="next">The copy as it will be made anew.</param>
    /// <param name="done">Bytes that the call has moved.</param>
    public static SyscallOutcome Pause(in SyscallCall call, CopyState next, ulong done)
    {
        ulong time = call.System.Processors.Cores.Retired;
        ulong now = call.System.Clock.NowNs;
        ulong[]? words = next.Vain is { } last && last.Time == time ? StandStill.Of(call.System, call.Thread) : null;
        if (words is not null && next.Vain!.Words is { } seen && words.AsSpan().SequenceEqual(seen))
        {
            ulong ends = StandStill.EndsAtNs(call.System, call.Thread);
            WaitFor vain = new(new VainCopyWait(next.User), ends == VirtualClock.Never ? ends : Math.Max(ends, now + PassNs), Interruption.Never);
            return SyscallOutcome.Until(vain, done) with { Copy = next };
        }

        WaitFor pause = new(new DeviceWait(), now + PassNs, Interruption.Never);
        return SyscallOutcome.Until(pause, done) with { Copy = next with { Vain = Noted(next, time, words) } };
    }

    private static VainPasses Noted(CopyState next, ulong time, ulong[]? words) =>
        words is null ? new VainPasses(time, next.Passes, null)
        : next.Vain!.Words is null || next.Passes >= 2 * next.Vain.Pass ? new VainPasses(time, next.Passes, words)
        : next.Vain;
}
