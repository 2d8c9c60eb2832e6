using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Story;

namespace MmuEmu.Debugger.Rendering;

/// <summary>Signals in the words of strace.</summary>
internal static class SignalText
{
    private static readonly (Signal Signal, int Code, string Name)[] Codes =
    [
        (Signal.SIGSEGV, SigCode.SegvMapErr, "SEGV_MAPERR"),
        (Signal.SIGSEGV, SigCode.SegvAccErr, "SEGV_ACCERR"),
        (Signal.SIGSEGV, SigCode.SegvPkuErr, "SEGV_PKUERR"),
        (Signal.SIGBUS, SigCode.BusAdrAln, "BUS_ADRALN"),
        (Signal.SIGBUS, SigCode.BusAdrErr, "BUS_ADRERR"),
        (Signal.SIGILL, SigCode.IllIllOpn, "ILL_ILLOPN"),
        (Signal.SIGFPE, SigCode.FpeIntDiv, "FPE_INTDIV"),
        (Signal.SIGTRAP, SigCode.TrapBrkpt, "TRAP_BRKPT"),
        (Signal.SIGTRAP, SigCode.TrapTrace, "TRAP_TRACE"),
        (Signal.SIGCHLD, SigCode.CldExited, "CLD_EXITED"),
        (Signal.SIGCHLD, SigCode.CldKilled, "CLD_KILLED"),
        (Signal.SIGCHLD, SigCode.CldDumped, "CLD_DUMPED"),
    ];

    /// <summary>The si_code by name where it has one.</summary>
    public static string CodeName(SigInfo info)
    {
        foreach ((Signal signal, int code, string name) in Codes)
        {
            if (signal == info.Signal && code == info.Code)
            {
                return name;
            }
        }

        return info.Code switch
        {
            SigCode.User => "SI_USER",
            SigCode.Kernel => "SI_KERNEL",
            SigCode.Queue => "SI_QUEUE",
            SigCode.TKill => "SI_TKILL",
            int other => $"{other}",
        };
    }

    /// <summary>True for the signals that a fault raises, which carry an address.</summary>
    public static bool HasAddress(SigInfo info) =>
        info.Code > 0 && info.Code != SigCode.Kernel
        && info.Signal is Signal.SIGSEGV or Signal.SIGBUS or Signal.SIGILL or Signal.SIGFPE or Signal.SIGTRAP;

    /// <summary>The siginfo as strace prints it.</summary>
    public static string Of(SigInfo info)
    {
        string rest = HasAddress(info) ? $", si_addr={info.Address}" : info.Pid != 0 ? $", si_pid={info.Pid}" : "";
        return $"{info.Signal} {{si_code={CodeName(info)}{rest}}}";
    }

    /// <summary>What becomes of a signal, in words.</summary>
    public static string Fate(SignalDetail signal) => signal.Fate switch
    {
        SignalFate.Handled => $"handler {signal.Handler}",
        SignalFate.Ignored => "ignored",
        SignalFate.Fatal => "fatal",
        SignalFate.Stopped => "stopped",
        SignalFate.Continued => "continued",
    };
}
