using MmuEmu.Kernel.Abi;

namespace MmuEmu.Debugger.Gdb;

/// <summary>The numbers that signals have in packets: gdb's own, on every system the same.</summary>
/// <remarks>Source: [gdb include/gdb/signals.def].</remarks>
internal static class GdbSignalTable
{
    private const int RealTimeFirst = 33;
    private const int RealTimeLast = 63;
    private const int RealTime33 = 45;
    private const int RealTime32 = 77;
    private const int RealTime64 = 78;
    private const int Unknown = 143;

    private static readonly (Signal Signal, int Number)[] Rows =
    [
        (Signal.None, 0), (Signal.SIGHUP, 1), (Signal.SIGINT, 2), (Signal.SIGQUIT, 3), (Signal.SIGILL, 4), (Signal.SIGTRAP, 5), (Signal.SIGABRT, 6),
        (Signal.SIGFPE, 8), (Signal.SIGKILL, 9), (Signal.SIGBUS, 10), (Signal.SIGSEGV, 11), (Signal.SIGSYS, 12), (Signal.SIGPIPE, 13),
        (Signal.SIGALRM, 14), (Signal.SIGTERM, 15), (Signal.SIGURG, 16), (Signal.SIGSTOP, 17), (Signal.SIGTSTP, 18), (Signal.SIGCONT, 19),
        (Signal.SIGCHLD, 20), (Signal.SIGTTIN, 21), (Signal.SIGTTOU, 22), (Signal.SIGIO, 23), (Signal.SIGXCPU, 24), (Signal.SIGXFSZ, 25),
        (Signal.SIGVTALRM, 26), (Signal.SIGPROF, 27), (Signal.SIGWINCH, 28), (Signal.SIGUSR1, 30), (Signal.SIGUSR2, 31), (Signal.SIGPWR, 32),
    ];

    /// <summary>gdb's number of a Linux signal.</summary>
    public static int NumberOf(Signal signal)
    {
        foreach ((Signal known, int number) in Rows)
        {
            if (known == signal)
            {
                return number;
            }
        }

        return (int)signal switch
        {
            32 => RealTime32,
            >= RealTimeFirst and <= RealTimeLast and var real => RealTime33 + real - RealTimeFirst,
            64 => RealTime64,
            _ => Unknown,
        };
    }

    /// <summary>The Linux signal that has gdb's number; None for all others.</summary>
    public static Signal SignalOf(int number)
    {
        for (int signal = 1; signal <= 64; signal++)
        {
            if (NumberOf((Signal)signal) == number)
            {
                return (Signal)signal;
            }
        }

        return Signal.None;
    }
}
