using System.Buffers.Binary;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Files;
using MmuEmu.Kernel.Signals;
using MmuEmu.Kernel.Tasks;
using MmuEmu.Kernel.Waiting;

namespace MmuEmu.Kernel.Syscalls;

/// <summary>poll and select: waiting for one of several descriptors.</summary>
/// <remarks>Source: [Linux fs/select.c].</remarks>
internal static class PollSyscalls
{
    private const int EntryBytes = 8;
    private const ulong Millisecond = 1_000_000;
    private const int SetWords = FileTable.Limit / 64;
    private const PollEvents AlwaysTold = PollEvents.Error | PollEvents.HangUp | PollEvents.Invalid;

    /// <summary><c>poll</c>.</summary>
    /// <returns>Descriptors with events, 0 when the time is over; EINVAL for too many; EINTR; EFAULT.</returns>
    public static SyscallOutcome Poll(in SyscallCall call) =>
        Wait(call, (int)call.A2 < 0 ? VirtualClock.Never : (uint)call.A2 * Millisecond);

    /// <summary><c>ppoll</c>; the mask holds only while it runs.</summary>
    /// <returns>As poll.</returns>
    public static SyscallOutcome PPoll(in SyscallCall call)
    {
        ulong span = VirtualClock.Never;
        if (call.A2 != 0 && !TimeSyscalls.TryReadTime(call, call.A2, out span, out Refusal refusal))
        {
            return refusal;
        }

        return WithMask(call, call.A3, Wait(call, span));
    }

    /// <summary><c>select</c>.</summary>
    /// <returns>Descriptors that are ready, 0 when the time is over; EBADF; EINVAL; EINTR; EFAULT.</returns>
    public static SyscallOutcome Select(in SyscallCall call)
    {
        ulong span = VirtualClock.Never;
        if (call.A4 != 0)
        {
            if (!call.Guest.TryReadUInt64(call.A4, out ulong seconds) || !call.Guest.TryReadUInt64(call.A4 + 8, out ulong micros))
            {
                return Errno.EFAULT;
            }

            span = seconds > int.MaxValue ? VirtualClock.Never : (seconds * 1000 * Millisecond) + (micros * 1000);
        }

        return SelectFor(call, span);
    }

    /// <summary><c>pselect6</c>; the mask holds only while it runs.</summary>
    /// <returns>As select.</returns>
    public static SyscallOutcome PSelect(in SyscallCall call)
    {
        ulong span = VirtualClock.Never;
        if (call.A4 != 0 && !TimeSyscalls.TryReadTime(call, call.A4, out span, out Refusal refusal))
        {
            return refusal;
        }

        ulong mask = 0;
        if (call.A5 != 0 && !call.Guest.TryReadUInt64(call.A5, out mask))
        {
            return Errno.EFAULT;
        }

        return WithMask(call, mask, SelectFor(call, span));
    }

    private static SyscallOutcome Wait(in SyscallCall call, ulong span)
    {
        if (call.A1 > FileTable.Limit)
        {
            return new Refusal(Errno.EINVAL, ErrnoCause.TooMany);
        }

        byte[] entries = new byte[call.A1 * EntryBytes];
        if (!call.Guest.TryRead(call.A0, entries))
        {
            return Errno.EFAULT;
        }

        Process process = call.Process;
        int ready = Mark(process, entries);
        ulong deadline = call.DeadlineAfter(span);
        if (ready == 0 && call.System.Clock.NowNs < deadline)
        {
            return SyscallOutcome.Until(new WaitFor(new PollWait(SetOf(entries)), deadline, Interruption.Fails));
        }

        return call.Guest.TryWrite(call.A0, entries) ? SyscallOutcome.Of((ulong)ready) : Errno.EFAULT;
    }

    /// <summary>Fills in revents; returns the number of entries that have some.</summary>
    private static int Mark(Process process, byte[] entries)
    {
        int ready = 0;
        for (int at = 0; at < entries.Length; at += EntryBytes)
        {
            int fd = BinaryPrimitives.ReadInt32LittleEndian(entries.AsSpan(at));
            PollEvents wanted = (PollEvents)BinaryPrimitives.ReadUInt16LittleEndian(entries.AsSpan(at + 4));
            PollEvents found = fd < 0 ? PollEvents.None : process.Files.EventsOf(fd) & (wanted | AlwaysTold);
            BinaryPrimitives.WriteUInt16LittleEndian(entries.AsSpan(at + 6), (ushort)found);
            ready += found == PollEvents.None ? 0 : 1;
        }

        return ready;
    }

    /// <summary>The descriptors of a list of struct pollfd, with the events that end a wait.</summary>
    private static AwaitedDescriptor[] SetOf(byte[] entries)
    {
        AwaitedDescriptor[] set = new AwaitedDescriptor[entries.Length / EntryBytes];
        for (int i = 0; i < set.Length; i++)
        {
            ReadOnlySpan<byte> entry = entries.AsSpan(i * EntryBytes);
            PollEvents wanted = (PollEvents)BinaryPrimitives.ReadUInt16LittleEndian(entry[4..]);
            set[i] = new AwaitedDescriptor(BinaryPrimitives.ReadInt32LittleEndian(entry), wanted | AlwaysTold);
        }

        return set;
    }

