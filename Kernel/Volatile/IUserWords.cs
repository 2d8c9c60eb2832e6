using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Vmas;

namespace MmuEmu.Kernel.Volatile;

/// <summary>Stores to user memory as the vrange call sees them: the door that the floor of user copies implements.</summary>
public interface IUserWords
{
    /// <summary>Stores the 4 bytes of <paramref name="value"/>, faulting pages in as need be; false without a signal when it cannot.</summary>
    bool TryStore(AddressSpace space, VirtAddr address, int value);
}
