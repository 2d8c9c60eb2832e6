using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Files;

namespace MmuEmu.Kernel.Syscalls;

/// <summary>What ioctl asks of a terminal: its settings, its size, which group of processes it belongs to.</summary>
/// <remarks>Source: [Linux drivers/tty/tty_ioctl.c, tty_io.c, tty_jobctrl.c; include/uapi/asm-generic/ioctls.h].</remarks>
internal static class TerminalRequests
{
    private const int SecondLengthBytes = TerminalModes.LengthBytes + 8;
    private const uint Speed = 38_400;
    private const int Flush = 2;
    private const ulong OutputOnly = 1;

    private enum Request : ulong
    {
        TcGets = 0x5401,
        TcSets = 0x5402,
        TcSetsW = 0x5403,
        TcSetsF = 0x5404,
        TcSbrk = 0x5409,
        TcXonc = 0x540A,
        TcFlsh = 0x540B,
        TiocSCtty = 0x540E,
        TiocGPgrp = 0x540F,
        TiocSPgrp = 0x5410,
        TiocGWinSz = 0x5413,
        TiocGSid = 0x5429,
        TcGets2 = 0x802C_542A,
        TcSets2 = 0x402C_542B,
        TcSetsW2 = 0x402C_542C,
        TcSetsF2 = 0x402C_542D,
    }

    /// <summary>Answers a request to <paramref name="stream"/>, which is a terminal.</summary>
    /// <returns>0; EFAULT; ENOTTY for a request that is unknown; what the host answers to new settings.</returns>
    public static SyscallOutcome Answer(in SyscallCall call, IHostStream stream)
    {
        switch ((Request)call.A1)
        {
            case Request.TcGets:
                return Stored(call.Guest.TryWrite(call.A2, TerminalModes.Of(stream).Bytes));
            case Request.TcGets2:
                return Stored(call.Guest.TryWrite(call.A2, WithSpeed(TerminalModes.Of(stream))));
            case Request.TcSets or Request.TcSetsW or Request.TcSetsF:
                return Change(call, stream, (int)(call.A1 - (ulong)Request.TcSets));
            case Request.TcSets2 or Request.TcSetsW2 or Request.TcSetsF2:
                return Change(call, stream, (int)(call.A1 - (ulong)Request.TcSets2));
            case Request.TcFlsh:
                return call.A2 == OutputOnly ? Errno.None : stream.WriteModes(TerminalModes.Of(stream).Bytes, Flush);
            case Request.TcSbrk or Request.TcXonc or Request.TiocSCtty:
                return Errno.None;
            case Request.TiocGWinSz:
                StructWriter size = new(8);
                size.Put16(0, stream.Size.Rows);
                size.Put16(2, stream.Size.Columns);
                return Stored(call.Guest.TryWrite(call.A2, size.Bytes));
            case Request.TiocGPgrp:
                return Stored(call.Guest.TryWriteUInt32(call.A2, (uint)call.System.ForegroundGroup));
            case Request.TiocGSid:
                return Stored(call.Guest.TryWriteUInt32(call.A2, (uint)call.Process.Session));
            case Request.TiocSPgrp:
                return Hand(call);
            default:
                return Errno.ENOTTY;
        }
    }

    private static Errno Stored(bool all) => all ? Errno.None : Errno.EFAULT;

    private static SyscallOutcome Change(in SyscallCall call, IHostStream stream, int when)
    {
        byte[] modes = new byte[TerminalModes.LengthBytes];
        return call.Guest.TryRead(call.A2, modes) ? stream.WriteModes(modes, when) : Errno.EFAULT;
    }

    private static SyscallOutcome Hand(in SyscallCall call)
    {
        if (!call.Guest.TryReadUInt32(call.A2, out uint group))
        {
            return Errno.EFAULT;
        }

        call.System.ForegroundGroup = (int)group;
        return Errno.None;
    }

    private static ReadOnlySpan<byte> WithSpeed(TerminalModes modes)
    {
        StructWriter second = new(SecondLengthBytes);
        modes.Bytes.CopyTo(second.Bytes);
        second.Put32(TerminalModes.LengthBytes, Speed);
        second.Put32(TerminalModes.LengthBytes + 4, Speed);
        return second.Bytes;
    }
}
