using System.Diagnostics;
using MmuEmu.Kernel.State;
using MmuEmu.Kernel.Tasks;

namespace MmuEmu.Kernel.Run;

/// <summary>The scheduler's next deadline, searched again only after something that could have moved it.</summary>
/// <remarks>
/// System calls, signals, the end of a wait and another thread's turn can, and a fault that waits ends the turn; a page fault that the kernel
/// repairs and the end of a budget cannot, and there are millions of those.
/// </remarks>
internal sealed class NextDeadline(Scheduler scheduler) : IStateful
{
    private ulong _ns;
    private bool _known;

    /// <summary>When it is; <see cref="VirtualClock.Never"/> without one.</summary>
    public ulong Ns
    {
        get
        {
            _ns = _known ? _ns : scheduler.NextDeadlineNs();
            _known = true;
            Debug.Assert(_ns == scheduler.NextDeadlineNs(), "a deadline moved and nobody said so");
            return _ns;
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

    object IStateful.Save(object? last) => (_ns, _known);

    void IStateful.Restore(object state) => (_ns, _known) = ((ulong, bool))state;
}
