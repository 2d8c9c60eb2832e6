using MmuEmu.Kernel.Story;

namespace MmuEmu.Kernel.Views;

/// <summary>A process that is not yet reaped, and the program that it runs.</summary>
/// <param name="Pid">Its id.</param>
/// <param name="Parent">Its parent's id; 1 for one outside the machine.</param>
/// <param name="Name">The short name of its first thread.</param>
public sealed record ProcessView(int Pid, int Parent, string Name)
{
    /// <summary>The number of its address space; null once it has ended.</summary>
    public int? Space { get; init; }

    /// <summary>Its threads, the first one first.</summary>
    public required IReadOnlyList<TaskName> Threads { get; init; }

    /// <summary>The file of its program, as it was asked for.</summary>
    public required string Path { get; init; }

    /// <summary>The same without symbolic links: what /proc/PID/exe leads to.</summary>
    public required string Location { get; init; }

    /// <summary>argv.</summary>
    public required IReadOnlyList<string> Arguments { get; init; }

    /// <summary>The environment.</summary>
    public required IReadOnlyList<string> Environment { get; init; }

    /// <summary>The bytes of /proc/PID/auxv: pairs of 8 bytes each.</summary>
    public required ReadOnlyMemory<byte> AuxiliaryVector { get; init; }
}
