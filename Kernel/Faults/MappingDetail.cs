using MmuEmu.Emulator.Tracing;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Vmas;

namespace MmuEmu.Kernel.Faults;

/// <summary>The mapping that a fault handler found for an address.</summary>
/// <param name="Range">Where it lies.</param>
public sealed record MappingDetail(VirtRange Range) : TraceDetail
{
    /// <summary>All of it, at that moment.</summary>
    internal MapsLine Line { get; init; }

    /// <summary>As a line of /proc/PID/maps.</summary>
    public string Mapping => Line.ToString();
}
