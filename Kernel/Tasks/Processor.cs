using MmuEmu.Emulator.Machine;
using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Memory;
using MmuEmu.Kernel.State;
using MmuEmu.Kernel.UserCopy;

namespace MmuEmu.Kernel.Tasks;

/// <summary>One processor as the kernel sees it: its core, and the thread whose registers it holds.</summary>
/// <param name="number">Its number, from 0.</param>
/// <param name="core">The core.</param>
/// <param name="mem">Memory management.</param>
internal sealed class Processor(int number, Core core, MemorySystem mem) : IStateful
{
    /// <summary>Its number, from 0.</summary>
    public int Number { get; } = number;

    /// <summary>The core.</summary>
    public Core Core { get; } = core;

    /// <summary>Guest memory, through this core's MMU, of the space that is loaded here.</summary>
    public UserMemory Guest { get; } = new(mem, core.Mmu, core.Vcpu);

    /// <summary>The thread whose registers the core holds; null for none.</summary>
    public UserThread? Current { get; set; }

    /// <summary>The thread that ran here last, also after it has left.</summary>
    public UserThread? LastRun { get; set; }

    /// <summary>The id of the thread that was chosen here last.</summary>
    public int LastTid { get; set; }

    object IStateful.Save(object? last) => (Current, LastRun, LastTid);

    void IStateful.Restore(object state) => (Current, LastRun, LastTid) = ((UserThread?, UserThread?, int))state;

    void IStateful.SeeParts(StateVisitor visitor)
    {
        visitor.SeeAny(Guest);
        visitor.See(Current);
        visitor.See(LastRun);
    }
}

/// <summary>All processors of the machine, and the one at work: only one works at a time.</summary>
internal sealed class ProcessorSet : IWrittenCode, IStateful
{
    private readonly Processor[] _all;

    /// <summary>The processors over <paramref name="cores"/>; number 0 is at work.</summary>
    public ProcessorSet(CoreSet cores, MemorySystem mem)
    {
        Cores = cores;
        _all = new Processor[cores.Count];
        for (int i = 0; i < _all.Length; i++)
        {
            _all[i] = new Processor(i, cores[i], mem);
        }

        Here = _all[0];
    }

    /// <summary>The cores.</summary>
    public CoreSet Cores { get; }

    /// <summary>By number.</summary>
    public IReadOnlyList<Processor> All => _all;

    /// <summary>How many.</summary>
    public int Count => _all.Length;

    /// <summary>The set of all of them, one bit each.</summary>
    public ulong Mask => ulong.MaxValue >> (64 - _all.Length);

    /// <summary>The one that runs a thread or does kernel work now.</summary>
    public Processor Here { get; set; }

    /// <summary>The processor with that number.</summary>
    public Processor this[int number] => _all[number];

    /// <inheritdoc/>
    public void Written(PhysAddr start, int lengthBytes) => Cores[0].Vcpu.CodeWritten(start, lengthBytes);

    object IStateful.Save(object? last) => Here;

    void IStateful.Restore(object state) => Here = (Processor)state;

    void IStateful.SeeParts(StateVisitor visitor)
    {
        foreach (Processor processor in _all)
        {
            visitor.See(processor);
        }
    }
}
