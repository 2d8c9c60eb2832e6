using System.Runtime.CompilerServices;
using MmuEmu.Emulator.Paging;
using MmuEmu.Emulator.Tracing;
using MmuEmu.Kernel.Story;
using MmuEmu.Kernel.Vmas;

namespace MmuEmu.Kernel.Faults;

/// <summary>Tells what the fault handler found before it knew what kind of fault it has.</summary>
internal static class FaultSteps
{
    /// <summary>Tells which mapping was found, and whether its rights allow the access; apart from the handling of the many faults that nobody watches.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void Tell(ITraceSink events, AddressSpace space, in PageFault fault, Vma? found)
    {
        events.Take(new TraceEvent(KernelEvent.MappingSought)
        {
            Space = space.Tag.Id,
            Address = fault.Cr2,
            Number = found is null ? 0UL : 1,
            Detail = found is null ? null : new MappingDetail(found.Range) { Line = MapsLine.Of(found) },
        });
        if (found is not null)
        {
            events.Take(new TraceEvent(KernelEvent.RightsChecked)
            {
                Space = space.Tag.Id,
                Address = fault.Cr2,
                Argument = (ulong)fault.Code,
                Number = FaultHandler.Permits(found.Flags, fault.Code) ? 1UL : 0,
            });
        }
    }
}
