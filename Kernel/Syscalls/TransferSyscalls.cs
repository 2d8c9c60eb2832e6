using System.Buffers.Binary;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Delivery;
using MmuEmu.Kernel.Files;
using MmuEmu.Kernel.Tasks;
using MmuEmu.Kernel.Waiting;

namespace MmuEmu.Kernel.Syscalls;

/// <summary>read, write and kin: bytes between files and guest memory.</summary>
/// <remarks>Source: [Linux fs/read_write.c].</remarks>
internal static class TransferSyscalls
{
    /// <summary>The most that one call moves.</summary>
    internal const ulong MaxCount = 0x7FFF_F000;
    /// <summary>The most that is moved at once.</summary>
    internal const int ChunkBytes = 65536;
    private const int MaxVectors = 1024;

    /// <summary><c>read</c>.</summary>
    /// <returns>Bytes read, 0 at the end; EBADF; EISDIR; EFAULT when nothing could be stored; EAGAIN for O_NONBLOCK; EIO.</returns>
    public static SyscallOutcome Read(in SyscallCall call) =>
        call.FileOf(call.A0).Ok(out OpenFile? file, out Errno errno) ? ReadTransfer.Into(call, file, new UserBuffer(call.A1, call.A2), call.Done) : errno;

    /// <summary><c>pread64</c>.</summary>
    /// <returns>As read; ESPIPE for what has no position; EINVAL for a negative offset.</returns>
    public static SyscallOutcome PRead(in SyscallCall call)
    {
        if (!call.FileOf(call.A0).Ok(out OpenFile? file, out Errno errno))
        {
            return errno;
        }

        Refusal refusal = CheckPositioned(file, call.A3, call.A2);
        return refusal == Refusal.None ? ReadTransfer.At(call, file, new UserBuffer(call.A1, call.A2), call.A3, call.Done, out _) : refusal;
    }

    /// <summary><c>write</c>.</summary>
    /// <returns>Bytes written; EBADF; EFAULT when nothing could be fetched; EPIPE with SIGPIPE; EAGAIN for O_NONBLOCK; ENOSPC.</returns>
    public static SyscallOutcome Write(in SyscallCall call) =>
        call.FileOf(call.A0).Ok(out OpenFile? file, out Errno errno) ? WriteFrom(call, file, [new UserBuffer(call.A1, call.A2)]) : errno;

    /// <summary><c>pwrite64</c>.</summary>
    /// <returns>As write; ESPIPE for what has no position; EINVAL for a negative offset.</returns>
    public static SyscallOutcome PWrite(in SyscallCall call)
    {
        if (!call.FileOf(call.A0).Ok(out OpenFile? file, out Errno errno))
        {
            return errno;
        }

        Refusal refusal = CheckPositioned(file, call.A3, call.A2);
        if (refusal != Refusal.None)
        {
            return refusal;
        }

        ulong before = file.Position;
        file.Position = call.A3 + call.Done;
        SyscallOutcome outcome = WriteFrom(call, file, [new UserBuffer(call.A1, call.A2)]);
        file.Position = before;
        return outcome;
    }

    /// <summary><c>readv</c>.</summary>
    /// <returns>As read; EINVAL for more than 1024 buffers or a total that is too long.</returns>
    public static SyscallOutcome ReadV(in SyscallCall call)
    {
        if (!call.FileOf(call.A0).Ok(out OpenFile? file, out Errno errno))
        {
            return errno;
        }

        Refusal refusal = ReadVectors(call, out List<UserBuffer> buffers);
        return refusal == Refusal.None ? ReadTransfer.IntoAll(call, file, buffers) : refusal;
    }

    /// <summary><c>writev</c>.</summary>
    /// <returns>As write; EINVAL for more than 1024 buffers or a total that is too long.</returns>
    public static SyscallOutcome WriteV(in SyscallCall call)
    {
        if (!call.FileOf(call.A0).Ok(out OpenFile? file, out Errno errno))
        {
            return errno;
        }

        Refusal refusal = ReadVectors(call, out List<UserBuffer> buffers);
        return refusal == Refusal.None ? WriteFrom(call, file, buffers) : refusal;
    }

    /// <summary>Why a call with a position of its own may not be; bytes past the largest position there is are refused too.</summary>
    internal static Refusal CheckPositioned(OpenFile file, ulong offset, ulong count)
    {
        if ((long)offset < 0)
        {
            return new Refusal(Errno.EINVAL, ErrnoCause.OffsetNegative);
        }

        if (file.Content is { Seekable: false } and not DeviceContent)
        {
            return Errno.ESPIPE;
        }

        return count <= long.MaxValue && count > long.MaxValue - offset ? new Refusal(Errno.EINVAL, ErrnoCause.OffsetWraps) : Refusal.None;
    }

