using MmuEmu.Emulator.Paging;
using MmuEmu.Emulator.Tracing;
using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Story;
using MmuEmu.Kernel.Vmas;

namespace MmuEmu.Kernel.Faults;

/// <summary>A page fault: what the processor said, what the tables held, and what the kernel made of it.</summary>
/// <param name="Rip">The instruction, not yet executed.</param>
/// <param name="Fault">CR2 and the error code.</param>
/// <param name="Path">The entries the walk read; the last one ended it.</param>
/// <param name="Kind">What the kernel took it for.</param>
public sealed record FaultDetail(VirtAddr Rip, PageFault Fault, WalkPath Path, FaultKind Kind) : TraceDetail
{
    /// <summary>Room for one that is filled later, and again until somebody keeps it.</summary>
    internal FaultDetail()
        : this(default, default, default, default)
    {
    }

    /// <summary>The instruction, not yet executed.</summary>
    public VirtAddr Rip { get; internal set; } = Rip;

    /// <summary>CR2 and the error code.</summary>
    public PageFault Fault { get; internal set; } = Fault;

    /// <summary>The entries the walk read; the last one ended it.</summary>
    public WalkPath Path { get; internal set; } = Path;

    /// <summary>What the kernel took it for.</summary>
    public FaultKind Kind { get; internal set; } = Kind;

    /// <summary>What the tables hold above <see cref="Path"/>: entries that were not read, because a paging-structure cache served them.</summary>
    public WalkPath Above { get; internal set; }

    /// <summary>The entry for the address after the fault was handled; 0 when there is none.</summary>
    public Pte After { get; internal set; }

    /// <summary>The signal it ends in; <see cref="Abi.Signal.None"/> when the instruction just runs again.</summary>
    public SigInfo Signal { get; internal set; }

    /// <summary>What lies at RIP, when it ends in a signal; otherwise empty.</summary>
    public CodeBytes Code { get; internal set; }

    /// <summary>How the processor judged the walk, when it ends in a signal.</summary>
    public PagingMode Mode { get; internal set; }

    /// <summary>Bytes of the file behind the mapping, when it ends in a signal; null without a file.</summary>
    public ulong? FileBytes { get; internal set; }

    /// <summary>Where the touched page lies in that file, in bytes.</summary>
    public ulong FileOffset { get; internal set; }

    /// <summary>The stack above an address that no mapping covers, when it ends in a signal; null without one.</summary>
    public VirtRange? StackAbove { get; internal set; }

    /// <summary>RLIMIT_STACK in bytes, with <see cref="StackAbove"/>.</summary>
    public ulong StackLimitBytes { get; internal set; }

    /// <summary>The mapping that covers the address; null when there is none.</summary>
    internal MapsLine? Line { get; set; }

    /// <summary>Likewise, as a line of /proc/PID/maps; empty when there is none.</summary>
    public string Mapping => Line?.ToString() ?? "";
}
