using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Story;

namespace MmuEmu.Kernel.Syscalls;

/// <summary>The system calls this kernel answers, in number order; anything absent answers ENOSYS.</summary>
/// <remarks>
/// Source of the numbers: [Linux arch/x86/entry/syscalls/syscall_64.tbl]; those of proposals are their postings' own. A number stands here, and where
/// two meanings share it in <see cref="ProposalTable"/>, and nowhere else: who means a call elsewhere names it.
/// </remarks>
public static class SyscallTable
{
    private static readonly SyscallRow[] Table =
    [
        //  nr   name              arguments  handler                            support            note    price, history and answer of the few that have them
        new(0, "read", "dpu", TransferSyscalls.Read, Support.Full, ""),
        new(1, "write", "dpu", TransferSyscalls.Write, Support.Full, ""),
        new(2, "open", "sOo", OpenSyscalls.Open, Support.Partial, "Host files are read only: a file opened for writing becomes a copy in RAM."),
        new(3, "close", "d", OpenSyscalls.Close, Support.Full, ""),
        new(4, "stat", "sp", StatSyscalls.Stat, Support.Full, "Everything belongs to root."),
        new(5, "fstat", "dp", StatSyscalls.FStat, Support.Full, ""),
        new(6, "lstat", "sp", StatSyscalls.LStat, Support.Full, ""),
        new(7, "poll", "pud", PollSyscalls.Poll, Support.Full, "Standard streams that are no terminals are always ready."),
        new(8, "lseek", "ddd", OpenSyscalls.Seek, Support.Full, "Holes are those of pages; a file of the host has one, at its end."),
        new(9, "mmap", "puPMdx", MemorySyscalls.Mmap, Support.Full, "Huge pages from the pool; no file has MAP_SYNC.") { Price = KernelPath.Mmap, Answer = RaxMeaning.Address, ChangesMappings = true },
        new(10, "mprotect", "puP", MemorySyscalls.Mprotect, Support.Full, "") { Price = KernelPath.Mprotect, InHistory = true, ChangesMappings = true },
        new(11, "munmap", "pu", MemorySyscalls.Munmap, Support.Full, "") { Price = KernelPath.Munmap, InHistory = true, ChangesMappings = true },
        new(12, "brk", "p", MemorySyscalls.Break, Support.Full, "") { Price = KernelPath.Mmap, Answer = RaxMeaning.Break, ChangesMappings = true },
        new(13, "rt_sigaction", "Sppu", SignalSyscalls.Action, Support.Full, ""),
        new(14, "rt_sigprocmask", "dppu", SignalSyscalls.ProcMask, Support.Full, ""),
        new(15, "rt_sigreturn", "", SignalSyscalls.Return, Support.Full, "Restores the FXSAVE image, and the XSAVE area behind it when the program has XSAVE.") { Price = KernelPath.SignalReturn },
        new(16, "ioctl", "dxp", DescriptorSyscalls.Ioctl, Support.Partial, "FIONREAD, FIONBIO; on terminals TCGETS, TCSETS and kin, TCFLSH, TIOCGWINSZ, TIOCGPGRP, TIOCSPGRP, TIOCGSID."),
        new(17, "pread64", "dpuu", TransferSyscalls.PRead, Support.Full, ""),
        new(18, "pwrite64", "dpuu", TransferSyscalls.PWrite, Support.Full, ""),
        new(19, "readv", "dpu", TransferSyscalls.ReadV, Support.Full, ""),
        new(20, "writev", "dpu", TransferSyscalls.WriteV, Support.Full, ""),
        new(21, "access", "so", StatSyscalls.Access, Support.Full, "Asked as root."),
        new(22, "pipe", "p", DescriptorSyscalls.Pipe, Support.Full, ""),
        new(23, "select", "dpppp", PollSyscalls.Select, Support.Partial, "The time left is not written back."),
        new(24, "sched_yield", "", ScheduleSyscalls.Yield, Support.Full, ""),
        new(25, "mremap", "puuxp", MemorySyscalls.Mremap, Support.Full, "") { Price = KernelPath.Mremap, Answer = RaxMeaning.Address, ChangesMappings = true },
        new(26, "msync", "pux", MemorySyscalls.Msync, Support.Full, "Nothing has to be written: files of memory are their own storage."),
        new(27, "mincore", "pup", MemorySyscalls.MinCore, Support.Full, ""),
        new(28, "madvise", "puA", MemorySyscalls.Madvise, Support.Partial, "Linux's advice but for huge pages and poison, and that of proposals: see below.") { Price = KernelPath.Madvise, InHistory = true },
        new(29, "shmget", "duo", SegmentSyscalls.Get, Support.Full, ""),
        new(30, "shmat", "dpx", SegmentSyscalls.Attach, Support.Full, ""),
        new(31, "shmctl", "ddp", SegmentSyscalls.Control, Support.Partial, "IPC_RMID and IPC_STAT."),
        new(32, "dup", "d", DescriptorSyscalls.Dup, Support.Full, ""),
        new(33, "dup2", "dd", DescriptorSyscalls.Dup2, Support.Full, ""),
        new(34, "pause", "", SignalSyscalls.Pause, Support.Full, ""),
        new(35, "nanosleep", "pp", TimeSyscalls.NanoSleep, Support.Full, "In virtual time: one nanosecond an instruction, and jumps while all sleep."),
        new(36, "getitimer", "dp", TimeSyscalls.GetITimer, Support.Partial, "ITIMER_REAL."),
        new(37, "alarm", "u", TimeSyscalls.Alarm, Support.Full, ""),
        new(38, "setitimer", "dpp", TimeSyscalls.SetITimer, Support.Partial, "ITIMER_REAL."),
        new(39, "getpid", "", IdentitySyscalls.GetPid, Support.Full, "The first process is 1000."),
        new(40, "sendfile", "ddpu", SendFileSyscalls.SendFile, Support.Full, ""),
        new(41, "socket", "ddd", SocketSyscalls.Socket, Support.Partial, "Streams of AF_UNIX and AF_INET within the run; there is no network."),
        new(42, "connect", "dpu", SocketSyscalls.Connect, Support.Full, ""),
        new(43, "accept", "dpp", SocketSyscalls.Accept, Support.Full, ""),
        new(44, "sendto", "dpuxpu", SocketSyscalls.SendTo, Support.Partial, "MSG_NOSIGNAL and MSG_DONTWAIT."),
        new(45, "recvfrom", "dpuxpp", SocketSyscalls.ReceiveFrom, Support.Partial, "MSG_NOSIGNAL and MSG_DONTWAIT."),
        new(48, "shutdown", "dd", SocketSyscalls.ShutDown, Support.Full, ""),
        new(49, "bind", "dpu", SocketSyscalls.Bind, Support.Full, ""),
        new(50, "listen", "dd", SocketSyscalls.Listen, Support.Full, ""),
        new(51, "getsockname", "dpp", SocketSyscalls.GetSockName, Support.Full, ""),
        new(52, "getpeername", "dpp", SocketSyscalls.GetPeerName, Support.Full, ""),
        new(53, "socketpair", "dddp", SocketSyscalls.SocketPair, Support.Full, ""),
        new(54, "setsockopt", "dddpu", SocketSyscalls.SetOption, Support.Accepted, "Options of a network have no effect."),
        new(55, "getsockopt", "dddpp", SocketSyscalls.GetOption, Support.Partial, "SO_TYPE; every other option is 0."),
        new(56, "clone", "xpppp", ThreadSyscalls.Clone, Support.Partial, "Processes, also sharing memory, and threads as every libc makes them; processes that share descriptors or actions answer ENOSYS, namespaces EINVAL.") { Price = KernelPath.Fork },
        new(57, "fork", "", ThreadSyscalls.Fork, Support.Full, "") { Price = KernelPath.Fork },
        new(58, "vfork", "", ThreadSyscalls.VFork, Support.Full, "") { Price = KernelPath.Fork },
        new(59, "execve", "spp", ProcessSyscalls.Execve, Support.Partial, "Static programs and scripts."),
        new(60, "exit", "d", ThreadSyscalls.Exit, Support.Full, "Of the thread."),
        new(61, "wait4", "dpxp", ProcessSyscalls.Wait4, Support.Full, ""),
        new(62, "kill", "dS", SendSyscalls.Kill, Support.Full, ""),
        new(63, "uname", "p", ArchSyscalls.Uname, Support.Full, ""),
        new(67, "shmdt", "p", SegmentSyscalls.Detach, Support.Full, ""),
        new(72, "fcntl", "ddx", DescriptorSyscalls.Fcntl, Support.Partial, "Descriptors, flags, seals and locks; no leases, no signals."),
        new(73, "flock", "dd", LockSyscalls.Flock, Support.Full, "Nobody outside of the run holds a lock, nor sees one."),
        new(74, "fsync", "d", DescriptorSyscalls.Fsync, Support.Full, "What is written is where it stays."),
        new(75, "fdatasync", "d", DescriptorSyscalls.Fsync, Support.Full, "As fsync."),
        new(76, "truncate", "sd", OpenSyscalls.Truncate, Support.Full, ""),
        new(77, "ftruncate", "dd", OpenSyscalls.FTruncate, Support.Full, ""),
        new(79, "getcwd", "pu", NameSyscalls.GetCwd, Support.Full, ""),
        new(80, "chdir", "s", NameSyscalls.Chdir, Support.Full, ""),
        new(81, "fchdir", "d", NameSyscalls.FChdir, Support.Full, ""),
        new(82, "rename", "ss", NameSyscalls.Rename, Support.Full, ""),
        new(83, "mkdir", "so", NameSyscalls.Mkdir, Support.Full, ""),
        new(84, "rmdir", "s", NameSyscalls.Rmdir, Support.Full, ""),
        new(85, "creat", "so", OpenSyscalls.Creat, Support.Full, ""),
        new(86, "link", "ss", NameSyscalls.Link, Support.Full, ""),
        new(87, "unlink", "s", NameSyscalls.Unlink, Support.Full, ""),
        new(88, "symlink", "ss", NameSyscalls.Symlink, Support.Full, ""),
        new(89, "readlink", "spu", StatSyscalls.ReadLink, Support.Full, ""),
        new(90, "chmod", "so", NameSyscalls.Chmod, Support.Full, ""),
        new(91, "fchmod", "do", NameSyscalls.FChmod, Support.Full, ""),
        new(92, "chown", "sdd", NameSyscalls.Chown, Support.Accepted, "There is one user."),
        new(93, "fchown", "ddd", NameSyscalls.FChown, Support.Accepted, "There is one user."),
        new(94, "lchown", "sdd", NameSyscalls.Chown, Support.Accepted, "There is one user."),
        new(95, "umask", "o", NameSyscalls.Umask, Support.Full, ""),
        new(96, "gettimeofday", "pp", TimeSyscalls.GetTimeOfDay, Support.Full, "Virtual: 2024-01-01 00:00 UTC plus a nanosecond an instruction."),
        new(97, "getrlimit", "dp", ArchSyscalls.GetRlimit, Support.Full, ""),
        new(98, "getrusage", "dp", UsageSyscalls.GetRusage, Support.Partial, "User time, the highest resident size, minor and major faults; system time is 0, as the kernel's work takes no T."),
        new(99, "sysinfo", "p", ArchSyscalls.Sysinfo, Support.Full, ""),
        new(100, "times", "p", TimeSyscalls.Times, Support.Full, ""),
        new(102, "getuid", "", IdentitySyscalls.Root, Support.Full, "Root."),
        new(104, "getgid", "", IdentitySyscalls.Root, Support.Full, "Root."),
        new(105, "setuid", "d", IdentitySyscalls.SetRoot, Support.Partial, "There is one user: other ids answer EPERM."),
        new(106, "setgid", "d", IdentitySyscalls.SetRoot, Support.Partial, "As setuid."),
        new(107, "geteuid", "", IdentitySyscalls.Root, Support.Full, "Root."),
        new(108, "getegid", "", IdentitySyscalls.Root, Support.Full, "Root."),
        new(109, "setpgid", "dd", IdentitySyscalls.SetPgid, Support.Full, ""),
        new(110, "getppid", "", IdentitySyscalls.GetPPid, Support.Full, "1 for the first process and for orphans."),
        new(111, "getpgrp", "", IdentitySyscalls.GetPgrp, Support.Full, ""),
        new(112, "setsid", "", IdentitySyscalls.SetSid, Support.Full, ""),
        new(115, "getgroups", "dp", IdentitySyscalls.GetGroups, Support.Full, "Root's group."),
        new(118, "getresuid", "ppp", IdentitySyscalls.GetThree, Support.Full, "Root."),
        new(120, "getresgid", "ppp", IdentitySyscalls.GetThree, Support.Full, "Root."),
        new(121, "getpgid", "d", IdentitySyscalls.GetPgid, Support.Full, ""),
        new(124, "getsid", "d", IdentitySyscalls.GetSid, Support.Full, ""),
        new(125, "capget", "pp", IdentitySyscalls.CapGet, Support.Full, "Root has all."),
        new(127, "rt_sigpending", "pu", SignalSyscalls.Pending, Support.Full, ""),
        new(128, "rt_sigtimedwait", "pppu", SignalSyscalls.TimedWait, Support.Full, ""),
        new(129, "rt_sigqueueinfo", "dSp", SendSyscalls.QueueInfo, Support.Full, ""),
        new(130, "rt_sigsuspend", "pu", SignalSyscalls.Suspend, Support.Full, ""),
        new(131, "sigaltstack", "pp", SignalSyscalls.AlternateStack, Support.Full, ""),
        new(132, "utime", "sp", FileTimeSyscalls.UTime, Support.Full, ""),
        new(135, "personality", "x", ArchSyscalls.Personality, Support.Partial, "Linux's own only."),
        new(137, "statfs", "sp", FileSystemSyscalls.StatFs, Support.Full, "By mount; inodes are not counted."),
        new(138, "fstatfs", "dp", FileSystemSyscalls.FStatFs, Support.Full, "As statfs."),
        new(142, "sched_setparam", "dp", ScheduleSyscalls.SetParam, Support.Partial, "Priority 0."),
        new(143, "sched_getparam", "dp", ScheduleSyscalls.GetParam, Support.Full, ""),
        new(144, "sched_setscheduler", "ddp", ScheduleSyscalls.SetScheduler, Support.Partial, "SCHED_OTHER, SCHED_BATCH and SCHED_IDLE, which are one; real time answers EPERM."),
        new(145, "sched_getscheduler", "d", ScheduleSyscalls.GetScheduler, Support.Full, "SCHED_OTHER."),
        new(146, "sched_get_priority_max", "d", ScheduleSyscalls.PriorityLimit, Support.Partial, "No real time."),
        new(147, "sched_get_priority_min", "d", ScheduleSyscalls.PriorityLimit, Support.Partial, "No real time."),
        new(149, "mlock", "pu", MemorySyscalls.Mlock, Support.Full, ""),
        new(150, "munlock", "pu", MemorySyscalls.Munlock, Support.Full, ""),
        new(151, "mlockall", "x", MemorySyscalls.MlockAll, Support.Partial, "MCL_ONFAULT fills the pages at once."),
        new(152, "munlockall", "", MemorySyscalls.MunlockAll, Support.Full, ""),
        new(157, "prctl", "dxxxx", ArchSyscalls.Prctl, Support.Partial, "Name, dumpable, no_new_privs, THP_DISABLE."),
        new(158, "arch_prctl", "xp", ArchSyscalls.ArchPrctl, Support.Partial, "FS and GS base."),
        new(160, "setrlimit", "dp", ArchSyscalls.SetRlimit, Support.Partial, "Limits of memory act; the others are told as they are."),
        new(186, "gettid", "", ThreadSyscalls.GetTid, Support.Full, ""),
        new(188, "setxattr", "sspux", AttributeSyscalls.OfPath, Support.Refused, "EOPNOTSUPP: as on a file system without attributes."),
        new(189, "lsetxattr", "sspux", AttributeSyscalls.OfLink, Support.Refused, "EOPNOTSUPP: as on a file system without attributes."),
        new(190, "fsetxattr", "dspux", AttributeSyscalls.OfFile, Support.Refused, "EOPNOTSUPP: as on a file system without attributes."),
        new(191, "getxattr", "sspu", AttributeSyscalls.OfPath, Support.Refused, "EOPNOTSUPP: as on a file system without attributes."),
        new(192, "lgetxattr", "sspu", AttributeSyscalls.OfLink, Support.Refused, "EOPNOTSUPP: as on a file system without attributes."),
        new(193, "fgetxattr", "dspu", AttributeSyscalls.OfFile, Support.Refused, "EOPNOTSUPP: as on a file system without attributes."),
        new(194, "listxattr", "spu", AttributeSyscalls.ListOfPath, Support.Full, "No file has attributes."),
        new(195, "llistxattr", "spu", AttributeSyscalls.ListOfLink, Support.Full, "No file has attributes."),
        new(196, "flistxattr", "dpu", AttributeSyscalls.ListOfFile, Support.Full, "No file has attributes."),
        new(197, "removexattr", "ss", AttributeSyscalls.OfPath, Support.Refused, "EOPNOTSUPP: as on a file system without attributes."),
        new(198, "lremovexattr", "ss", AttributeSyscalls.OfLink, Support.Refused, "EOPNOTSUPP: as on a file system without attributes."),
        new(199, "fremovexattr", "ds", AttributeSyscalls.OfFile, Support.Refused, "EOPNOTSUPP: as on a file system without attributes."),
        new(200, "tkill", "dS", SendSyscalls.TKill, Support.Full, ""),
        new(201, "time", "p", TimeSyscalls.Time, Support.Full, "Virtual."),
        new(202, "futex", "pdupp", FutexSyscalls.Futex, Support.Partial, "All but FUTEX_WAIT_REQUEUE_PI, FUTEX_CMP_REQUEUE_PI and FUTEX_FD, which answer ENOSYS; no priority is inherited."),
        new(203, "sched_setaffinity", "dup", ScheduleSyscalls.SetAffinity, Support.Full, ""),
        new(204, "sched_getaffinity", "dup", ScheduleSyscalls.GetAffinity, Support.Full, ""),
        new(213, "epoll_create", "d", EventSyscalls.EPollCreate, Support.Full, ""),
        new(217, "getdents64", "dpu", OpenSyscalls.GetDents, Support.Full, "Entries are sorted by name."),
        new(218, "set_tid_address", "p", ThreadSyscalls.SetTidAddress, Support.Full, ""),
        new(221, "fadvise64", "dxxd", Refusals.Accept, Support.Accepted, "Host files have no read-ahead to advise."),
        new(222, "timer_create", "dpp", TimerSyscalls.Create, Support.Full, "Every clock is the virtual one."),
        new(223, "timer_settime", "ddpp", TimerSyscalls.SetTime, Support.Full, ""),
        new(224, "timer_gettime", "dp", TimerSyscalls.GetTime, Support.Full, ""),
        new(225, "timer_getoverrun", "d", TimerSyscalls.GetOverrun, Support.Full, ""),
        new(226, "timer_delete", "d", TimerSyscalls.Delete, Support.Full, ""),
        new(228, "clock_gettime", "dp", TimeSyscalls.ClockGetTime, Support.Full, "Virtual."),
        new(229, "clock_getres", "dp", TimeSyscalls.ClockGetRes, Support.Full, "1 ns."),
        new(230, "clock_nanosleep", "ddpp", TimeSyscalls.ClockNanoSleep, Support.Full, "Virtual."),
        new(231, "exit_group", "d", ThreadSyscalls.ExitGroup, Support.Full, ""),
        new(232, "epoll_wait", "dpdd", EventSyscalls.EPollWait, Support.Full, ""),
        new(233, "epoll_ctl", "dddp", EventSyscalls.EPollControl, Support.Full, ""),
        new(234, "tgkill", "ddS", SendSyscalls.TgKill, Support.Full, ""),
        new(235, "utimes", "sp", FileTimeSyscalls.UTimes, Support.Full, ""),
        new(247, "waitid", "ddpxp", ProcessSyscalls.WaitId, Support.Full, ""),
        new(257, "openat", "DsOo", OpenSyscalls.OpenAt, Support.Partial, "As open."),
        new(258, "mkdirat", "Dso", NameSyscalls.MkdirAt, Support.Full, ""),
        new(260, "fchownat", "Dsddx", NameSyscalls.FChownAt, Support.Accepted, "There is one user."),
        new(261, "futimesat", "Dsp", FileTimeSyscalls.FUTimesAt, Support.Full, ""),
        new(262, "newfstatat", "Dspx", StatSyscalls.FStatAt, Support.Full, ""),
        new(263, "unlinkat", "Dsx", NameSyscalls.UnlinkAt, Support.Full, ""),
        new(264, "renameat", "DsDs", NameSyscalls.RenameAt, Support.Full, ""),
        new(265, "linkat", "DsDsx", NameSyscalls.LinkAt, Support.Full, ""),
        new(266, "symlinkat", "sDs", NameSyscalls.SymlinkAt, Support.Full, ""),
        new(267, "readlinkat", "Dspu", StatSyscalls.ReadLinkAt, Support.Full, ""),
        new(268, "fchmodat", "Dso", NameSyscalls.ChmodAt, Support.Full, ""),
        new(269, "faccessat", "Dso", StatSyscalls.FAccessAtOld, Support.Full, ""),
        new(270, "pselect6", "dppppp", PollSyscalls.PSelect, Support.Full, ""),
        new(271, "ppoll", "pupp", PollSyscalls.PPoll, Support.Full, ""),
        new(273, "set_robust_list", "pu", ThreadSyscalls.SetRobustList, Support.Full, ""),
        new(274, "get_robust_list", "dpp", ThreadSyscalls.GetRobustList, Support.Full, ""),
        new(280, "utimensat", "Dspx", FileTimeSyscalls.UTimensAt, Support.Full, ""),
        new(281, "epoll_pwait", "dpddp", EventSyscalls.EPollPWait, Support.Full, ""),
        new(284, "eventfd", "u", EventSyscalls.EventFd, Support.Full, ""),
        new(285, "fallocate", "dxuu", FallocateSyscalls.Fallocate, Support.Full, "As tmpfs has it: FALLOC_FL_KEEP_SIZE and FALLOC_FL_PUNCH_HOLE; other modes answer EOPNOTSUPP."),
        new(288, "accept4", "dppx", SocketSyscalls.Accept4, Support.Full, ""),
        new(290, "eventfd2", "uO", EventSyscalls.EventFd2, Support.Full, ""),
        new(291, "epoll_create1", "O", EventSyscalls.EPollCreate1, Support.Full, ""),
        new(292, "dup3", "ddO", DescriptorSyscalls.Dup3, Support.Full, ""),
        new(293, "pipe2", "pO", DescriptorSyscalls.Pipe2, Support.Full, ""),
        new(295, "preadv", "dpuu", PositionedVectors.Read, Support.Full, ""),
        new(296, "pwritev", "dpuu", PositionedVectors.Write, Support.Full, ""),
        new(297, "rt_tgsigqueueinfo", "ddSp", SendSyscalls.QueueThreadInfo, Support.Full, ""),
        new(302, "prlimit64", "ddpp", ArchSyscalls.Prlimit, Support.Partial, "Of the caller itself."),
        new(309, "getcpu", "ppp", ScheduleSyscalls.GetCpu, Support.Full, "One node."),
        new(314, "sched_setattr", "dpx", SchedulingAttributes.Set, Support.Partial, "SCHED_OTHER, SCHED_BATCH and SCHED_IDLE, which are one; real time and deadlines answer EPERM."),
        new(316, "renameat2", "DsDsx", NameSyscalls.RenameAt2, Support.Partial, "No RENAME_WHITEOUT."),
        new(317, "seccomp", "uxp", SecureComputing.Call, Support.Partial, "SECCOMP_GET_ACTION_AVAIL finds none; modes answer ENOSYS, as without CONFIG_SECCOMP."),
        new(318, "getrandom", "pux", ArchSyscalls.GetRandom, Support.Full, "From the run's seed."),
        new(319, "memfd_create", "sx", SealSyscalls.MemFdCreate, Support.Partial, "No huge pages."),
        new(321, "bpf", "dpu", Refusals.Unprivileged, Support.Refused, "EPERM: as without privilege."),
        new(324, "membarrier", "dxd", ScheduleSyscalls.MemBarrier, Support.Full, "Memory is sequentially consistent: every barrier holds at once. No command for rseq."),
        new(325, "mlock2", "pux", MemorySyscalls.Mlock2, Support.Partial, "MLOCK_ONFAULT fills the pages at once."),
        new(327, "preadv2", "dpuuux", PositionedVectors.Read2, Support.Full, "RWF_HIPRI, RWF_DSYNC, RWF_SYNC, RWF_NOWAIT: nothing waits for a disk."),
        new(328, "pwritev2", "dpuuux", PositionedVectors.Write2, Support.Full, "As preadv2, and RWF_APPEND."),
        new(330, "pkey_alloc", "xx", Refusals.NoKey, Support.Refused, "ENOSPC: as on a processor without protection keys."),
        new(332, "statx", "Dsxxp", StatSyscalls.StatX, Support.Full, ""),
        new(334, "rseq", "puxx", Refusals.NoSuchCall, Support.Refused, "ENOSYS: libraries go on without it."),
        new(435, "clone3", "pu", ThreadSyscalls.Clone3, Support.Partial, "As clone."),
        new(436, "close_range", "uux", OpenSyscalls.CloseRange, Support.Full, ""),
        new(439, "faccessat2", "Dsox", StatSyscalls.FAccessAt, Support.Full, ""),
        new(0x4D4D_5500, "mmuemu_present", "", EmulatorSyscalls.Present, Support.Emulator, "Says that this is MmuEmu."),
        new(0x4D4D_5501, "mmuemu_mark", "s", EmulatorSyscalls.Mark, Support.Emulator, "Puts a mark into the trace."),
        new(0x4D4D_5502, "mmuemu_reclaim", "u", EmulatorSyscalls.Reclaim, Support.Emulator, "Memory pressure now."),
        new(0x4D4D_5503, "mmuemu_purge", "pu", EmulatorSyscalls.Purge, Support.Emulator, "Purges volatile and discards lazily freed pages."),
        new(0x4D4D_5504, "mmuemu_age", "", EmulatorSyscalls.Age, Support.Emulator, "Lets memory grow older."),
        new(0x4D4D_5505, "mmuemu_expect_fault", "p", EmulatorSyscalls.ExpectFault, Support.Emulator, "Claims where the next fault signal comes."),
    ];

