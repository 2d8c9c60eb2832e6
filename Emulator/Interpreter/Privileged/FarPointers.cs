using Iced.Intel;
using MmuEmu.Emulator.Cpu;
using MmuEmu.Emulator.Cpu.Blocks;
using MmuEmu.Emulator.Interpreter.Ops;

namespace MmuEmu.Emulator.Interpreter.Privileged;

/// <summary>LSS, LFS and LGS: a register and a segment register from a far pointer in memory.</summary>
/// <remarks>Source: [SDM2 "LDS/LES/LFS/LGS/LSS"].</remarks>
internal static unsafe class FarPointers
{
    /// <summary>The instructions of this group.</summary>
    public static readonly EmitterRow[] Rows =
    [
        new(Mnemonic.Lss, static (ref OpBuilder b) => Emit(ref b, SegmentNumber.Ss)),
        new(Mnemonic.Lfs, static (ref OpBuilder b) => Emit(ref b, SegmentNumber.Fs)),
        new(Mnemonic.Lgs, static (ref OpBuilder b) => Emit(ref b, SegmentNumber.Gs)),
    ];

    private static bool Emit(ref OpBuilder b, SegmentNumber segment)
    {
        int bytes = b.BytesAt(0);
        b.TakeOperands();
        b.Op->Immediate = (ulong)segment;
        b.Op->Run = Pick.Width<Loading>(bytes);
        return true;
    }

    private static Op* Load<TWidth>(Vcpu vcpu, CpuState* s, Op* op)
        where TWidth : struct, IWidth
    {
        byte* from = vcpu.Read(s, Operands.Address(s, op), TWidth.Bytes + 2);
        if (from is null)
        {
            return vcpu.Fault(op);
        }

        ulong offset = TWidth.Read(from);
        Op* next = Segments.Load(vcpu, op, (SegmentNumber)op->Immediate, *(ushort*)(from + TWidth.Bytes));
        if (next is not null)
        {
            TWidth.WriteRegister(Operands.Dst(s, op), offset);
        }

        return next;
    }

    private readonly struct Loading : IByWidth
    {
        public static Handler With<TWidth>()
            where TWidth : struct, IWidth => &Load<TWidth>;
    }
}
