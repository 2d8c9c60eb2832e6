using System.Diagnostics;
using System.Runtime.CompilerServices;
using MmuEmu.Kernel.State;
using MmuEmu.Kernel.Tasks;

namespace MmuEmu.Kernel.Run;

/// <summary>What ends turns: the scheduler's next deadline, and other threads. Searched again only after something that could have changed it.</summary>
/// <remarks>
/// System calls, signals, the end of a wait and another thread's turn can, and a fault that waits ends the turn; a page fault that the kernel
/// repairs and the end of a budget cannot, and there are millions of those.
/// </remarks>
internal sealed class NextDeadline(Scheduler scheduler, ProcessTable processes) : IStateful
{
    private ulong _ns;
    private bool _shared;
    private bool _known;

    /// <summary>When it is; <see cref="VirtualClock.Never"/> without one.</summary>
    public ulong Ns
    {
        get
        {
            Know();
            return _ns;
        }
    }

    /// <summary>True when several threads take turns, so that a turn has an end.</summary>
    public bool HasTurns
    {
        get
        {
            Know();
            return _shared;
        }
    }

    /// <summary>True when it is known to lie behind <paramref name="now"/>: nothing rings.</summary>
    public bool IsLaterThan(ulong now) => _known && now < _ns;

    /// <summary>Instructions to run until then, at least 1; <see cref="ulong.MaxValue"/> without one.</summary>
    public ulong InstructionsUntil(VirtualClock clock)
    {
        ulong deadline = Ns;
        return deadline == VirtualClock.Never ? ulong.MaxValue : Math.Max(1, deadline - Math.Min(deadline, clock.NowNs));
    }

    /// <summary>Something may have moved it.</summary>
    public void Forget() => _known = false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Know()
    {
        if (!_known)
        {
            Learn();
        }

        Debug.Assert(_ns == scheduler.NextDeadlineNs(), "a deadline moved and nobody said so");
        Debug.Assert(_shared == processes.HaveSeveralThreads, "a thread came or went and nobody said so");
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Learn() => (_ns, _shared, _known) = (scheduler.NextDeadlineNs(), processes.HaveSeveralThreads, true);

    object IStateful.Save(object? last) => (_ns, _shared, _known);

    void IStateful.Restore(object state) => (_ns, _shared, _known) = ((ulong, bool, bool))state;
}
