using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Story;
using MmuEmu.Kernel.Tasks;

namespace MmuEmu.Kernel.Syscalls;

/// <summary>The system calls that answer at <c>int $0x80</c>, by the numbers that i386 gives them; anything absent answers ENOSYS.</summary>
/// <remarks>
/// A number here is <see cref="FirstNumber"/> above EAX, so that one number names one call wherever numbers go. Arguments are 32 bits each, without sign.
/// Source: [Linux arch/x86/entry/syscalls/syscall_32.tbl; arch/x86/entry/syscall_32.c, do_int80_emulation].
/// </remarks>
internal static class CompatTable
{
    /// <summary>The number of the call whose EAX is 0.</summary>
    public const ulong FirstNumber = CallInProgress.CompatBase;

    private const int Numbers = 512;

    /// <summary>Calls that mean the same with 32-bit arguments: EAX, i386's name, and the name of the row where it is another.</summary>
    private static readonly (int Eax, string Name, string? Row)[] Twins =
    [
        (1, "exit", null), (2, "fork", null), (3, "read", null), (4, "write", null), (5, "open", null), (6, "close", null), (8, "creat", null),
        (9, "link", null), (10, "unlink", null), (11, "execve", null), (12, "chdir", null), (15, "chmod", null), (20, "getpid", null),
        (23, "setuid", null), (24, "getuid", null), (27, "alarm", null), (29, "pause", null), (33, "access", null), (37, "kill", null),
        (38, "rename", null), (39, "mkdir", null), (40, "rmdir", null), (41, "dup", null), (42, "pipe", null), (45, "brk", null),
        (46, "setgid", null), (47, "getgid", null), (49, "geteuid", null), (50, "getegid", null), (54, "ioctl", null),
        (57, "setpgid", null), (60, "umask", null), (63, "dup2", null), (64, "getppid", null), (65, "getpgrp", null), (66, "setsid", null),
        (83, "symlink", null), (85, "readlink", null), (91, "munmap", null), (94, "fchmod", null), (95, "fchown", null), (118, "fsync", null),
        (122, "uname", null), (125, "mprotect", null), (132, "getpgid", null), (133, "fchdir", null), (136, "personality", null), (143, "flock", null),
        (144, "msync", null), (145, "readv", null), (146, "writev", null), (147, "getsid", null), (148, "fdatasync", null), (150, "mlock", null),
        (151, "munlock", null), (152, "mlockall", null), (153, "munlockall", null), (158, "sched_yield", null), (163, "mremap", null), (168, "poll", null),
        (172, "prctl", null), (175, "rt_sigprocmask", null), (176, "rt_sigpending", null), (179, "rt_sigsuspend", null), (182, "chown", null),
        (183, "getcwd", null), (190, "vfork", null), (198, "lchown32", "lchown"), (199, "getuid32", "getuid"), (200, "getgid32", "getgid"),
        (201, "geteuid32", "geteuid"), (202, "getegid32", "getegid"), (205, "getgroups32", "getgroups"), (207, "fchown32", "fchown"),
        (209, "getresuid32", "getresuid"), (211, "getresgid32", "getresgid"), (212, "chown32", "chown"), (213, "setuid32", "setuid"),
        (214, "setgid32", "setgid"), (218, "mincore", null), (219, "madvise", null), (220, "getdents64", null), (221, "fcntl64", "fcntl"),
        (224, "gettid", null), (238, "tkill", null), (239, "sendfile64", "sendfile"), (252, "exit_group", null), (254, "epoll_create", null),
        (255, "epoll_ctl", null), (256, "epoll_wait", null), (258, "set_tid_address", null), (270, "tgkill", null), (295, "openat", null),
        (296, "mkdirat", null), (298, "fchownat", null), (301, "unlinkat", null), (302, "renameat", null), (303, "linkat", null),
        (304, "symlinkat", null), (305, "readlinkat", null), (306, "fchmodat", null), (307, "faccessat", null), (318, "getcpu", null),
        (319, "epoll_pwait", null), (323, "eventfd", null), (328, "eventfd2", null), (329, "epoll_create1", null), (330, "dup3", null),
        (331, "pipe2", null), (340, "prlimit64", null), (353, "renameat2", null), (355, "getrandom", null), (356, "memfd_create", null),
        (359, "socket", null), (360, "socketpair", null), (361, "bind", null), (362, "connect", null), (363, "listen", null), (364, "accept4", null),
        (365, "getsockopt", null), (366, "setsockopt", null), (367, "getsockname", null), (368, "getpeername", null), (369, "sendto", null),
        (371, "recvfrom", null), (373, "shutdown", null), (375, "membarrier", null), (376, "mlock2", null), (383, "statx", null),
        (403, "clock_gettime64", "clock_gettime"), (406, "clock_getres_time64", "clock_getres"), (407, "clock_nanosleep_time64", "clock_nanosleep"),
        (412, "utimensat_time64", "utimensat"), (414, "ppoll_time64", "ppoll"), (422, "futex_time64", "futex"), (436, "close_range", null),
        (439, "faccessat2", null),
    ];

