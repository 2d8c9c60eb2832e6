using MmuEmu.Emulator.Cpu;
using MmuEmu.Emulator.Machine;

namespace MmuEmu.Kernel.Run;

/// <summary>The wish of somebody outside that the run pause: the one thing of it that another thread of the host may touch.</summary>
internal sealed class PauseRequest
{
    // Some milliseconds of the host: a guest that never calls the kernel is asked as often.
    private const ulong Slice = 1 << 20;

    private volatile bool _made;

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

    /// <summary>Runs one core, at most <paramref name="budget"/> instructions; fewer only when the wish is made.</summary>
    /// <returns>Why it stopped: BudgetSpent also for the wish.</returns>
    public CoreExitKind Run(CoreSet cores, int number, ulong budget)
    {
        while (true)
        {
            ulong slice = Math.Min(budget, Slice);
            CoreExitKind kind = cores.Run(number, slice).Kind;
            if (kind != CoreExitKind.BudgetSpent || slice == budget || _made)
            {
                return kind;
            }

            budget -= slice;
        }
    }
}
