namespace MmuEmu.Kernel.Abi;

/// <summary>Signal numbers of x86-64 Linux; 32 to 64 are the real-time signals and have no names here.</summary>
/// <remarks>Source: [Linux arch/x86/include/uapi/asm/signal.h].</remarks>
public enum Signal
{
    /// <summary>No signal.</summary>
    None = 0,

    /// <summary>Terminal hang-up.</summary>
    SIGHUP = 1,

    /// <summary>Interrupt from the keyboard.</summary>
    SIGINT = 2,

    /// <summary>Quit from the keyboard.</summary>
    SIGQUIT = 3,

    /// <summary>Illegal instruction.</summary>
    SIGILL = 4,

    /// <summary>Trace or breakpoint trap.</summary>
    SIGTRAP = 5,

    /// <summary>Abort.</summary>
    SIGABRT = 6,

    /// <summary>Bad memory access: no page can be had.</summary>
    SIGBUS = 7,

    /// <summary>Arithmetic error.</summary>
    SIGFPE = 8,

    /// <summary>Kill, cannot be caught.</summary>
    SIGKILL = 9,

    /// <summary>User-defined 1.</summary>
    SIGUSR1 = 10,

    /// <summary>Bad memory access: no mapping or no right.</summary>
    SIGSEGV = 11,

    /// <summary>User-defined 2.</summary>
    SIGUSR2 = 12,

    /// <summary>Write to a pipe without readers.</summary>
    SIGPIPE = 13,

    /// <summary>Alarm clock.</summary>
    SIGALRM = 14,

    /// <summary>Termination.</summary>
    SIGTERM = 15,

    /// <summary>Coprocessor stack fault, unused.</summary>
    SIGSTKFLT = 16,

    /// <summary>A child stopped or ended.</summary>
    SIGCHLD = 17,

    /// <summary>Continue.</summary>
    SIGCONT = 18,

    /// <summary>Stop, cannot be caught.</summary>
    SIGSTOP = 19,

    /// <summary>Stop from the terminal.</summary>
    SIGTSTP = 20,

    /// <summary>Terminal read in the background.</summary>
    SIGTTIN = 21,

    /// <summary>Terminal write in the background.</summary>
    SIGTTOU = 22,

    /// <summary>Urgent socket data.</summary>
    SIGURG = 23,

    /// <summary>CPU time limit.</summary>
    SIGXCPU = 24,

    /// <summary>File size limit.</summary>
    SIGXFSZ = 25,

    /// <summary>Virtual alarm clock.</summary>
    SIGVTALRM = 26,

    /// <summary>Profiling timer.</summary>
    SIGPROF = 27,

    /// <summary>Window size changed.</summary>
    SIGWINCH = 28,

    /// <summary>Input or output possible.</summary>
    SIGIO = 29,

    /// <summary>Power failure.</summary>
    SIGPWR = 30,

    /// <summary>Bad system call.</summary>
    SIGSYS = 31,
}
