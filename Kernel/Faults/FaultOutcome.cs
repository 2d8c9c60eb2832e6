using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Waiting;

namespace MmuEmu.Kernel.Faults;

/// <summary>How a fault ends.</summary>
internal enum FaultEnd
{
    /// <summary>The access may be tried again.</summary>
    Resume,

    /// <summary>The thread gets a signal; inside a system call the access fails with EFAULT instead.</summary>
    Deliver,

    /// <summary>No frame can be had: somebody must be killed, then the access may be tried again.</summary>
    OutOfMemory,

    /// <summary>The page is held back: the thread waits, then the access may be tried again.</summary>
    Wait,
}

/// <summary>The verdict on one page fault.</summary>
/// <param name="End">How it ends.</param>
/// <param name="Kind">What it turned out to be.</param>
/// <param name="Signal">The signal, when one is delivered.</param>
internal readonly record struct FaultOutcome(FaultEnd End, FaultKind Kind, SigInfo Signal)
{
    /// <summary>What the thread waits for, when it waits; otherwise null.</summary>
    public WaitFor? Wait { get; init; }

    /// <summary>The access may be tried again.</summary>
    public static FaultOutcome Resume(FaultKind kind) => new(FaultEnd.Resume, kind, default);

    /// <summary>No frame can be had.</summary>
    public static FaultOutcome OutOfMemory(FaultKind kind) => new(FaultEnd.OutOfMemory, kind, default);

    /// <summary>The page is held back until <paramref name="wait"/> is over.</summary>
    public static FaultOutcome Until(FaultKind kind, WaitFor wait) => new(FaultEnd.Wait, kind, default) { Wait = wait };

    /// <summary>SIGSEGV with <paramref name="code"/> at the exact byte.</summary>
    public static FaultOutcome Segv(FaultKind kind, int code, VirtAddr address) =>
        new(FaultEnd.Deliver, kind, new SigInfo(Abi.Signal.SIGSEGV, code, address));

    /// <summary>SIGBUS, BUS_ADRERR, at the exact byte (V-082, U-040).</summary>
    public static FaultOutcome Bus(FaultKind kind, VirtAddr address) =>
        new(FaultEnd.Deliver, kind, new SigInfo(Abi.Signal.SIGBUS, SigCode.BusAdrErr, address));
}