    // Where the claim of a proposal is in force, its row answers instead; the claims are ProposalTable's.
    private static readonly SyscallRow[] ProposedTable =
    [
        new(314, "vrange", "puVV", MemorySyscalls.Vrange, Support.Proposed, "Posted 2013 and 2014, to v10.") { Proposal = Proposals.Vrange, Price = KernelPath.Vrange, InHistory = true },
        new(315, "mvrange", "puFB", FileVrangeCalls.Mvrange, Support.Proposed, "Discussed in April 2013, never numbered.") { Proposal = Proposals.FileVrange, Price = KernelPath.Vrange, InHistory = true },
        new(316, "vrange", "puVVV", MemorySyscalls.Vrange, Support.Proposed, "Posted 2014, v11 and v12.") { Proposal = Proposals.Vrange, Price = KernelPath.Vrange, InHistory = true },
        new(316, "mvolatile", "puVVV", MemorySyscalls.Vrange, Support.Proposed, "Posted 2014, v13.") { Proposal = Proposals.Vrange, Naming = 1, Price = KernelPath.Vrange, InHistory = true },
        new(320, "fvrange", "duuFB", FileVrangeCalls.Fvrange, Support.Proposed, "Discussed in April 2013, never numbered.") { Proposal = Proposals.FileVrange, Price = KernelPath.Vrange },
        new(321, "remap_anon_pages", "ppux", MemorySyscalls.RemapAnon, Support.Proposed, "Posted 2013 and 2014.") { Proposal = Proposals.UserFault, Price = KernelPath.Mremap },
    ];

