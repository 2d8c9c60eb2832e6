using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Files;
using MmuEmu.Kernel.State;
using MmuEmu.Kernel.Waiting;

namespace MmuEmu.Kernel.Tasks;

/// <summary>How the machine's turns follow one another.</summary>
public enum Interleaving
{
    /// <summary>Processors in order of their numbers, threads in order of their ids, all turns equally long.</summary>
    RoundRobin,

    /// <summary>Processor, thread and length of each turn are drawn from the run's seed.</summary>
    Seeded,
}

/// <summary>The rules of the turns.</summary>
/// <param name="Quantum">Instructions of a turn while others wait; the mean of them when they are drawn. At least 1.</param>
/// <param name="Interleaving">How they follow one another.</param>
/// <param name="Seed">What they are drawn from.</param>
internal readonly record struct TurnRules(ulong Quantum, Interleaving Interleaving, ulong Seed);

/// <summary>Who runs next, on which processor, and for how long.</summary>
/// <remarks>
/// Each thread has a processor of its own; one that has nothing to do takes a thread from the one that has most.
/// It looks at nothing that could differ between two runs.
/// </remarks>
internal sealed class Scheduler(TaskSystem system, TurnRules rules) : IWholeOfParts
{
    /// <summary>Instructions of a turn when nobody says otherwise and there is one processor.</summary>
    public const ulong DefaultQuantum = 100_000;

    /// <summary>The same with several processors.</summary>
    public const ulong DefaultSharedQuantum = 10_000;

    // Another number than the seed itself, or turns and the guest's random bytes would be drawn from one sequence.
    private readonly SeededRandom _random = new(rules.Seed ^ 0x5C4E_D01E_7012_A5D5);
    private readonly List<UserThread> _ready = [];
    private readonly List<UserThread> _own = [];
    private readonly List<int> _busy = [];

    /// <summary>The thread of the next turn, its processor set; null when all wait.</summary>
    public UserThread? Next()
    {
        CollectReady();
        if (_ready.Count == 0)
        {
            return null;
        }

        Processor processor = NextProcessor();
        UserThread chosen = ThreadFor(processor);
        chosen.Cpu = processor.Number;
        processor.LastTid = chosen.Tid;
        return chosen;
    }

    /// <summary>The length of the turn that begins.</summary>
    public ulong TurnLength() => rules.Interleaving switch
    {
        Interleaving.RoundRobin => rules.Quantum,
        Interleaving.Seeded => 1 + (_random.Next() % ((2 * rules.Quantum) - 1)),
    };

    /// <summary>The next moment at which an alarm rings or a waiting ends; <see cref="VirtualClock.Never"/> when there is none.</summary>
    public ulong NextDeadlineNs() => Deadlines.NextNs(system);

    private static bool IsInterrupted(UserThread thread) =>
        thread.HasSignal && (thread.Wait!.Interruption != Interruption.Never || thread.Process.Pending.Set.Has(Signal.SIGKILL));

    private static bool Allows(UserThread thread, int processor) => (thread.Affinity >> processor & 1) != 0;

    private void CollectReady()
    {
        _ready.Clear();
        foreach (Process process in system.Processes.All)
        {
            if (process.State != ProcessState.Alive)
            {
                continue;
            }

            foreach (UserThread thread in process.Threads)
            {
                if (CanRun(thread))
                {
                    _ready.Add(thread);
                }
            }
        }
    }

    private bool CanRun(UserThread thread) => thread.State switch
    {
        RunState.Runnable => true,
        RunState.Dead => false,
        RunState.Waiting => IsInterrupted(thread) || WaitEnd.IsOver(system, thread),
    };

    private Processor NextProcessor()
    {
        int count = system.Processors.Count;
        int last = system.Processors.Here.Number;
        _busy.Clear();
        for (int i = 1; i <= count; i++)
        {
            int number = (last + i) % count;
            if (OwnOf(number).Count == 0 && ToTake(number) is null)
            {
                continue;
            }

            if (rules.Interleaving == Interleaving.RoundRobin)
            {
                return system.Processors[number];
            }

            _busy.Add(number);
        }

        return system.Processors[_busy[(int)(_random.Next() % (ulong)_busy.Count)]];
    }

    private UserThread ThreadFor(Processor processor)
    {
        List<UserThread> own = OwnOf(processor.Number);
        if (own.Count == 0)
        {
            return ToTake(processor.Number)!;
        }

        return rules.Interleaving switch
        {
            Interleaving.RoundRobin => After(own, processor.LastTid),
            Interleaving.Seeded => own[(int)(_random.Next() % (ulong)own.Count)],
        };
    }

    /// <summary>The thread with the next higher id, or the lowest.</summary>
    private static UserThread After(List<UserThread> threads, int last)
    {
        UserThread lowest = threads[0];
        UserThread? next = null;
        foreach (UserThread thread in threads)
        {
            lowest = thread.Tid < lowest.Tid ? thread : lowest;
            next = thread.Tid > last && (next is null || thread.Tid < next.Tid) ? thread : next;
        }

        return next ?? lowest;
    }

    private List<UserThread> OwnOf(int processor)
    {
        _own.Clear();
        foreach (UserThread thread in _ready)
        {
            if (thread.Cpu == processor)
            {
                _own.Add(thread);
            }
        }

        return _own;
    }

    /// <summary>A thread that an idle processor may take: of the processor with most, at least two, the one with the highest id.</summary>
    private UserThread? ToTake(int processor)
    {
        Span<int> loads = stackalloc int[system.Processors.Count];
        foreach (UserThread thread in _ready)
        {
            loads[thread.Cpu]++;
        }

        UserThread? best = null;
        foreach (UserThread thread in _ready)
        {
            bool offered = loads[thread.Cpu] > 1 && Allows(thread, processor);
            bool better = best is null || loads[thread.Cpu] > loads[best.Cpu] || (thread.Cpu == best.Cpu && thread.Tid > best.Tid);
            best = offered && better ? thread : best;
        }

        return best;
    }

    void IStateful.SeeParts(StateVisitor visitor) => visitor.SeeAny(_random);
}
