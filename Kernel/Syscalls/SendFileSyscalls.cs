using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Files;

namespace MmuEmu.Kernel.Syscalls;

/// <summary>sendfile: bytes from file to file.</summary>
/// <remarks>Source: [Linux fs/read_write.c, do_sendfile].</remarks>
internal static class SendFileSyscalls
{
    /// <summary><c>sendfile</c>.</summary>
    /// <returns>Bytes moved; EBADF; EINVAL when the source has no position; EFAULT; EPIPE; EAGAIN.</returns>
    public static SyscallOutcome SendFile(in SyscallCall call)
    {
        if (!call.FileOf(call.A0).Ok(out OpenFile? to, out Errno errno) || !call.FileOf(call.A1).Ok(out OpenFile? from, out errno))
        {
            return errno;
        }

        if (from.Content is not { Seekable: true } || !from.CanRead || !to.CanWrite)
        {
            return from.CanRead && to.CanWrite ? new Refusal(Errno.EINVAL, ErrnoCause.NotSeekable) : Errno.EBADF;
        }

        ulong offset = from.Position;
        if (call.A2 != 0 && !call.Guest.TryReadUInt64(call.A2, out offset))
        {
            return Errno.EFAULT;
        }

        if (PageTransfers.TakesRead(call, from))
        {
            return Paged(call, from, to, offset);
        }

        byte[] chunk = new byte[(int)Math.Min(Math.Min(call.A3, TransferSyscalls.MaxCount), TransferSyscalls.ChunkBytes)];
        if (!from.ReadAt(offset, chunk).Has(out int got, out Refusal refusal))
        {
            return refusal;
        }

        if (!to.Write(chunk.AsSpan(0, got)).Has(out int put, out refusal))
        {
            bool waits = refusal.Errno == Errno.EAGAIN && (to.Flags & OpenFlags.NonBlock) == 0;
            return waits ? TransferSyscalls.UntilWritable(to, 0) : TransferSyscalls.Broken(call, refusal);
        }

        if (call.A2 == 0)
        {
            from.Position += (ulong)put;
        }
        else if (!call.Guest.TryWriteUInt64(call.A2, offset + (ulong)put))
        {
            return Errno.EFAULT;
        }

        return SyscallOutcome.Of((ulong)put);
    }

    /// <summary>The same, page by page through windows; the position moves when the call is over.</summary>
    private static SyscallOutcome Paged(in SyscallCall call, OpenFile from, OpenFile to, ulong offset)
    {
        SyscallOutcome outcome = PageTransfers.Send(call, from, to, offset, Math.Min(call.A3, TransferSyscalls.MaxCount), out ulong done);
        if (outcome.End != SyscallEnd.Returns || !outcome.Result.IsOk)
        {
            return outcome;
        }

        if (call.A2 == 0)
        {
            from.Position += done;
        }
        else if (!call.Guest.TryWriteUInt64(call.A2, offset + done))
        {
            return Errno.EFAULT;
        }

        return outcome;
    }
}
