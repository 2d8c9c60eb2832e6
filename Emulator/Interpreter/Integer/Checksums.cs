using Iced.Intel;
using MmuEmu.Emulator.Cpu;
using MmuEmu.Emulator.Cpu.Blocks;
using MmuEmu.Emulator.Interpreter.Ops;

namespace MmuEmu.Emulator.Interpreter.Integer;

/// <summary>CRC32: the checksum in the destination goes on over 1, 2, 4 or 8 bytes, with the Castagnoli polynomial.</summary>
/// <remarks>A 64-bit destination is cleared above bit 31. Source: [SDM2 "CRC32"].</remarks>
internal static unsafe class Checksums
{
    /// <summary>The instructions of this group.</summary>
    public static readonly EmitterRow[] Rows = [new(Mnemonic.Crc32, Emit)];

    private static bool Emit(ref OpBuilder b)
    {
        int bytes = b.BytesAt(1);
        b.TakeOperands();
        b.Op->Run = b.IsRegister(1) ? Pick.Width<FromRegister>(bytes) : Pick.Width<FromMemory>(bytes);
        return true;
    }

    private static void GoOn<TWidth>(CpuState* s, Op* op, ulong data)
        where TWidth : struct, IWidth
    {
        ulong* dst = (ulong*)Operands.Dst(s, op);
        uint sum = (uint)*dst;
        *dst = TWidth.Bytes switch
        {
            1 => System.Numerics.BitOperations.Crc32C(sum, (byte)data),
            2 => System.Numerics.BitOperations.Crc32C(sum, (ushort)data),
            4 => System.Numerics.BitOperations.Crc32C(sum, (uint)data),
            _ => System.Numerics.BitOperations.Crc32C(sum, data),
        };
    }

    private static Op* Register<TWidth>(Vcpu vcpu, CpuState* s, Op* op)
        where TWidth : struct, IWidth
    {
        GoOn<TWidth>(s, op, TWidth.Read(Operands.Src(s, op)));
        return op + 1;
    }

    private static Op* Memory<TWidth>(Vcpu vcpu, CpuState* s, Op* op)
        where TWidth : struct, IWidth
    {
        byte* from = vcpu.Read(s, Operands.Address(s, op), TWidth.Bytes);
        if (from is null)
        {
            return vcpu.Fault(op);
        }

        GoOn<TWidth>(s, op, TWidth.Read(from));
        return op + 1;
    }

    private readonly struct FromRegister : IByWidth
    {
        public static Handler With<TWidth>()
            where TWidth : struct, IWidth => &Register<TWidth>;
    }

    private readonly struct FromMemory : IByWidth
    {
        public static Handler With<TWidth>()
            where TWidth : struct, IWidth => &Memory<TWidth>;
    }
}
