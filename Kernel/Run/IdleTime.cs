using MmuEmu.Kernel.Files;
using MmuEmu.Kernel.State;
using MmuEmu.Kernel.Tasks;

namespace MmuEmu.Kernel.Run;

/// <summary>What happens while no thread can run: time moves on, a person types, or the run is over.</summary>
internal sealed class IdleTime(TaskSystem system, RunEnd end, NextDeadline deadline, Process first) : IWholeOfParts
{
    private readonly AllocatorWatch _allocator = new(system);

    // As long as somebody outside waits until the run looks at what he wants.
    private const int SliceMilliseconds = 50;
    private const ulong Millisecond = 1_000_000;

    /// <summary>Moves on to the next moment at which something can happen; null when there is one, otherwise how the run ended.</summary>
    public RunResult? Pass()
    {
        if (system.Processes.Count == 0)
        {
            return end.OfFirst();
        }

        deadline.Forget();
        ulong next = deadline.Ns;
        if (TerminalWait.Find(system) is { } terminal)
        {
            Await(terminal, next);
            return null;
        }

        if (next == VirtualClock.Never)
        {
            return first.State == ProcessState.Reaped
                ? end.OfFirst()
                : end.Of(EndReason.Deadlock) with { Waiters = WaiterList.Of(system) };
        }

        if (_allocator.IsStuck())
        {
            return end.Of(EndReason.Deadlock) with { Waiters = WaiterList.Of(system) };
        }

        system.SkipTo(next);
        return null;
    }

    /// <summary>Waits a while for a person, the one wait of the machine that takes the host's time; a deadline comes as much nearer.</summary>
    /// <remarks>Without a deadline the guest's clock stands still, however long it takes.</remarks>
    private void Await(IHostStream terminal, ulong next)
    {
        ulong now = system.Clock.NowNs;
        ulong left = next - Math.Min(next, now);
        int slice = (int)Math.Min(SliceMilliseconds, (left / Millisecond) + 1);
        // What was typed may not be what is waited for: the deadline has to come even then.
        int passed = terminal.HasInput(slice) ? 1 : slice;
        if (next != VirtualClock.Never)
        {
            system.SkipTo(Math.Min(next, now + ((ulong)passed * Millisecond)));
        }
    }

    void IStateful.SeeParts(StateVisitor visitor) => visitor.See(_allocator);
}