    /// <summary>Calls with a meaning or a struct of their own.</summary>
    private static readonly SyscallRow[] Own =
    [
        new(7, "waitpid", "dpx", CompatSyscalls.WaitPid, Support.Full, ""),
        new(13, "time", "p", CompatSyscalls.Time, Support.Full, "32 bits."),
        new(19, "lseek", "ddd", CompatSyscalls.Seek, Support.Full, ""),
        new(43, "times", "p", CompatSyscalls.Times, Support.Full, ""),
        new(55, "fcntl", "ddx", DescriptorSyscalls.FcntlOld, Support.Partial, "As on x86-64; locks of 64 bits are fcntl64's."),
        new(77, "getrusage", "dp", CompatSyscalls.GetRusage, Support.Partial, "As on x86-64."),
        new(78, "gettimeofday", "pp", CompatSyscalls.GetTimeOfDay, Support.Full, ""),
        new(90, "mmap", "p", CompatSyscalls.MmapOld, Support.Partial, "Six arguments in memory.") { Price = KernelPath.Mmap, Answer = RaxMeaning.Address },
        new(92, "truncate", "sd", CompatSyscalls.Truncate, Support.Full, ""),
        new(93, "ftruncate", "dd", CompatSyscalls.FTruncate, Support.Full, ""),
        new(102, "socketcall", "dp", CompatSyscalls.SocketCall, Support.Partial, "The calls about sockets that are here."),
        new(106, "stat", "sp", CompatStat.Stat, Support.Full, ""),
        new(107, "lstat", "sp", CompatStat.LStat, Support.Full, ""),
        new(108, "fstat", "dp", CompatStat.FStat, Support.Full, ""),
        new(114, "wait4", "dpxp", CompatSyscalls.Wait4, Support.Full, ""),
        new(120, "clone", "xpppp", CompatSyscalls.Clone, Support.Partial, "ENOSYS with CLONE_SETTLS: there are no segments for threads.") { Price = KernelPath.Fork },
        new(140, "_llseek", "duupd", CompatSyscalls.SeekFar, Support.Full, ""),
        new(162, "nanosleep", "pp", CompatSyscalls.Narrow(TimeSyscalls.NanoSleep), Support.Full, ""),
        new(180, "pread64", "dpuuu", CompatSyscalls.PRead, Support.Full, ""),
        new(181, "pwrite64", "dpuuu", CompatSyscalls.PWrite, Support.Full, ""),
        new(192, "mmap2", "puPMdu", CompatSyscalls.Mmap2, Support.Partial, "Below 4 GiB; the offset is in pages.") { Price = KernelPath.Mmap, Answer = RaxMeaning.Address },
        new(193, "truncate64", "suu", CompatSyscalls.TruncateFar, Support.Full, ""),
        new(194, "ftruncate64", "duu", CompatSyscalls.FTruncateFar, Support.Full, ""),
        new(195, "stat64", "sp", CompatStat.Stat64, Support.Full, ""),
        new(196, "lstat64", "sp", CompatStat.LStat64, Support.Full, ""),
        new(197, "fstat64", "dp", CompatStat.FStat64, Support.Full, ""),
        new(240, "futex", "pdupp", CompatSyscalls.Narrow(FutexSyscalls.Futex), Support.Partial, "As on x86-64."),
        new(250, "alloc_hugepages", "dpupx", HugeMapping.Alloc, Support.Proposed, "Linux 2.5.36 to 2.5.53 only; ENOSYS without the profile's word hugecalls."),
        new(251, "free_hugepages", "p", HugeMapping.Free, Support.Proposed, "As alloc_hugepages."),
        new(265, "clock_gettime", "dp", CompatSyscalls.Narrow(TimeSyscalls.ClockGetTime), Support.Full, ""),
        new(266, "clock_getres", "dp", CompatSyscalls.Narrow(TimeSyscalls.ClockGetRes), Support.Full, ""),
        new(267, "clock_nanosleep", "ddpp", CompatSyscalls.Narrow(TimeSyscalls.ClockNanoSleep), Support.Full, ""),
        new(300, "fstatat64", "Dspx", CompatStat.FStatAt64, Support.Full, ""),
        new(309, "ppoll", "pupp", CompatSyscalls.Narrow(PollSyscalls.PPoll), Support.Full, ""),
    ];

    private static readonly SyscallRow?[] ByNumber = Index();

    /// <summary>True for the number of a call that came through <c>int $0x80</c>.</summary>
    public static bool IsCompat(ulong number) => number >= FirstNumber;

    /// <summary>The row of a number, or null.</summary>
    public static SyscallRow? Find(ulong number) => number - FirstNumber < Numbers ? ByNumber[number - FirstNumber] : null;

    private static SyscallRow?[] Index()
    {
        SyscallRow?[] rows = new SyscallRow?[Numbers];
        foreach ((int eax, string name, string? row) in Twins)
        {
            rows[eax] = SyscallTable.Find(row ?? name)! with { Number = FirstNumber + (ulong)eax, Name = name };
        }

        foreach (SyscallRow row in Own)
        {
            rows[row.Number] = row with { Number = FirstNumber + row.Number };
        }

        return rows;
    }
}
