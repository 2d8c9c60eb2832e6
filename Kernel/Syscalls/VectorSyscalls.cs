using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Files;

namespace MmuEmu.Kernel.Syscalls;

/// <summary>preadv, pwritev and kin: several buffers at a position of their own.</summary>
/// <remarks>Source: [Linux fs/read_write.c, do_preadv, do_pwritev].</remarks>
internal static class VectorSyscalls
{
    /// <summary><c>preadv</c>.</summary>
    /// <returns>As readv; ESPIPE for what has no position; EINVAL for a negative offset.</returns>
    public static SyscallOutcome PReadV(in SyscallCall call) => At(call, static (in SyscallCall at, OpenFile file, List<UserBuffer> buffers) => ReadTransfer.IntoAll(at, file, buffers));

    /// <summary><c>pwritev</c>.</summary>
    /// <returns>As writev; ESPIPE for what has no position; EINVAL for a negative offset.</returns>
    public static SyscallOutcome PWriteV(in SyscallCall call) => At(call, TransferSyscalls.WriteFrom);

    /// <summary><c>preadv2</c> without flags.</summary>
    /// <returns>As preadv, or as readv at offset -1; EOPNOTSUPP for flags.</returns>
    public static SyscallOutcome PReadV2(in SyscallCall call) => call switch
    {
        { A5: not 0 } => new Refusal(Errno.EOPNOTSUPP, ErrnoCause.FlagsNotOffered),
        { A3: ulong.MaxValue } => TransferSyscalls.ReadV(call),
        _ => PReadV(call),
    };

    /// <summary><c>pwritev2</c> without flags.</summary>
    /// <returns>As pwritev, or as writev at offset -1; EOPNOTSUPP for flags.</returns>
    public static SyscallOutcome PWriteV2(in SyscallCall call) => call switch
    {
        { A5: not 0 } => new Refusal(Errno.EOPNOTSUPP, ErrnoCause.FlagsNotOffered),
        { A3: ulong.MaxValue } => TransferSyscalls.WriteV(call),
        _ => PWriteV(call),
    };

    private delegate SyscallOutcome Transfer(in SyscallCall call, OpenFile file, List<UserBuffer> buffers);

    private static SyscallOutcome At(in SyscallCall call, Transfer transfer)
    {
        if (!call.FileOf(call.A0).Ok(out OpenFile? file, out Errno errno))
        {
            return errno;
        }

        Refusal refusal = TransferSyscalls.CheckPositioned(file, call.A3, 0);
        if (refusal == Refusal.None)
        {
            refusal = TransferSyscalls.ReadVectors(call, out List<UserBuffer> buffers);
            if (refusal == Refusal.None)
            {
                ulong before = file.Position;
                file.Position = call.A3 + call.Done;
                SyscallOutcome outcome = transfer(call, file, buffers);
                file.Position = before;
                return outcome;
            }
        }

        return refusal;
    }
}
