using MmuEmu.Emulator.Tracing;
using MmuEmu.Kernel.Memory;
using MmuEmu.Kernel.State;
using MmuEmu.Kernel.Story;
using MmuEmu.Kernel.Tasks;
using MmuEmu.Kernel.Windows;

namespace MmuEmu.Kernel.Life;

/// <summary>The allocator of mainline in 2002: small allocations do not fail, they are tried for ever; the killer it calls each time mostly does nothing.</summary>
/// <remarks>
/// With free swap it never kills. Without, it kills when failures have come for a second, ten of them at least, each less than five seconds
/// after the one before, and not within five seconds of the last kill. Source: [Linux 2.4 mm/oom_kill.c, out_of_memory].
/// </remarks>
/// <param name="system">The parts of the kernel.</param>
internal sealed class MainlineKiller(TaskSystem system) : IShortageRule, IStateful
{
    /// <summary>Nanoseconds until a failed allocation is tried again.</summary>
    public const ulong AgainNs = 20_000_000;

    private const ulong Second = 1_000_000_000;
    private const ulong Quiet = 5 * Second;
    private const int FewFailures = 10;

    private ulong _first;
    private ulong _last;
    private ulong _lastKill;
    private int _count;
    private bool _hasKilled;

    /// <inheritdoc/>
    public bool TriesAgain(out ulong againNs)
    {
        ulong now = system.Clock.NowNs;
        system.Memory.WindowCounts.Add(WindowCounter.AllocatorWaits);
        if (system.Memory.Swap.FreeSlots > 0 || !IsTime(now))
        {
            system.Memory.WindowCounts.Add(WindowCounter.KillsRefused);
            system.Memory.Report.For(KernelEvent.KillRefused)?.Take(
                new TraceEvent(KernelEvent.KillRefused) { Count = (ulong)system.Memory.Swap.FreeSlots });
        }
        else
        {
            NoteKill(now);
            _ = OomKiller.Run(system);
        }

        againNs = now + AgainNs;
        return true;
    }

    /// <summary>Notes a failure; true when it is time to kill.</summary>
    internal bool IsTime(ulong now)
    {
        ulong sinceLast = now - _last;
        _last = now;
        if (sinceLast > Quiet || _first == 0)
        {
            (_first, _count) = (now, 0);
            return false;
        }

        if (now - _first < Second || ++_count < FewFailures)
        {
            return false;
        }

        return !_hasKilled || now - _lastKill >= Quiet;
    }

    /// <summary>Somebody is killed now.</summary>
    internal void NoteKill(ulong now) => (_lastKill, _hasKilled) = (now, true);

    object IStateful.Save(object? last) => (_first, _last, _lastKill, _count, _hasKilled);

    void IStateful.Restore(object state) => (_first, _last, _lastKill, _count, _hasKilled) = ((ulong, ulong, ulong, int, bool))state;
}