    /// <summary>The descriptors of select's sets, with the events that end a wait.</summary>
    private static List<AwaitedDescriptor> SetOf(ulong[][] sets, int count)
    {
        List<AwaitedDescriptor> set = [];
        for (int fd = 0; fd < count; fd++)
        {
            PollEvents events = PollEvents.None;
            bool chosen = false;
            for (int i = 0; i < 3; i++)
            {
                bool has = (sets[i][fd / 64] & (1UL << (fd & 63))) != 0;
                events |= has ? Wanted(i) : PollEvents.None;
                chosen |= has;
            }

            if (chosen)
            {
                set.Add(new AwaitedDescriptor(fd, events | PollEvents.Invalid));
            }
        }

        return set;
    }

    /// <summary>The events that make a descriptor ready in the reading, writing and exceptional set.</summary>
    private static PollEvents Wanted(int set) => set switch
    {
        0 => PollEvents.In | PollEvents.HangUp | PollEvents.Error,
        1 => PollEvents.Out | PollEvents.Error,
        _ => PollEvents.None,
    };

    private static SyscallOutcome SelectFor(in SyscallCall call, ulong span)
    {
        int count = (int)Math.Min(call.A0, FileTable.Limit);
        if ((int)call.A0 < 0)
        {
            return new Refusal(Errno.EINVAL, ErrnoCause.CountNegative);
        }

        ulong[][] sets = [new ulong[SetWords], new ulong[SetWords], new ulong[SetWords]];
        ulong[] addresses = [call.A1, call.A2, call.A3];
        int words = (count + 63) / 64;
        for (int i = 0; i < 3; i++)
        {
            for (int word = 0; addresses[i] != 0 && word < words; word++)
            {
                if (!call.Guest.TryReadUInt64(addresses[i] + (ulong)(word * 8), out sets[i][word]))
                {
                    return Errno.EFAULT;
                }
            }
        }

        Process process = call.Process;
        ulong[][] found = [new ulong[SetWords], new ulong[SetWords], new ulong[SetWords]];
        int ready = Choose(process, sets, found, count);
        ulong deadline = call.DeadlineAfter(span);
        if (ready == 0 && call.System.Clock.NowNs < deadline)
        {
            return SyscallOutcome.Until(new WaitFor(new SelectWait(SetOf(sets, count)), deadline, Interruption.Fails));
        }

        return ready < 0 ? Errno.EBADF : StoreSets(call, addresses, found, words) ? SyscallOutcome.Of((ulong)ready) : Errno.EFAULT;
    }

    private static bool StoreSets(in SyscallCall call, ulong[] addresses, ulong[][] found, int words)
    {
        for (int i = 0; i < 3; i++)
        {
            for (int word = 0; addresses[i] != 0 && word < words; word++)
            {
                if (!call.Guest.TryWriteUInt64(addresses[i] + (ulong)(word * 8), found[i][word]))
                {
                    return false;
                }
            }
        }

        return true;
    }

    /// <summary>Fills <paramref name="found"/> with what is ready; returns how many bits, or -1 for a descriptor that is not open.</summary>
    private static int Choose(Process process, ulong[][] sets, ulong[][] found, int count)
    {
        int ready = 0;
        for (int fd = 0; fd < count; fd++)
        {
            ulong bit = 1UL << (fd & 63);
            for (int i = 0; i < 3; i++)
            {
                found[i][fd / 64] &= ~bit;
                if ((sets[i][fd / 64] & bit) == 0)
                {
                    continue;
                }

                PollEvents events = process.Files.EventsOf(fd);
                if (events == PollEvents.Invalid)
                {
                    return -1;
                }

                bool isReady = (events & Wanted(i)) != 0;
                found[i][fd / 64] |= isReady ? bit : 0;
                ready += isReady ? 1 : 0;
            }
        }

        return ready;
    }

    /// <summary>The outcome of a call that waits under a signal mask of its own, which is taken back when it ends.</summary>
    /// <returns>The outcome; EFAULT.</returns>
    internal static SyscallOutcome WithMask(in SyscallCall call, ulong maskAt, SyscallOutcome outcome)
    {
        if (maskAt == 0)
        {
            return outcome;
        }

        if (!call.Guest.TryReadUInt64(maskAt, out ulong bits))
        {
            return Errno.EFAULT;
        }

        UserThread thread = call.Thread;
        if (outcome.End == SyscallEnd.Waits)
        {
            thread.SavedMask ??= thread.Blocked;
            thread.Blocked = new SignalSet(bits) - SignalSet.Unblockable;
        }
        else if (thread.SavedMask is { } before)
        {
            (thread.Blocked, thread.SavedMask) = (before, null);
        }

        return outcome;
    }
}
