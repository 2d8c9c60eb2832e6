using MmuEmu.Emulator.Values;

namespace MmuEmu.Kernel.Abi;

/// <summary>The si_code values that this kernel sends.</summary>
/// <remarks>Each number belongs to one signal. Source: [Linux include/uapi/asm-generic/siginfo.h].</remarks>
public static class SigCode
{
    /// <summary>Sent by kill.</summary>
    public const int User = 0;

    /// <summary>Sent by the kernel.</summary>
    public const int Kernel = 0x80;

    /// <summary>Sent by sigqueue.</summary>
    public const int Queue = -1;

    /// <summary>Sent by a timer.</summary>
    public const int Timer = -2;

    /// <summary>Sent by tkill or tgkill.</summary>
    public const int TKill = -6;

    /// <summary>SIGSEGV: no mapping at the address.</summary>
    public const int SegvMapErr = 1;

    /// <summary>SIGSEGV: a mapping is there, but it does not allow the access.</summary>
    public const int SegvAccErr = 2;

    /// <summary>SIGSEGV: a protection key forbids the access.</summary>
    public const int SegvPkuErr = 4;

    /// <summary>SIGBUS: misaligned access.</summary>
    public const int BusAdrAln = 1;

    /// <summary>SIGBUS: the mapping is there, its page cannot be had.</summary>
    public const int BusAdrErr = 2;

    /// <summary>SIGILL: illegal opcode.</summary>
    public const int IllIllOpn = 2;

    /// <summary>SIGFPE: integer division by zero.</summary>
    public const int FpeIntDiv = 1;

    /// <summary>SIGTRAP: breakpoint.</summary>
    public const int TrapBrkpt = 1;

    /// <summary>SIGTRAP: single step.</summary>
    public const int TrapTrace = 2;

    /// <summary>SIGCHLD: the child exited.</summary>
    public const int CldExited = 1;

    /// <summary>SIGCHLD: the child was killed by a signal.</summary>
    public const int CldKilled = 2;

    /// <summary>SIGCHLD: the child was killed and dumped core.</summary>
    public const int CldDumped = 3;
}

/// <summary>A signal with what a SA_SIGINFO handler is told about it.</summary>
/// <param name="Signal">si_signo.</param>
/// <param name="Code">si_code, see <see cref="SigCode"/>.</param>
/// <param name="Address">si_addr of a fault: the exact byte, not rounded to a page (V-082, U-040).</param>
public readonly record struct SigInfo(Signal Signal, int Code, VirtAddr Address)
{
    /// <summary>si_pid of the sender or child.</summary>
    public int Pid { get; init; }

    /// <summary>si_uid of the sender or child.</summary>
    public int Uid { get; init; }

    /// <summary>si_status of a child, or si_value of a queued signal.</summary>
    public long Value { get; init; }
}
