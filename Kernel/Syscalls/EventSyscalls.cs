using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Files;
using MmuEmu.Kernel.Tasks;
using MmuEmu.Kernel.Waiting;

namespace MmuEmu.Kernel.Syscalls;

/// <summary>epoll and eventfd.</summary>
/// <remarks>Source: [Linux fs/eventpoll.c; fs/eventfd.c].</remarks>
internal static class EventSyscalls
{
    private const int EventBytes = 12;
    private const ulong MostEvents = int.MaxValue / EventBytes;
    private const ulong Millisecond = 1_000_000;
    private const uint EventMask = 0xFFFF;
    private const ulong SemaphoreFlag = 1;

    private enum Control : ulong
    {
        Add = 1,
        Remove = 2,
        Change = 3,
    }

    /// <summary><c>epoll_create</c>; the size only has to be positive.</summary>
    /// <returns>A descriptor; EINVAL; EMFILE.</returns>
    public static SyscallOutcome EPollCreate(in SyscallCall call) =>
        (int)call.A0 <= 0 ? new Refusal(Errno.EINVAL, ErrnoCause.NotPositive) : Open(call, new InterestList(), "anon_inode:[eventpoll]", default);

    /// <summary><c>epoll_create1</c>.</summary>
    /// <returns>A descriptor; EINVAL for unknown flags; EMFILE.</returns>
    public static SyscallOutcome EPollCreate1(in SyscallCall call)
    {
        OpenFlags flags = (OpenFlags)call.A0;
        bool unknown = (flags & ~OpenFlags.CloseOnExec) != 0;
        return unknown ? new Refusal(Errno.EINVAL, ErrnoCause.FlagsUnknown) : Open(call, new InterestList(), "anon_inode:[eventpoll]", flags);
    }

    /// <summary><c>epoll_ctl</c>.</summary>
    /// <returns>0; EBADF; EINVAL when the first is no epoll descriptor or watches itself; EEXIST, ENOENT; EPERM for a regular file; EFAULT.</returns>
    public static SyscallOutcome EPollControl(in SyscallCall call)
    {
        if (!call.FileOf(call.A0).Ok(out OpenFile? poll, out Errno errno) || !call.FileOf(call.A2).Ok(out OpenFile? file, out errno))
        {
            return errno;
        }

        if (poll.Content is not InterestList list || poll == file)
        {
            return new Refusal(Errno.EINVAL, poll == file ? ErrnoCause.WatchesItself : ErrnoCause.NotEPoll);
        }

        Interest interest = default;
        if ((Control)call.A1 != Control.Remove)
        {
            if (!call.Guest.TryReadUInt32(call.A3, out uint events) || !call.Guest.TryReadUInt64(call.A3 + 4, out ulong data))
            {
                return Errno.EFAULT;
            }

            interest = new Interest((PollEvents)(events & EventMask), (InterestFlags)(events & ~EventMask), data);
        }

        int descriptor = (int)call.A2;
        return (Control)call.A1 switch
        {
            Control.Add => list.Add(descriptor, file, interest),
            Control.Change => list.Change(descriptor, file, interest),
            Control.Remove => list.Remove(descriptor, file),
            _ => new Refusal(Errno.EINVAL, ErrnoCause.CommandUnknown),
        };
    }

    /// <summary><c>epoll_wait</c>.</summary>
    /// <returns>Events stored, 0 when the time is over; EBADF; EINVAL; EINTR; EFAULT.</returns>
    public static SyscallOutcome EPollWait(in SyscallCall call) =>
        WaitEvents(call, (int)call.A3 < 0 ? VirtualClock.Never : (uint)call.A3 * Millisecond);

    /// <summary><c>epoll_pwait</c>; the mask holds only while it runs.</summary>
    /// <returns>As epoll_wait.</returns>
    public static SyscallOutcome EPollPWait(in SyscallCall call) => PollSyscalls.WithMask(call, call.A4, EPollWait(call));

    /// <summary><c>epoll_pwait2</c>, with a struct timespec.</summary>
    /// <returns>As epoll_wait.</returns>
    public static SyscallOutcome EPollPWait2(in SyscallCall call)
    {
        ulong span = VirtualClock.Never;
        if (call.A3 != 0 && !TimeSyscalls.TryReadTime(call, call.A3, out span, out Refusal refusal))
        {
            return refusal;
        }

        return PollSyscalls.WithMask(call, call.A4, WaitEvents(call, span));
    }

    /// <summary><c>eventfd</c>.</summary>
    /// <returns>A descriptor; EMFILE.</returns>
    public static SyscallOutcome EventFd(in SyscallCall call) => EventFd2(call with { A1 = 0 });

    /// <summary><c>eventfd2</c>.</summary>
    /// <returns>A descriptor; EINVAL for unknown flags; EMFILE.</returns>
    public static SyscallOutcome EventFd2(in SyscallCall call)
    {
        const ulong known = (ulong)(OpenFlags.CloseOnExec | OpenFlags.NonBlock) | SemaphoreFlag;
        if ((call.A1 & ~known) != 0)
        {
            return new Refusal(Errno.EINVAL, ErrnoCause.FlagsUnknown);
        }

        EventTaking taking = (call.A1 & SemaphoreFlag) != 0 ? EventTaking.One : EventTaking.All;
        return Open(call, new EventCounter((uint)call.A0, taking), "anon_inode:[eventfd]", (OpenFlags)(call.A1 & ~SemaphoreFlag));
    }

    private static SyscallOutcome WaitEvents(in SyscallCall call, ulong span)
    {
        if (!call.FileOf(call.A0).Ok(out OpenFile? file, out Errno errno))
        {
            return errno;
        }

        if (call.A2 is 0 or > MostEvents)
        {
            return new Refusal(Errno.EINVAL, (int)call.A2 <= 0 ? ErrnoCause.NotPositive : ErrnoCause.TooMany);
        }

        if (file.Content is not InterestList list)
        {
            return new Refusal(Errno.EINVAL, ErrnoCause.NotEPoll);
        }

        ulong deadline = call.DeadlineAfter(span);
        if (!list.AnyReady() && call.System.Clock.NowNs < deadline)
        {
            return SyscallOutcome.Until(new WaitFor(new EPollWait(list), deadline, Interruption.Fails));
        }

        List<InterestEvent> events = list.Take((int)Math.Min(call.A2, FileTable.Limit));
        for (int i = 0; i < events.Count; i++)
        {
            ulong at = call.A1 + (ulong)(i * EventBytes);
            if (!call.Guest.TryWriteUInt32(at, (uint)events[i].Events) || !call.Guest.TryWriteUInt64(at + 4, events[i].Data))
            {
                return Errno.EFAULT;
            }
        }

        return SyscallOutcome.Of((ulong)events.Count);
    }

    private static SyscallOutcome Open(in SyscallCall call, IFileContent content, string name, OpenFlags flags)
    {
        Inode inode = new(call.System.Files.Numbers.Next(), InodeKind.Pipe, 0x180) { Content = content, Mount = call.System.Files.Mounts.Anonymous };
        OnExec onExec = (flags & OpenFlags.CloseOnExec) != 0 ? OnExec.Close : OnExec.Keep;
        OpenFile file = new(inode, (flags & OpenFlags.NonBlock) | OpenFlags.ReadWrite, name);
        return call.Process.Files.Add(file, onExec).Ok(out int descriptor, out Errno errno) ? SyscallOutcome.Of((ulong)descriptor) : errno;
    }
}
