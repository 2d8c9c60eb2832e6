using System.Buffers.Binary;
using MmuEmu.Kernel.Abi;

namespace MmuEmu.Kernel.Syscalls;

/// <summary>How a struct flock lies in memory.</summary>
/// <param name="StartAt">Offset of l_start.</param>
/// <param name="OffsetBytes">Bytes of l_start and l_len each.</param>
/// <param name="LengthAt">Offset of l_len.</param>
/// <param name="PidAt">Offset of l_pid.</param>
/// <param name="TotalBytes">Bytes of all.</param>
internal readonly record struct FlockLayout(int StartAt, int OffsetBytes, int LengthAt, int PidAt, int TotalBytes)
{
    /// <summary>x86-64's.</summary>
    public static readonly FlockLayout Native = new(8, 8, 16, 24, 32);

    /// <summary>i386's struct flock.</summary>
    public static readonly FlockLayout Compat = new(4, 4, 8, 12, 16);

    /// <summary>i386's struct flock64.</summary>
    public static readonly FlockLayout CompatWide = new(4, 8, 12, 20, 24);
}

/// <summary>A struct flock.</summary>
/// <param name="Type">l_type.</param>
/// <param name="Whence">l_whence.</param>
/// <param name="Start">l_start.</param>
/// <param name="Length">l_len.</param>
/// <param name="Pid">l_pid.</param>
/// <remarks>Source: [Linux include/uapi/asm-generic/fcntl.h; fs/fcntl.c, fixup_compat_flock].</remarks>
internal readonly record struct FlockStruct(ushort Type, short Whence, long Start, long Length, int Pid)
{
    /// <summary>Reads one: EFAULT.</summary>
    public static Result<FlockStruct> Read(in SyscallCall call, ulong address, FlockLayout layout)
    {
        Span<byte> bytes = stackalloc byte[layout.TotalBytes];
        if (!call.Guest.TryRead(address, bytes))
        {
            return Errno.EFAULT;
        }

        return new FlockStruct(
            BinaryPrimitives.ReadUInt16LittleEndian(bytes),
            BinaryPrimitives.ReadInt16LittleEndian(bytes[2..]),
            Offset(bytes[layout.StartAt..], layout),
            Offset(bytes[layout.LengthAt..], layout),
            BinaryPrimitives.ReadInt32LittleEndian(bytes[layout.PidAt..]));
    }

    /// <summary>Writes it: EFAULT; EOVERFLOW when the start does not fit, while a length that does not is cut.</summary>
    public Errno Write(in SyscallCall call, ulong address, FlockLayout layout)
    {
        bool isNarrow = layout.OffsetBytes == 4;
        if (isNarrow && Start > int.MaxValue)
        {
            return Errno.EOVERFLOW;
        }

        StructWriter flock = new(layout.TotalBytes);
        flock.Put16(0, Type);
        flock.Put16(2, unchecked((ushort)Whence));
        flock.Put32(layout.PidAt, unchecked((uint)Pid));
        if (isNarrow)
        {
            flock.Put32(layout.StartAt, unchecked((uint)Start));
            flock.Put32(layout.LengthAt, unchecked((uint)Math.Min(Length, int.MaxValue)));
        }
        else
        {
            flock.Put64(layout.StartAt, unchecked((ulong)Start));
            flock.Put64(layout.LengthAt, unchecked((ulong)Length));
        }

        return call.Guest.TryWrite(address, flock.Bytes) ? Errno.None : Errno.EFAULT;
    }

    private static long Offset(ReadOnlySpan<byte> bytes, FlockLayout layout) =>
        layout.OffsetBytes == 8 ? BinaryPrimitives.ReadInt64LittleEndian(bytes) : BinaryPrimitives.ReadInt32LittleEndian(bytes);
}
