using System.Buffers.Binary;
using MmuEmu.Kernel.Abi;

namespace MmuEmu.Debugger.Gdb;

/// <summary>siginfo_t of x86-64 Linux, for <c>$_siginfo</c>.</summary>
/// <remarks>
/// <code>
///  0 si_signo   4 si_errno   8 si_code   16 fault: si_addr;   others: si_pid   20 si_uid   24 si_value, of a child si_status
/// </code>
/// Source: [Linux include/uapi/asm-generic/siginfo.h].
/// </remarks>
internal static class SigInfoBytes
{
    private const int Length = 128;

    /// <summary>128 bytes.</summary>
    public static byte[] Of(in SigInfo info)
    {
        byte[] bytes = new byte[Length];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, (int)info.Signal);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(8), info.Code);
        if (IsFault(info))
        {
            BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(16), info.Address.Raw);
            return bytes;
        }

        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(16), info.Pid);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(20), info.Uid);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(24), info.Value);
        return bytes;
    }

    private static bool IsFault(in SigInfo info) => info.Code is > 0 and not SigCode.Kernel
        && info.Signal is Signal.SIGSEGV or Signal.SIGBUS or Signal.SIGILL or Signal.SIGFPE or Signal.SIGTRAP;
}
