using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Life;

namespace MmuEmu.Kernel.Syscalls;

/// <summary>Calls of <c>int $0x80</c> whose arguments or structs are not those of x86-64.</summary>
/// <remarks>Source: [Linux arch/x86/kernel/sys_ia32.c; kernel/compat.c, fs/open.c, fs/read_write.c, net/compat.c, compat entries].</remarks>
internal static class CompatSyscalls
{
    private const ulong Second = 1_000_000_000;
    private const ulong TickNs = 10_000_000;
    private const int MmapWords = 6;

    /// <summary>The calls of socketcall(2) from 1 on, with the number of their arguments; null for what is not here.</summary>
    private static readonly (string? Name, int Words)[] Sockets =
    [
        ("socket", 3), ("bind", 3), ("connect", 3), ("listen", 2), ("accept", 3), ("getsockname", 3), ("getpeername", 3), ("socketpair", 4),
        ("sendto", 4), ("recvfrom", 4), ("sendto", 6), ("recvfrom", 6), ("shutdown", 2), ("setsockopt", 5), ("getsockopt", 5),
        (null, 0), (null, 0), ("accept4", 4),
    ];

    /// <summary>The handler of a call of x86-64, with times of 32 bits.</summary>
    public static SyscallHandler Narrow(SyscallHandler handler) => (in SyscallCall call) => handler(call with { NarrowTimes = true });

    /// <summary><c>waitpid</c>.</summary>
    /// <returns>As wait4.</returns>
    public static SyscallOutcome WaitPid(in SyscallCall call) => ProcessSyscalls.Wait4(call with { A3 = 0 });

    /// <summary><c>wait4</c>.</summary>
    /// <returns>As wait4 of x86-64.</returns>
    public static SyscallOutcome Wait4(in SyscallCall call) => ProcessSyscalls.Wait4(call with { NarrowTimes = true });

    /// <summary><c>getrusage</c>.</summary>
    /// <returns>As getrusage of x86-64.</returns>
    public static SyscallOutcome GetRusage(in SyscallCall call) => UsageSyscalls.GetRusage(call with { NarrowTimes = true });

    /// <summary><c>time</c>.</summary>
    /// <returns>Seconds since 1970, cut to 32 bits; EFAULT.</returns>
    public static SyscallOutcome Time(in SyscallCall call)
    {
        int seconds = (int)(call.System.Clock.RealtimeNs / Second);
        return call.A0 == 0 || call.Guest.TryWriteUInt32(call.A0, (uint)seconds) ? new SysResult(seconds) : Errno.EFAULT;
    }

    /// <summary><c>gettimeofday</c>.</summary>
    /// <returns>0; EFAULT.</returns>
    public static SyscallOutcome GetTimeOfDay(in SyscallCall call)
    {
        ulong now = call.System.Clock.RealtimeNs;
        StructWriter time = new(8);
        time.Put32(0, (uint)(now / Second));
        time.Put32(4, (uint)(now % Second / 1000));
        bool stored = (call.A0 == 0 || call.Guest.TryWrite(call.A0, time.Bytes)) && (call.A1 == 0 || call.Guest.TryWriteUInt64(call.A1, 0));
        return stored ? Errno.None : Errno.EFAULT;
    }

    /// <summary><c>times</c>.</summary>
    /// <returns>As times of x86-64, cut to 32 bits.</returns>
    public static SyscallOutcome Times(in SyscallCall call)
    {
        StructWriter times = new(16);
        times.Put32(0, (uint)(call.Process.Instructions / TickNs));
        times.Put32(8, (uint)(call.Process.ChildInstructions / TickNs));
        bool stored = call.A0 == 0 || call.Guest.TryWrite(call.A0, times.Bytes);
        return stored ? SyscallOutcome.Of((uint)(call.System.Clock.NowNs / TickNs)) : Errno.EFAULT;
    }

    /// <summary><c>lseek</c>.</summary>
    /// <returns>As lseek of x86-64; the offset has 32 bits and a sign.</returns>
    public static SyscallOutcome Seek(in SyscallCall call) => OpenSyscalls.Seek(call with { A1 = Signed(call.A1) });

    /// <summary><c>_llseek</c>: the position goes to memory.</summary>
    /// <returns>0; as lseek; EFAULT.</returns>
    public static SyscallOutcome SeekFar(in SyscallCall call)
    {
        SyscallOutcome outcome = OpenSyscalls.Seek(call with { A1 = Pair(call.A2, call.A1), A2 = call.A4 });
        return !outcome.Result.IsOk ? outcome : call.Guest.TryWriteUInt64(call.A3, (ulong)outcome.Result.Rax) ? Errno.None : Errno.EFAULT;
    }

