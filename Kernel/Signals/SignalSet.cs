using System.Numerics;
using MmuEmu.Kernel.Abi;

namespace MmuEmu.Kernel.Signals;

/// <summary>A set of signals, as sigset_t: signal n is bit n - 1.</summary>
/// <param name="Bits">All 64.</param>
internal readonly record struct SignalSet(ulong Bits)
{
    /// <summary>SIGKILL and SIGSTOP, which nobody can block.</summary>
    public static SignalSet Unblockable => Of(Signal.SIGKILL) | Of(Signal.SIGSTOP);

    /// <summary>Signals that an instruction raises; they are delivered before all others.</summary>
    /// <remarks>Source: [Linux kernel/signal.c, SYNCHRONOUS_MASK].</remarks>
    public static SignalSet Synchronous =>
        Of(Signal.SIGSEGV) | Of(Signal.SIGBUS) | Of(Signal.SIGILL) | Of(Signal.SIGTRAP) | Of(Signal.SIGFPE) | Of(Signal.SIGSYS);

    /// <summary>True when no signal is in the set.</summary>
    public bool IsEmpty => Bits == 0;

    /// <summary>The lowest signal; the set is not empty.</summary>
    public Signal Lowest => (Signal)(BitOperations.TrailingZeroCount(Bits) + 1);

    /// <summary>The set of one signal.</summary>
    public static SignalSet Of(Signal signal) => new(1UL << ((int)signal - 1));

    /// <summary>True when <paramref name="signal"/> is in the set.</summary>
    public bool Has(Signal signal) => (Bits >> ((int)signal - 1) & 1) != 0;

    /// <summary>Both sets together.</summary>
    public static SignalSet operator |(SignalSet a, SignalSet b) => new(a.Bits | b.Bits);

    /// <summary>What both sets have.</summary>
    public static SignalSet operator &(SignalSet a, SignalSet b) => new(a.Bits & b.Bits);

    /// <summary>The first set without the second.</summary>
    public static SignalSet operator -(SignalSet a, SignalSet b) => new(a.Bits & ~b.Bits);
}
