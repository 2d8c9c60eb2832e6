using System.Buffers.Binary;
using Iced.Intel;
using MmuEmu.Emulator.Cpu;
using MmuEmu.Emulator.Cpu.Blocks;
using MmuEmu.Emulator.Interpreter.Ops;

namespace MmuEmu.Emulator.Interpreter.Integer;

/// <summary>MOVBE: a move to or from memory with the bytes in the other order.</summary>
/// <remarks>Source: [SDM2 "MOVBE"].</remarks>
internal static unsafe class SwappedMoves
{
    /// <summary>The instructions of this group.</summary>
    public static readonly EmitterRow[] Rows = [new(Mnemonic.Movbe, Emit)];

    private static bool Emit(ref OpBuilder b)
    {
        int bytes = b.BytesAt(0);
        b.TakeOperands();
        b.Op->Run = b.IsMemory(0) ? Pick.Width<Storing>(bytes) : Pick.Width<Loading>(bytes);
        return true;
    }

    private static ulong Swapped<TWidth>(ulong value)
        where TWidth : struct, IWidth => BinaryPrimitives.ReverseEndianness(value) >> TWidth.Shift;

    private static Op* Load<TWidth>(Vcpu vcpu, CpuState* s, Op* op)
        where TWidth : struct, IWidth
    {
        byte* from = vcpu.Read(s, Operands.Address(s, op), TWidth.Bytes);
        if (from is null)
        {
            return vcpu.Fault(op);
        }

        TWidth.WriteRegister(Operands.Dst(s, op), Swapped<TWidth>(TWidth.Read(from)));
        return op + 1;
    }

    private static Op* Store<TWidth>(Vcpu vcpu, CpuState* s, Op* op)
        where TWidth : struct, IWidth
    {
        byte* to = vcpu.OpenStore(s, Operands.Address(s, op), TWidth.Bytes);
        if (to is null)
        {
            return vcpu.Fault(op);
        }

        TWidth.Write(to, Swapped<TWidth>(TWidth.Read(Operands.Src(s, op))));
        vcpu.Commit(s);
        return op + 1;
    }

    private readonly struct Loading : IByWidth
    {
        public static Handler With<TWidth>()
            where TWidth : struct, IWidth => &Load<TWidth>;
    }

    private readonly struct Storing : IByWidth
    {
        public static Handler With<TWidth>()
            where TWidth : struct, IWidth => &Store<TWidth>;
    }
}
