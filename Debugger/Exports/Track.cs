namespace MmuEmu.Debugger.Exports;

/// <summary>What a line of a timeline is about.</summary>
internal enum TrackKind
{
    /// <summary>A thread: its system calls, faults and marks.</summary>
    Thread,

    /// <summary>What the kernel does with frames, entries and TLBs.</summary>
    Memory,

    /// <summary>The walks of the processor, and the bits that they set.</summary>
    Walker,

    /// <summary>What reclaim takes, leaves and brings back; pressure rules.</summary>
    Reclaim,

    /// <summary>Signals.</summary>
    Signals,

    /// <summary>A number that changes: of the machine, or of a process.</summary>
    Counter,
}

/// <summary>A line of a timeline.</summary>
/// <param name="Kind">What it is about.</param>
/// <param name="Pid">The process; 0 for the machine's.</param>
/// <param name="Tid">The thread; 0 for none.</param>
/// <param name="Name">Of a counter, its name; otherwise empty.</param>
internal readonly record struct Track(TrackKind Kind, int Pid = 0, int Tid = 0, string Name = "");
