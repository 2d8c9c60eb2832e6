using MmuEmu.Emulator.Paging;
using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Run;

namespace MmuEmu.Kernel.Views;

/// <summary>A thread as it is at this moment.</summary>
/// <param name="Pid">The id of its process.</param>
/// <param name="Tid">Its own id; equal to <paramref name="Pid"/> for the first thread.</param>
/// <param name="Name">Its short name, 15 bytes at most, as comm has it.</param>
public sealed record TaskView(int Pid, int Tid, string Name)
{
    /// <summary>True when its processor is the one at work, and holds its registers.</summary>
    public required bool IsAtWork { get; init; }

    /// <summary>The processor that it runs on, or waits for, from 0.</summary>
    public required int Processor { get; init; }

    /// <summary>True while that processor holds its registers.</summary>
    public required bool IsLoaded { get; init; }

    /// <summary>Where it goes on.</summary>
    public required VirtAddr Rip { get; init; }

    /// <summary>What it waits for; <see cref="WaitKind.Nothing"/> when it runs or would, <see cref="WaitKind.Reaping"/> when it has ended.</summary>
    public required Waiter Wait { get; init; }

    /// <summary>The system call that it is in or about to begin, with 2^32 added when it came through INT 80H; null in user code.</summary>
    public ulong? Call { get; init; }

    /// <summary>What that call is to this program; empty in user code.</summary>
    public string CallName { get; init; } = "";

    /// <summary>The page fault that it has come to and that is not yet handled; null for none.</summary>
    public PageFault? Fault { get; init; }

    /// <summary>Signals sent to it alone and not yet delivered, lowest first.</summary>
    public IReadOnlyList<Signal> Pending { get; init; } = [];

    /// <summary>Signals sent to its process and not yet delivered, lowest first.</summary>
    public IReadOnlyList<Signal> ProcessPending { get; init; } = [];

    /// <summary>Signals that wait until they are unblocked, lowest first.</summary>
    public IReadOnlyList<Signal> Blocked { get; init; } = [];

    /// <summary>Instructions that it has retired.</summary>
    public ulong Instructions { get; init; }
}
