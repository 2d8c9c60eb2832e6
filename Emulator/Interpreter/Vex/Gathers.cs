using System.Runtime.CompilerServices;
using Iced.Intel;
using MmuEmu.Emulator.Cpu;
using MmuEmu.Emulator.Cpu.Blocks;
using MmuEmu.Emulator.Interpreter.Ops;
using MmuEmu.Emulator.Interpreter.Simd;
using MmuEmu.Emulator.Models;

namespace MmuEmu.Emulator.Interpreter.Vex;

/// <summary>Gathers: elements loaded from addresses of their own, lowest first.</summary>
/// <remarks>
/// Dst holds the destination, First the mask, Index the number of the index vector. Each element that is done clears its mask, so after
/// a fault the instruction goes on where it stopped. The destination above that is then untouched; the mask above it is so too, or each
/// element is all ones or zero, by habit (a load into an XMM register then has cleared the upper half already). The decoder refuses equal registers. RFLAGS.AC does not count.
/// Source: [SDM2 "VGATHERDPD/VGATHERQPD", "VPGATHERDD/VPGATHERDQ"].
/// </remarks>
internal static unsafe class Gathers
{
    private const ulong Narrow = 1;

    /// <summary>The instructions of this group.</summary>
    public static readonly EmitterRow[] Rows =
    [
        new(Mnemonic.Vgatherdps, Emit<uint, int>),
        new(Mnemonic.Vgatherdpd, Emit<ulong, int>),
        new(Mnemonic.Vgatherqps, Emit<uint, long>),
        new(Mnemonic.Vgatherqpd, Emit<ulong, long>),
        new(Mnemonic.Vpgatherdd, Emit<uint, int>),
        new(Mnemonic.Vpgatherdq, Emit<ulong, int>),
        new(Mnemonic.Vpgatherqd, Emit<uint, long>),
        new(Mnemonic.Vpgatherqq, Emit<ulong, long>),
    ];

    private static bool Emit<T, TIndex>(ref OpBuilder b)
        where T : unmanaged
        where TIndex : unmanaged
    {
        b.TakeVectorAddress(out bool narrow);
        b.Op->Immediate = narrow ? Narrow : 0;
        b.Op->Index = (byte)b.Instruction.MemoryIndex.GetNumber();
        b.Op->Dst = (byte)b.Instruction.Op0Register.GetNumber();
        b.Op->First = (byte)b.Instruction.Op2Register.GetNumber();
        b.Op->Third = b.Model.Has(CpuHabits.GatherFaultSpreadsMask) ? (byte)1 : (byte)0;
        b.Op->Run = VectorEmitter.Of<Gathering<T, TIndex>>(b);
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Op* Gather<T, TIndex, TForm>(Vcpu vcpu, CpuState* s, Op* op)
        where T : unmanaged
        where TIndex : unmanaged
        where TForm : struct, IVectorForm
    {
        T* dst = (T*)VectorOperands.Dst(s, op);
        T* mask = (T*)TForm.First(s, op);
        TIndex* indices = (TIndex*)Operands.Vector(s, op->Index);
        int count = 16 * TForm.Lanes / Math.Max(sizeof(T), sizeof(TIndex));
        bool loaded = false;
        for (int i = 0; i < count; i++)
        {
            if (!IsSigned(mask[i]))
            {
                mask[i] = default;
                continue;
            }

            byte* from = Probe.ReadAnywhere(vcpu, s, AddressOf(s, op, sizeof(TIndex) == 4 ? ((int*)indices)[i] : ((long*)indices)[i]), sizeof(T));
            if (from is null)
            {
                if (op->Third != 0)
                {
                    Spread(mask, i, 16 * TForm.Lanes);
                    ClearFrom((byte*)dst, loaded && TForm.Lanes == 1 ? 16 : 32);
                }

                return vcpu.Fault(op);
            }

            (dst[i], mask[i], loaded) = (*(T*)from, default, true);
        }

        ClearFrom((byte*)dst, count * sizeof(T));
        ClearFrom((byte*)mask, count * sizeof(T));
        return op + 1;
    }

    /// <summary>
    /// The mask from element <paramref name="first"/> on becomes all ones where its sign is set and zero elsewhere, in <paramref name="bytes"/>
    /// bytes of the register; those above are cleared.
    /// </summary>
    private static void Spread<T>(T* mask, int first, int bytes)
        where T : unmanaged
    {
        for (int i = first; i < bytes / sizeof(T); i++)
        {
            new Span<byte>(mask + i, sizeof(T)).Fill(IsSigned(mask[i]) ? byte.MaxValue : (byte)0);
        }

        ClearFrom((byte*)mask, bytes);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong AddressOf(CpuState* s, Op* op, long index)
    {
        ulong offset = *(ulong*)((byte*)s + op->Base) + ((ulong)index << op->Scale) + op->Displacement;
        return (op->Immediate == Narrow ? (uint)offset : offset) + *(ulong*)((byte*)s + op->Segment);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void ClearFrom(byte* register, int at)
    {
        for (; at < 32; at += 8)
        {
            *(ulong*)(register + at) = 0;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsSigned<T>(T element)
        where T : unmanaged => sizeof(T) == 4 ? *(int*)&element < 0 : *(long*)&element < 0;

    private readonly struct Gathering<T, TIndex> : IByForm
        where T : unmanaged
        where TIndex : unmanaged
    {
        public static Handler With<TForm>()
            where TForm : struct, IVectorForm => &Gather<T, TIndex, TForm>;
    }
}
