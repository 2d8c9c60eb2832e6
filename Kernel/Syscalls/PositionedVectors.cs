using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Files;

namespace MmuEmu.Kernel.Syscalls;

/// <summary>preadv, pwritev and their second versions: several buffers, at a position that the call names.</summary>
/// <remarks>Source: [Linux fs/read_write.c, do_preadv, do_pwritev; include/linux/fs.h, kiocb_set_rw_flags].</remarks>
internal static class PositionedVectors
{
    // RWF_HIPRI, RWF_DSYNC, RWF_SYNC and RWF_NOWAIT ask for what is so anyway.
    private const ulong Harmless = 0x0F;
    private const ulong AtEnd = 0x10;

    /// <summary><c>preadv</c>.</summary>
    /// <returns>As readv; ESPIPE for what has no position; EINVAL for a negative offset.</returns>
    public static SyscallOutcome Read(in SyscallCall call) => At(call, call.A3, ReadTransfer.IntoAll, static file => file.CanRead);

    /// <summary><c>pwritev</c>.</summary>
    /// <returns>As writev; ESPIPE for what has no position; EINVAL for a negative offset.</returns>
    public static SyscallOutcome Write(in SyscallCall call) => At(call, call.A3, TransferSyscalls.WriteFrom, static file => file.CanWrite);

    /// <summary><c>preadv2</c>: offset -1 is the file's own position.</summary>
    /// <returns>As preadv; EOPNOTSUPP for flags that are not known or not for reading.</returns>
    public static SyscallOutcome Read2(in SyscallCall call)
    {
        if ((call.A5 & ~Harmless) != 0)
        {
            return new Refusal(Errno.EOPNOTSUPP, ErrnoCause.FlagsUnknown);
        }

        return call.A3 == ulong.MaxValue ? TransferSyscalls.ReadV(call) : Read(call);
    }

    /// <summary><c>pwritev2</c>: offset -1 is the file's own position; RWF_APPEND writes at the end.</summary>
    /// <returns>As pwritev; EOPNOTSUPP for flags that are not known.</returns>
    public static SyscallOutcome Write2(in SyscallCall call)
    {
        if ((call.A5 & ~(Harmless | AtEnd)) != 0)
        {
            return new Refusal(Errno.EOPNOTSUPP, ErrnoCause.FlagsUnknown);
        }

        if ((call.A5 & AtEnd) != 0 && call.FileOf(call.A0).Ok(out OpenFile? file, out _) && file.Content is { Seekable: true } content)
        {
            // The end as it was when the call began: what an earlier try has written lies behind it already.
            return At(call, content.SizeBytes - call.Done, TransferSyscalls.WriteFrom, static open => open.CanWrite);
        }

        return call.A3 == ulong.MaxValue ? TransferSyscalls.WriteV(call) : Write(call);
    }

    private static SyscallOutcome At(in SyscallCall call, ulong offset, Mover move, Predicate<OpenFile> mayMove)
    {
        if ((long)offset < 0)
        {
            return new Refusal(Errno.EINVAL, ErrnoCause.OffsetNegative);
        }

        if (!call.FileOf(call.A0).Ok(out OpenFile? file, out Errno errno))
        {
            return errno;
        }

        Refusal refusal = TransferSyscalls.CheckPositioned(file, offset, 0);
        if (refusal != Refusal.None)
        {
            return refusal;
        }

        if (!mayMove(file))
        {
            return Errno.EBADF;
        }

        refusal = TransferSyscalls.ReadVectors(call, out List<UserBuffer> buffers);
        if (refusal != Refusal.None)
        {
            return refusal;
        }

        ulong before = file.Position;
        file.Position = offset + call.Done;
        SyscallOutcome outcome = move(call, file, buffers);
        file.Position = before;
        return outcome;
    }

    private delegate SyscallOutcome Mover(in SyscallCall call, OpenFile file, List<UserBuffer> buffers);
}
