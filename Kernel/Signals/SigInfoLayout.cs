using System.Buffers.Binary;
using MmuEmu.Kernel.Abi;

namespace MmuEmu.Kernel.Signals;

/// <summary>siginfo_t as 128 bytes of guest memory.</summary>
/// <remarks>
/// <code>
///  0 si_signo   4 si_errno   8 si_code   16 by kind:
///     fault   16 si_addr
///     kill    16 si_pid  20 si_uid      queue  24 si_value
///     child   16 si_pid  20 si_uid  24 si_status
/// </code>
/// Source: [Linux include/uapi/asm-generic/siginfo.h].
/// </remarks>
internal static class SigInfoLayout
{
    /// <summary>sizeof(siginfo_t).</summary>
    public const int Bytes = 128;

    private enum Shape
    {
        Fault,
        Sender,
        Child,
    }

    /// <summary>Writes <paramref name="info"/>; unused bytes become zero.</summary>
    public static void Write(in SigInfo info, Span<byte> to)
    {
        to[..Bytes].Clear();
        BinaryPrimitives.WriteInt32LittleEndian(to, (int)info.Signal);
        BinaryPrimitives.WriteInt32LittleEndian(to[8..], info.Code);
        switch (ShapeOf(info))
        {
            case Shape.Fault:
                BinaryPrimitives.WriteUInt64LittleEndian(to[16..], info.Address.Raw);
                break;
            case Shape.Sender:
                BinaryPrimitives.WriteInt32LittleEndian(to[16..], info.Pid);
                BinaryPrimitives.WriteInt32LittleEndian(to[20..], info.Uid);
                BinaryPrimitives.WriteInt64LittleEndian(to[24..], info.Value);
                break;
            case Shape.Child:
                BinaryPrimitives.WriteInt32LittleEndian(to[16..], info.Pid);
                BinaryPrimitives.WriteInt32LittleEndian(to[20..], info.Uid);
                BinaryPrimitives.WriteInt32LittleEndian(to[24..], (int)info.Value);
                break;
        }
    }

    /// <summary>Reads what rt_sigqueueinfo is given: sender and value.</summary>
    public static SigInfo Read(Signal signal, ReadOnlySpan<byte> from) =>
        new(signal, BinaryPrimitives.ReadInt32LittleEndian(from[8..]), default)
        {
            Pid = BinaryPrimitives.ReadInt32LittleEndian(from[16..]),
            Uid = BinaryPrimitives.ReadInt32LittleEndian(from[20..]),
            Value = BinaryPrimitives.ReadInt64LittleEndian(from[24..]),
        };

    private static Shape ShapeOf(in SigInfo info) => info switch
    {
        { Code: <= 0 } => Shape.Sender,
        { Code: SigCode.Kernel } => Shape.Sender,
        { Signal: Signal.SIGCHLD } => Shape.Child,
        { Signal: Signal.SIGSEGV or Signal.SIGBUS or Signal.SIGILL or Signal.SIGFPE or Signal.SIGTRAP } => Shape.Fault,
        _ => Shape.Sender,
    };
}
