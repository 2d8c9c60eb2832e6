using System.Numerics;
using System.Runtime.CompilerServices;
using MmuEmu.Emulator.Cpu;
using MmuEmu.Emulator.Machine;
using MmuEmu.Kernel.Abi;

namespace MmuEmu.Kernel.Run;

/// <summary>What somebody outside wants, that the run pause or that a terminal's signal be sent: the one thing of the run that another thread of the host may touch.</summary>
internal sealed class PauseRequest
{
    // About a millisecond of the host: a guest that never calls the kernel can be paused as often without being disturbed.
    private const ulong Slice = 1 << 18;

    private volatile bool _made;
    private volatile uint _signals;

    /// <summary>Wants a signal sent, 1 to 31; several of one number before the run looks are one.</summary>
    public void Send(Signal signal) => Interlocked.Or(ref _signals, 1U << (int)signal);

    /// <summary>The lowest signal that is wanted, which is then no longer; None without one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Signal TakeSignal()
    {
        uint signals = _signals;
        return signals == 0 ? Signal.None : Take((Signal)BitOperations.TrailingZeroCount(signals));
    }

    /// <summary>Makes the wish.</summary>
    public void Make() => _made = true;

    /// <summary>True once after the wish was made: the run has to pause now.</summary>
    public bool IsTaken()
    {
        bool made = _made;
        if (made)
        {
            _made = false;
        }

        return made;
    }

    /// <summary>Runs one core, at most <paramref name="budget"/> instructions; fewer only when something is wanted.</summary>
    /// <param name="cores">The cores.</param>
    /// <param name="number">Which one.</param>
    /// <param name="budget">Instructions.</param>
    /// <param name="pauseAt">T from which on it comes back as if something were wanted.</param>
    /// <returns>Why it stopped: BudgetSpent also for that.</returns>
    public CoreExitKind Run(CoreSet cores, int number, ulong budget, ulong pauseAt)
    {
        while (true)
        {
            ulong slice = Math.Min(budget, Slice);
            CoreExitKind kind = cores.Run(number, slice).Kind;
            if (kind != CoreExitKind.BudgetSpent || slice == budget || _made || _signals != 0 || cores.Retired >= pauseAt)
            {
                return kind;
            }

            budget -= slice;
        }
    }

    private Signal Take(Signal signal)
    {
        Interlocked.And(ref _signals, ~(1U << (int)signal));
        return signal;
    }
}
