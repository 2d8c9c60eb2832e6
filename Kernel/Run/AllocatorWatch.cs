using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.State;
using MmuEmu.Kernel.Story;
using MmuEmu.Kernel.Tasks;
using MmuEmu.Kernel.Waiting;

namespace MmuEmu.Kernel.Run;

/// <summary>Sees that nobody runs any more but in the allocator, which frees nothing, and kills nobody because swap is free: a deadlock that kernels of 2002 did not tell of.</summary>
/// <param name="system">The parts of the kernel.</param>
internal sealed class AllocatorWatch(TaskSystem system) : IStateful
{
    /// <summary>Rounds without a freed frame and without an instruction after which there will be none.</summary>
    private const uint MostRounds = 16;

    private ulong _freed;
    private ulong _time;
    private uint _rounds;

    /// <summary>Looks at a moment at which no thread can run; true when none will ever.</summary>
    public bool IsStuck()
    {
        ulong freed = system.Memory.Counters[MmCounter.PgFree];
        List<(TaskName, VirtAddr)> allocating = [];
        if (!OnlyAllocatorsHaveDeadlines(allocating) || freed != _freed || system.Processors.Cores.Retired != _time)
        {
            (_freed, _time, _rounds) = (freed, system.Processors.Cores.Retired, 0);
            return false;
        }

        if (++_rounds < MostRounds || system.Memory.Swap.FreeSlots == 0)
        {
            return false;
        }

        system.Notices(new Notice(NoticeKind.AllocatorLoops) { Number = _rounds, Swapped = system.Memory.Swap.FreeSlots, Needed = allocating });
        return true;
    }

    private bool OnlyAllocatorsHaveDeadlines(List<(TaskName, VirtAddr)> allocating)
    {
        foreach (Process process in system.Processes.All)
        {
            if (process.AlarmNs != VirtualClock.Never || process.Timers.Count > 0)
            {
                return false;
            }

            foreach (UserThread thread in process.Threads)
            {
                if (thread.Wait is not { } wait || thread.State != RunState.Waiting)
                {
                    continue;
                }

                if (wait.Cause is FrameWait)
                {
                    allocating.Add((thread.Title, default));
                }
                else if (wait.DeadlineNs != VirtualClock.Never && wait.Cause is not VainCopyWait)
                {
                    return false;
                }
            }
        }

        return allocating.Count > 0;
    }

    object IStateful.Save(object? last) => (_freed, _time, _rounds);

    void IStateful.Restore(object state) => (_freed, _time, _rounds) = ((ulong, ulong, uint))state;
}