    // By number, as far as Linux's own numbers go.
    private static readonly SyscallRow?[] LowNumbers = ByNumber(512);

    /// <summary>The rows of Linux and of the emulator.</summary>
    internal static IReadOnlyList<SyscallRow> Rows => Table;

    /// <summary>The rows of proposals, whose numbers Linux has for something else.</summary>
    internal static IReadOnlyList<SyscallRow> Proposed => ProposedTable;

    /// <summary>The row of a number as it is meant by <paramref name="meanings"/>, or null.</summary>
    internal static SyscallRow? Find(ulong number, NumberMeanings meanings) =>
        meanings.IsLinux && number < (ulong)LowNumbers.Length ? LowNumbers[number] : FindClaimed(number, meanings);

    private static SyscallRow? FindClaimed(ulong number, NumberMeanings meanings)
    {
        if (meanings.Find(NumberKind.Syscall, number) is { } claim)
        {
            foreach (SyscallRow row in ProposedTable)
            {
                if (row.Number == number && row.Proposal == claim.Proposal && row.Name == claim.Proposed)
                {
                    return row;
                }
            }
        }

        return Find(number);
    }

    /// <summary>The row of a number on Linux, or null.</summary>
    internal static SyscallRow? Find(ulong number)
    {
        if (number < (ulong)LowNumbers.Length)
        {
            return LowNumbers[number];
        }

        if (CompatTable.IsCompat(number))
        {
            return CompatTable.Find(number);
        }

        (int low, int high) = (0, Table.Length - 1);
        while (low <= high)
        {
            int middle = (low + high) / 2;
            if (Table[middle].Number == number)
            {
                return Table[middle];
            }

            (low, high) = Table[middle].Number < number ? (middle + 1, high) : (low, middle - 1);
        }

        return null;
    }