    /// <summary><c>truncate</c>.</summary>
    /// <returns>As truncate of x86-64.</returns>
    public static SyscallOutcome Truncate(in SyscallCall call) => OpenSyscalls.Truncate(call with { A1 = Signed(call.A1) });

    /// <summary><c>ftruncate</c>.</summary>
    /// <returns>As ftruncate of x86-64.</returns>
    public static SyscallOutcome FTruncate(in SyscallCall call) => OpenSyscalls.FTruncate(call with { A1 = Signed(call.A1) });

    /// <summary><c>truncate64</c>: the length in two halves.</summary>
    /// <returns>As truncate of x86-64.</returns>
    public static SyscallOutcome TruncateFar(in SyscallCall call) => OpenSyscalls.Truncate(call with { A1 = Pair(call.A1, call.A2) });

    /// <summary><c>ftruncate64</c>: the length in two halves.</summary>
    /// <returns>As ftruncate of x86-64.</returns>
    public static SyscallOutcome FTruncateFar(in SyscallCall call) => OpenSyscalls.FTruncate(call with { A1 = Pair(call.A1, call.A2) });

    /// <summary><c>pread64</c>: the offset in two halves.</summary>
    /// <returns>As pread64 of x86-64.</returns>
    public static SyscallOutcome PRead(in SyscallCall call) => TransferSyscalls.PRead(call with { A3 = Pair(call.A3, call.A4) });

    /// <summary><c>pwrite64</c>: the offset in two halves.</summary>
    /// <returns>As pwrite64 of x86-64.</returns>
    public static SyscallOutcome PWrite(in SyscallCall call) => TransferSyscalls.PWrite(call with { A3 = Pair(call.A3, call.A4) });

    /// <summary><c>mmap2</c>: the offset is in pages.</summary>
    /// <returns>As mmap of x86-64, below 4 GiB.</returns>
    public static SyscallOutcome Mmap2(in SyscallCall call) => MemorySyscalls.Mmap(call with { A5 = call.A5 << 12 });

    /// <summary><c>mmap</c>: the arguments are six words in memory, the offset in bytes.</summary>
    /// <returns>As mmap of x86-64, below 4 GiB; EFAULT.</returns>
    public static SyscallOutcome MmapOld(in SyscallCall call)
    {
        Span<ulong> words = stackalloc ulong[MmapWords];
        return TryReadWords(call, call.A0, words)
            ? MemorySyscalls.Mmap(call with { A0 = words[0], A1 = words[1], A2 = words[2], A3 = words[3], A4 = words[4], A5 = words[5] })
            : Errno.EFAULT;
    }

    /// <summary><c>clone</c>: the fourth and fifth argument stand the other way round.</summary>
    /// <returns>As clone of x86-64; ENOSYS with CLONE_SETTLS, whose argument would be a segment.</returns>
    public static SyscallOutcome Clone(in SyscallCall call) => ((CloneFlags)(uint)call.A0).HasFlag(CloneFlags.SetTls)
        ? Errno.ENOSYS
        : ThreadSyscalls.Clone(call with { A3 = call.A4, A4 = 0 });

    /// <summary><c>socketcall</c>: a call about sockets, by its own number, with its arguments in memory.</summary>
    /// <returns>As that call; EINVAL for an unknown one; ENOSYS for one that is not here; EFAULT.</returns>
    public static SyscallOutcome SocketCall(in SyscallCall call)
    {
        int which = (int)call.A0;
        if (which < 1 || which > Sockets.Length)
        {
            return new Refusal(Errno.EINVAL, ErrnoCause.CommandUnknown);
        }

        (string? name, int count) = Sockets[which - 1];
        Span<ulong> words = stackalloc ulong[6];
        if (name is null || !TryReadWords(call, call.A1, words[..count]))
        {
            return name is null ? Errno.ENOSYS : Errno.EFAULT;
        }

        SyscallCall made = call with { A0 = words[0], A1 = words[1], A2 = words[2], A3 = words[3], A4 = words[4], A5 = words[5] };
        return SyscallTable.Find(name)!.Handler(made);
    }

    private static bool TryReadWords(in SyscallCall call, ulong address, Span<ulong> words)
    {
        for (int i = 0; i < words.Length; i++)
        {
            if (!call.Guest.TryReadUInt32(address + (ulong)(i * 4), out uint word))
            {
                return false;
            }

            words[i] = word;
        }

        return true;
    }

    private static ulong Signed(ulong value) => unchecked((ulong)(int)value);

    private static ulong Pair(ulong low, ulong high) => low | (high << 32);
}