    internal static SyscallOutcome WriteFrom(in SyscallCall call, OpenFile file, List<UserBuffer> buffers)
    {
        if (!file.CanWrite)
        {
            return Errno.EBADF;
        }

        (ulong done, ulong skip) = (call.Done, call.Done);
        if (!buffers.TrueForAll(static buffer => buffer.IsOfUser))
        {
            return new Refusal(Errno.EFAULT, ErrnoCause.BeyondUserSpace);
        }

        foreach (UserBuffer buffer in buffers)
        {
            if (skip >= buffer.Length)
            {
                skip -= buffer.Length;
                continue;
            }

            UserBuffer rest = new(buffer.Address + skip, Math.Min(buffer.Length - skip, MaxCount));
            skip = 0;
            SyscallOutcome? end = WriteOne(call, file, rest, ref done);
            if (end is not null)
            {
                return end.Value;
            }
        }

        return SyscallOutcome.Of(done);
    }

    /// <summary>Writes one buffer; null when all of it is written. A pipe takes pages that can be fetched whole. Source: [Linux fs/pipe.c, pipe_write].</summary>
    private static SyscallOutcome? WriteOne(in SyscallCall call, OpenFile file, UserBuffer buffer, ref ulong done)
    {
        if (PageTransfers.TakesWrite(call, file))
        {
            return PageTransfers.Write(call, file, buffer, ref done);
        }

        byte[] chunk = new byte[(int)Math.Min(buffer.Length, ChunkBytes)];
        for (ulong at = 0; at < buffer.Length;)
        {
            int wanted = (int)Math.Min(buffer.Length - at, ChunkBytes);
            int got = call.Guest.ReadUpTo(buffer.Address + at, chunk.AsSpan(0, wanted));
            if (call.Guest.Held.Again is { } held)
            {
                return SyscallOutcome.Until(held, done);
            }

            // Of what is copied in pieces, a piece that cannot be fetched whole is not written.
            got = got < wanted && file.Content is { } content ? Math.Min(wanted, content.WholeToWrite(got, buffer.Length - at)) : got;
            if (got == 0)
            {
                return done > 0 ? SyscallOutcome.Of(done) : Errno.EFAULT;
            }

            if (!file.Write(chunk.AsSpan(0, got)).Has(out int put, out Refusal refusal))
            {
                bool waits = refusal.Errno == Errno.EAGAIN && (file.Flags & OpenFlags.NonBlock) == 0;
                SyscallOutcome failed = waits ? UntilWritable(file, done) : Broken(call, refusal);
                return done > 0 && !waits ? SyscallOutcome.Of(done) : failed;
            }

            at += (ulong)put;
            done += (ulong)put;
            if (got < wanted && put == got)
            {
                return SyscallOutcome.Of(done);
            }
        }

        return null;
    }

    /// <summary>A failed write: EPIPE comes with SIGPIPE.</summary>
    internal static SyscallOutcome Broken(in SyscallCall call, Refusal refusal)
    {
        if (refusal.Errno == Errno.EPIPE)
        {
            SignalSend.ToThread(call.Thread, new SigInfo(Signal.SIGPIPE, SigCode.User, default) { Pid = call.Process.Pid });
        }

        return refusal;
    }

    /// <summary>Waits until the file takes bytes again, or nobody reads it any more.</summary>
    internal static SyscallOutcome UntilWritable(OpenFile file, ulong done) =>
        SyscallOutcome.Until(new WaitFor(new WritableWait(file), VirtualClock.Never, Interruption.RestartsIfAsked), done);

    internal static Refusal ReadVectors(in SyscallCall call, out List<UserBuffer> buffers)
    {
        buffers = [];
        if (call.A2 > MaxVectors)
        {
            return new Refusal(Errno.EINVAL, ErrnoCause.TooMany);
        }

        int width = call.PointerBytes;
        byte[] raw = new byte[(int)call.A2 * 2 * width];
        if (!call.Guest.TryRead(call.A1, raw))
        {
            return Errno.EFAULT;
        }

        ulong total = 0;
        for (int i = 0; i < raw.Length; i += 2 * width)
        {
            UserBuffer buffer = width == 8
                ? new(BinaryPrimitives.ReadUInt64LittleEndian(raw.AsSpan(i)), BinaryPrimitives.ReadUInt64LittleEndian(raw.AsSpan(i + 8)))
                : new(BinaryPrimitives.ReadUInt32LittleEndian(raw.AsSpan(i)), unchecked((ulong)BinaryPrimitives.ReadInt32LittleEndian(raw.AsSpan(i + 4))));
            if ((long)buffer.Length < 0)
            {
                buffers.Clear();
                return new Refusal(Errno.EINVAL, ErrnoCause.LengthNegative);
            }

            ulong kept = Math.Min(buffer.Length, MaxCount - total);
            total += kept;
            buffers.Add(buffer with { Length = kept });
        }

        return Refusal.None;
    }
}
