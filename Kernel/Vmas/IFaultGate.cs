using MmuEmu.Emulator.Paging;

namespace MmuEmu.Kernel.Vmas;

/// <summary>Who may hold page faults back: the thread that touched the page waits until the gate lets it go.</summary>
/// <remarks>Asked of faults that the mapping allows, before anything is done about them; asked again to see whether a wait is over.</remarks>
internal interface IFaultGate
{
    /// <summary>True while the fault has to wait; asking changes nothing.</summary>
    /// <param name="space">Whose fault it is.</param>
    /// <param name="fault">Address and error code.</param>
    /// <param name="untilNs">Out: the moment on the monotonic clock from which it is held no longer; <see cref="ulong.MaxValue"/> when there is none.</param>
    bool Holds(AddressSpace space, in PageFault fault, out ulong untilNs);
}
