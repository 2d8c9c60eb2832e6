using MmuEmu.Kernel.Abi;

namespace MmuEmu.Debugger.Gdb;

/// <summary>What the debugger at the other end understands and has asked to be told of.</summary>
internal sealed class ClientWishes
{
    /// <summary>It names processes besides threads.</summary>
    public bool Multiprocess { get; set; }

    /// <summary>It takes breakpoints for what they are, and does not look whether an INT3 was hit.</summary>
    public bool Breakpoints { get; set; }

    /// <summary>It wants to be told of new processes.</summary>
    public bool Forks { get; set; }

    /// <summary>It wants to be told of new processes that borrow their parent's memory.</summary>
    public bool VForks { get; set; }

    /// <summary>It wants to be told of changed programs.</summary>
    public bool Execs { get; set; }

    /// <summary>Packets are not acknowledged.</summary>
    public bool Quiet { get; set; }

    /// <summary>Addresses of memory packets are physical, as QEMU has it.</summary>
    public bool Physical { get; set; }

    /// <summary>It is lldb: registers are asked for with the thread behind, and signals have the guest's numbers.</summary>
    public bool NamesThreads { get; set; }

    /// <summary>Signals at which it does not want to stop.</summary>
    public HashSet<Signal> Passed { get; } = [];

    /// <summary>System calls at which it wants to stop; none while <see cref="AllCalls"/>, null for no call at all.</summary>
    public HashSet<ulong>? Calls { get; set; }

    /// <summary>It wants to stop at every system call.</summary>
    public bool AllCalls => Calls is { Count: 0 };

    /// <summary>True when it wants to stop at call <paramref name="number"/>.</summary>
    public bool WantsCall(ulong number) => Calls is { } calls && (calls.Count == 0 || calls.Contains(number));
}
