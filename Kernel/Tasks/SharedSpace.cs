using MmuEmu.Kernel.Memory;
using MmuEmu.Kernel.Mm;
using MmuEmu.Kernel.State;
using MmuEmu.Kernel.Vmas;

namespace MmuEmu.Kernel.Tasks;

/// <summary>An address space with the processes that live in it: more than one between vfork and execve.</summary>
internal sealed class SharedSpace(MemorySystem mem, AddressSpace space) : IStateful
{
    private int _users = 1;

    /// <summary>The address space.</summary>
    public AddressSpace Space { get; } = space;

    /// <summary>More than one process lives here.</summary>
    public bool IsShared => _users > 1;

    /// <summary>One more process lives here.</summary>
    public SharedSpace Share()
    {
        _users++;
        return this;
    }

    /// <summary>One process leaves; the last one takes the space down. No processor runs in it then.</summary>
    public void Leave()
    {
        if (--_users == 0)
        {
            ExitSpace.TearDown(mem, Space);
        }
    }

    object IStateful.Save(object? last) => _users;

    void IStateful.Restore(object state) => _users = (int)state;

    void IStateful.SeeParts(StateVisitor visitor) => visitor.SeeAny(Space);
}
