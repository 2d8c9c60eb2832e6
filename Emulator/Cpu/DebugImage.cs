namespace MmuEmu.Emulator.Cpu;

/// <summary>The debug registers of one vCPU at one moment; see <see cref="DebugRegisters"/> for each.</summary>
internal readonly record struct DebugImage
{
    /// <summary>DR0 to DR3.</summary>
    public (ulong Dr0, ulong Dr1, ulong Dr2, ulong Dr3) Addresses { get; init; }

    /// <summary>DR6.</summary>
    public ulong Status { get; init; }

    /// <summary>DR7.</summary>
    public ulong Control { get; init; }

    /// <summary>Traps that come before the next instruction.</summary>
    public ulong Pending { get; init; }

    /// <summary>Data breakpoints that the current instruction has touched.</summary>
    public ulong Hits { get; init; }

    /// <summary>Traps are held back.</summary>
    public bool Inhibited { get; init; }

    /// <summary>No single-step trap follows.</summary>
    public bool StepsOver { get; init; }
}
