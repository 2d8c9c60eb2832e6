using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Files;
using MmuEmu.Kernel.Tasks;
using MmuEmu.Kernel.Waiting;

namespace MmuEmu.Kernel.Syscalls;

/// <summary>Moves bytes of a file into buffers of the caller; a call that a held page stops goes on where it was.</summary>
internal static class ReadTransfer
{
    /// <summary>Reads into several buffers, one after the other, until one is not filled.</summary>
    public static SyscallOutcome IntoAll(in SyscallCall call, OpenFile file, List<UserBuffer> buffers)
    {
        if (!buffers.TrueForAll(static buffer => buffer.IsOfUser))
        {
            return new Refusal(Errno.EFAULT, ErrnoCause.BeyondUserSpace);
        }

        if (file is { CanRead: true, Content: { Seekable: false, SizeBytes: > 0 } waiting })
        {
            return FromStream(call, file, waiting, buffers);
        }

        (ulong total, ulong skip) = (0, call.Done);
        foreach (UserBuffer buffer in buffers)
        {
            if (skip >= buffer.Length)
            {
                (total, skip) = (total + buffer.Length, skip - buffer.Length);
                continue;
            }

            SyscallOutcome outcome = Into(call, file, buffer, skip);
            skip = 0;
            if (outcome.End == SyscallEnd.Waits && (outcome.Copy is not null || outcome.Wait!.Cause is PageWait))
            {
                return SyscallOutcome.Until(outcome.Wait!, total + outcome.Done) with { Copy = outcome.Copy };
            }

            if (outcome.End != SyscallEnd.Returns || !outcome.Result.IsOk)
            {
                return total > 0 ? SyscallOutcome.Of(total) : outcome;
            }

            total += (ulong)outcome.Result.Rax;
            if ((ulong)outcome.Result.Rax < buffer.Length)
            {
                break;
            }
        }

        return SyscallOutcome.Of(total);
    }

    /// <summary>Reads into one buffer, at the file's position and on from it.</summary>
    /// <param name="call">The call.</param>
    /// <param name="file">The file.</param>
    /// <param name="buffer">The buffer.</param>
    /// <param name="done">Bytes of the buffer that an earlier try has filled; the position has moved with them.</param>
    public static SyscallOutcome Into(in SyscallCall call, OpenFile file, UserBuffer buffer, ulong done)
    {
        if (!file.CanRead || file.Content is not { } content)
        {
            return file.CanRead ? Errno.EISDIR : Errno.EBADF;
        }

        if (!buffer.IsOfUser)
        {
            return new Refusal(Errno.EFAULT, ErrnoCause.BeyondUserSpace);
        }

        buffer = buffer with { Length = Math.Min(buffer.Length, TransferSyscalls.MaxCount) };
        if (content.Seekable)
        {
            SyscallOutcome outcome = At(call, file, buffer, file.Position - done, done, out ulong end);
            file.Position = end;
            return outcome;
        }

        return FromStream(call, file, content, [buffer]);
    }

    /// <summary>Reads into one buffer from <paramref name="offset"/> on; the first <paramref name="done"/> bytes are there already.</summary>
    public static SyscallOutcome At(in SyscallCall call, OpenFile file, UserBuffer buffer, ulong offset, ulong done, out ulong end)
    {
        if (PageTransfers.TakesRead(call, file))
        {
            return PageTransfers.Read(call, file, buffer, offset, done, out end);
        }

        end = offset + done;
        if (!buffer.IsOfUser)
        {
            return new Refusal(Errno.EFAULT, ErrnoCause.BeyondUserSpace);
        }

        byte[] chunk = new byte[(int)Math.Min(buffer.Length, TransferSyscalls.ChunkBytes)];
        while (done < buffer.Length)
        {
            Span<byte> part = chunk.AsSpan(0, (int)Math.Min(buffer.Length - done, TransferSyscalls.ChunkBytes));
            if (!file.ReadAt(offset + done, part).Has(out int got, out Refusal refusal))
            {
                return done > 0 ? SyscallOutcome.Of(done) : refusal;
            }

            int stored = call.Guest.WriteUpTo(buffer.Address + done, part[..got]);
            done += (ulong)stored;
            end = offset + done;
            if (stored < got)
            {
                return done > 0 ? SyscallOutcome.Of(done) : Errno.EFAULT;
            }

            if (got < part.Length)
            {
                break;
            }

            if (call.Guest.Held.Storing is { } wait)
            {
                return SyscallOutcome.Until(wait, done);
            }
        }

        return SyscallOutcome.Of(done);
    }

    /// <summary>Takes once what there is, for all buffers: a piece that lies across two of them is copied whole or not at all.</summary>
    private static SyscallOutcome FromStream(in SyscallCall call, OpenFile file, IFileContent content, IReadOnlyList<UserBuffer> buffers)
    {
        // A pipe must not lose bytes that cannot be stored, so their place is checked before they are taken.
        ulong length = 0;
        foreach (UserBuffer buffer in buffers)
        {
            length = Math.Min(length + Math.Min(buffer.Length, TransferSyscalls.MaxCount), TransferSyscalls.MaxCount);
        }

        ulong wanted = Math.Min(content.SizeBytes > 0 ? Math.Min(length, content.SizeBytes) : length, TransferSyscalls.ChunkBytes);
        ulong room = content.SizeBytes > 0 ? RoomIn(call, buffers, wanted) : wanted;
        if (call.Guest.Held.Again is { } held)
        {
            return SyscallOutcome.Until(held);
        }

        // What does not fit whole stays, so that nothing is lost. Source: [Linux fs/pipe.c, pipe_read; net/unix/af_unix.c, unix_stream_read_generic].
        room = room < wanted ? (ulong)content.WholeToRead((int)room) : room;
        if (room == 0 && wanted > 0)
        {
            return Errno.EFAULT;
        }

        byte[] chunk = new byte[(int)room];
        if (!content.Read(0, chunk).Has(out int got, out Refusal refusal))
        {
            bool waits = refusal.Errno == Errno.EAGAIN && (file.Flags & OpenFlags.NonBlock) == 0;
            return waits ? SyscallOutcome.Until(new WaitFor(new ReadableWait(file), VirtualClock.Never, Interruption.RestartsIfAsked)) : refusal;
        }

        int stored = Store(call, buffers, chunk.AsSpan(0, got));
        return stored == 0 && got > 0 ? Errno.EFAULT : SyscallOutcome.Of((ulong)stored);
    }

    /// <summary>Bytes up to the first that cannot be stored, of the first <paramref name="most"/>.</summary>
    private static ulong RoomIn(in SyscallCall call, IReadOnlyList<UserBuffer> buffers, ulong most)
    {
        ulong room = 0;
        foreach (UserBuffer buffer in buffers)
        {
            ulong part = Math.Min(buffer.Length, most - room);
            ulong stored = (ulong)call.Guest.ProbeWrite(buffer.Address, (int)part);
            room += stored;
            if (stored < part || room == most)
            {
                break;
            }
        }

        return room;
    }

    private static int Store(in SyscallCall call, IReadOnlyList<UserBuffer> buffers, ReadOnlySpan<byte> bytes)
    {
        int done = 0;
        foreach (UserBuffer buffer in buffers)
        {
            int part = (int)Math.Min(buffer.Length, (ulong)(bytes.Length - done));
            int stored = call.Guest.WriteUpTo(buffer.Address, bytes.Slice(done, part));
            done += stored;
            if (stored < part)
            {
                break;
            }
        }

        return done;
    }
}
