using System.Buffers.Binary;
using MmuEmu.Emulator.Cpu;
using MmuEmu.Kernel.Views;

namespace MmuEmu.Debugger.Gdb;

/// <summary>Registers of a thread as bytes, and back.</summary>
internal static class RegisterBytes
{
    private const int HalfBytes = 16;

    /// <summary>The bytes of a register.</summary>
    /// <param name="register">Which.</param>
    /// <param name="of">The thread's registers.</param>
    /// <param name="paging">The registers of paging, by number.</param>
    public static byte[] Read(GdbRegister register, TaskRegisters of, IReadOnlyList<ulong> paging)
    {
        byte[] bytes = new byte[register.Bytes];
        switch (register.Source)
        {
            case RegisterSource.Fx:
                of.User.Fx.Slice(register.Index, register.Bytes).CopyTo(bytes);
                return bytes;
            case RegisterSource.YmmHigh:
                of.User.Upper.Slice(register.Index * HalfBytes, HalfBytes).CopyTo(bytes);
                return bytes;
            default:
                Span<byte> whole = stackalloc byte[sizeof(ulong)];
                BinaryPrimitives.WriteUInt64LittleEndian(whole, NumberOf(register, of, paging));
                whole[..register.Bytes].CopyTo(bytes);
                return bytes;
        }
    }

    /// <summary>Changes a register in <paramref name="user"/>.</summary>
    /// <returns>False for one that cannot be changed.</returns>
    public static bool Write(GdbRegister register, ReadOnlySpan<byte> bytes, UserContext user)
    {
        Span<byte> whole = stackalloc byte[sizeof(ulong)];
        bytes[..Math.Min(bytes.Length, sizeof(ulong))].CopyTo(whole);
        ulong number = BinaryPrimitives.ReadUInt64LittleEndian(whole);
        switch (register.Source)
        {
            case RegisterSource.General:
                user.Registers[register.Index] = number;
                return true;
            case RegisterSource.Rip:
                user.Rip = number;
                return true;
            case RegisterSource.Flags:
                user.Rflags = number;
                return true;
            case RegisterSource.FsBase:
                user.FsBase = number;
                return true;
            case RegisterSource.GsBase:
                user.GsBase = number;
                return true;
            case RegisterSource.Fx:
                bytes.CopyTo(user.Fx[register.Index..]);
                return true;
            case RegisterSource.FxWord:
                bytes[..sizeof(ushort)].CopyTo(user.Fx[register.Index..]);
                return true;
            case RegisterSource.Tags:
                X87Tags.Put(user.Fx, (ushort)number);
                return true;
            case RegisterSource.YmmHigh:
                bytes.CopyTo(user.Upper[(register.Index * HalfBytes)..]);
                return true;
            default:
                return false;
        }
    }

    private static ulong NumberOf(GdbRegister register, TaskRegisters of, IReadOnlyList<ulong> paging) => register.Source switch
    {
        RegisterSource.General => of.User.Registers[register.Index],
        RegisterSource.Rip => of.User.Rip,
        RegisterSource.Flags => of.User.Rflags,
        RegisterSource.Selector => SelectorOf(register.Index, of),
        RegisterSource.FxWord => BinaryPrimitives.ReadUInt16LittleEndian(of.User.Fx[register.Index..]),
        RegisterSource.Tags => X87Tags.Of(of.User.Fx),
        RegisterSource.OrigRax => of.OrigRax,
        RegisterSource.FsBase => of.User.FsBase,
        RegisterSource.GsBase => of.User.GsBase,
        RegisterSource.Paging => paging[register.Index],
        _ => 0,
    };

    private static ushort SelectorOf(int index, TaskRegisters of) => index switch
    {
        0 => of.Cs,
        1 => of.Ss,
        2 => of.Ds,
        3 => of.Es,
        4 => of.Fs,
        _ => of.Gs,
    };
}