    /// <summary>True when a system call of Linux or of a proposal has that name.</summary>
    public static bool Has(string name) => Find(name) is not null;

    /// <summary>The row of a name, or null.</summary>
    internal static SyscallRow? Find(string name) => Find(Table, name) ?? Find(ProposedTable, name);

    private static SyscallRow? Find(SyscallRow[] rows, string name)
    {
        foreach (SyscallRow row in rows)
        {
            if (row.Name == name)
            {
                return row;
            }
        }

        return null;
    }

    /// <summary>What a number is called, also when nobody answers it.</summary>
    /// <param name="number">Linux's, or with bit 40 set a proposal's, as causes and histories tell it.</param>
    public static string NameOf(ulong number)
    {
        foreach (SyscallRow row in ProposedTable)
        {
            if (row.Id == number)
            {
                return row.Name;
            }
        }

        return Find(number)?.Name ?? (CompatTable.IsCompat(number) ? $"i386_syscall_{(uint)number}" : $"syscall_{number}");
    }

    private static SyscallRow?[] ByNumber(int count)
    {
        SyscallRow?[] rows = new SyscallRow?[count];
        foreach (SyscallRow row in Table)
        {
            if (row.Number < (ulong)count)
            {
                rows[row.Number] = row;
            }
        }

        return rows;
    }

    /// <summary>Calls that answer the same whatever they are given.</summary>
    private static class Refusals
    {
        public static SyscallOutcome NoSuchCall(in SyscallCall call) => Errno.ENOSYS;

        /// <summary>Whoever means the proposal of that number is told.</summary>
        public static SyscallOutcome Unprivileged(in SyscallCall call)
        {
            OtherMeaning.TellOfRange(call);
            return Errno.EPERM;
        }

        public static SyscallOutcome NoKey(in SyscallCall call) => Errno.ENOSPC;

        public static SyscallOutcome Accept(in SyscallCall call) => Errno.None;
    }
}
