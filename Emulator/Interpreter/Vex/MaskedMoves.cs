using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Iced.Intel;
using MmuEmu.Emulator.Cpu;
using MmuEmu.Emulator.Cpu.Blocks;
using MmuEmu.Emulator.Interpreter.Ops;
using MmuEmu.Emulator.Interpreter.Simd;
using MmuEmu.Emulator.Models;
using V = System.Runtime.Intrinsics.Vector128<byte>;

namespace MmuEmu.Emulator.Interpreter.Vex;

/// <summary>Loads and stores of the elements whose mask has its sign set.</summary>
/// <remarks>
/// Elements that are not selected are not accessed. Within a page one access serves the run from the first to the last selected byte;
/// where the run crosses into a second page each element is asked for by itself, so that a fault names the element's own address.
/// A store that faults has written nothing; by habit its second page is asked for by the last byte of the run, and under a
/// 32-bit address size each element wraps for itself. RFLAGS.AC does not count.
/// Source: [SDM2 "VMASKMOV", "VPMASKMOV"].
/// </remarks>
internal static unsafe class MaskedMoves
{
    private const int LastByte = 1;
    private const int Wraps = 2;
    private const uint WidestOperand = 32;

    /// <summary>The instructions of this group.</summary>
    public static readonly EmitterRow[] Rows =
    [
        new(Mnemonic.Vmaskmovps, Emit<uint>),
        new(Mnemonic.Vmaskmovpd, Emit<ulong>),
        new(Mnemonic.Vpmaskmovd, Emit<uint>),
        new(Mnemonic.Vpmaskmovq, Emit<ulong>),
    ];

    private static bool Emit<T>(ref OpBuilder b)
        where T : unmanaged
    {
        VectorOperands.Take(ref b);
        (Register @base, Register index) = (b.Instruction.MemoryBase, b.Instruction.MemoryIndex);
        bool absolute = @base == Register.None && index == Register.None && b.Instruction.MemoryDisplSize == 4;
        bool narrow = absolute || @base == Register.EIP || @base.GetSize() == 4 || index.GetSize() == 4;
        b.Op->Third = (byte)((b.Model.Has(CpuHabits.MaskedStoreFaultsAtLastByte) ? LastByte : 0)
            | (narrow && b.Model.Has(CpuHabits.MaskedMoveWrapsNarrowly) ? Wraps : 0));
        b.Op->Run = b.IsMemory(0) ? VectorEmitter.Of<ToMemory<T>>(b) : VectorEmitter.Of<FromMemory<T>>(b);
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Op* Load<T, TForm>(Vcpu vcpu, CpuState* s, Op* op)
        where T : unmanaged
        where TForm : struct, IVectorForm
    {
        uint signs = Signs<T, TForm>(TForm.First(s, op));
        ulong address = Operands.Address(s, op);
        bool whole = TryRun<T>(address, signs, out int first, out int bytes) && !IsWrapped(s, op, address);
        byte* from = null;
        if (whole && (from = Probe.ReadAnywhere(vcpu, s, address + (ulong)first, bytes)) is null)
        {
            return vcpu.Fault(op);
        }

        Vector256<byte> results = default;
        for (uint left = signs; left != 0; left &= left - 1)
        {
            int at = System.Numerics.BitOperations.TrailingZeroCount(left) * sizeof(T);
            byte* element = whole ? from + at - first : Probe.ReadAnywhere(vcpu, s, ElementAt(s, op, address, at), sizeof(T));
            if (element is null)
            {
                return vcpu.Fault(op);
            }

            *(T*)((byte*)&results + at) = *(T*)element;
        }

        SseFloat.PutLanes<TForm>(s, op, results);
        return op + 1;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Op* Store<T, TForm>(Vcpu vcpu, CpuState* s, Op* op)
        where T : unmanaged
        where TForm : struct, IVectorForm
    {
        uint signs = Signs<T, TForm>(TForm.First(s, op));
        ulong address = Operands.Address(s, op);
        if (!TryRun<T>(address, signs, out int first, out int bytes) || IsWrapped(s, op, address))
        {
            bool faults = signs != 0 && (op->Third & LastByte) != 0 && !HasEnds(vcpu, s, address + (ulong)first, bytes);
            return faults ? vcpu.Fault(op) : StoreElements<T>(vcpu, s, op, signs);
        }

        byte* to = Probe.OpenAnywhere(vcpu, s, address + (ulong)first, bytes);
        if (to is null)
        {
            return vcpu.Fault(op);
        }

        byte* from = (byte*)VectorOperands.Src(s, op);
        for (uint left = signs; left != 0; left &= left - 1)
        {
            int at = System.Numerics.BitOperations.TrailingZeroCount(left) * sizeof(T);
            *(T*)(to + at - first) = *(T*)(from + at);
        }

        vcpu.Commit(s);
        return op + 1;
    }

    /// <summary>Asks for every selected element, then stores them: the second round cannot fault.</summary>
    private static Op* StoreElements<T>(Vcpu vcpu, CpuState* s, Op* op, uint signs)
        where T : unmanaged
    {
        ulong address = Operands.Address(s, op);
        for (uint left = signs; left != 0; left &= left - 1)
        {
            int at = System.Numerics.BitOperations.TrailingZeroCount(left) * sizeof(T);
            if (Probe.OpenAnywhere(vcpu, s, ElementAt(s, op, address, at), sizeof(T)) is null)
            {
                return vcpu.Fault(op);
            }

            s->PendingStore = 0;
        }

        for (uint left = signs; left != 0; left &= left - 1)
        {
            int at = System.Numerics.BitOperations.TrailingZeroCount(left) * sizeof(T);
            byte* to = Probe.OpenAnywhere(vcpu, s, ElementAt(s, op, address, at), sizeof(T));
            *(T*)to = *(T*)((byte*)VectorOperands.Src(s, op) + at);
            vcpu.Commit(s);
        }

        return op + 1;
    }

    /// <summary>True when elements of a 32-bit address wrap at 4 GiB, each for itself, and some here may.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsWrapped(CpuState* s, Op* op, ulong address) =>
        (op->Third & Wraps) != 0 && address - *(ulong*)((byte*)s + op->Segment) > uint.MaxValue - WidestOperand;

    /// <summary>The address of the element <paramref name="at"/> bytes behind <paramref name="address"/>.</summary>
    private static ulong ElementAt(CpuState* s, Op* op, ulong address, int at)
    {
        ulong segment = *(ulong*)((byte*)s + op->Segment);
        return (op->Third & Wraps) != 0 ? (uint)(address - segment + (ulong)at) + segment : address + (ulong)at;
    }

    /// <summary>True when the first and the last byte of a run over two pages can be written.</summary>
    private static bool HasEnds(Vcpu vcpu, CpuState* s, ulong start, int bytes)
    {
        bool can = Probe.OpenAnywhere(vcpu, s, start, 1) is not null && Probe.OpenAnywhere(vcpu, s, start + (ulong)bytes - 1, 1) is not null;
        s->PendingStore = 0;
        return can;
    }

    /// <summary>The selected elements, one bit each.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Signs<T, TForm>(V* mask)
        where T : unmanaged
        where TForm : struct, IVectorForm
    {
        uint signs = mask[0].As<byte, T>().ExtractMostSignificantBits();
        return TForm.Lanes == 2 ? signs | (mask[1].As<byte, T>().ExtractMostSignificantBits() << Vector128<T>.Count) : signs;
    }

    /// <summary>The bytes from the first selected element to the end of the last; false when there are none, or in two pages.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool TryRun<T>(ulong address, uint signs, out int first, out int bytes)
        where T : unmanaged
    {
        first = System.Numerics.BitOperations.TrailingZeroCount(signs) * sizeof(T);
        bytes = ((32 - System.Numerics.BitOperations.LeadingZeroCount(signs)) * sizeof(T)) - first;
        return signs != 0 && (int)((address + (ulong)first) & 0xFFF) <= 4096 - bytes;
    }

    private readonly struct FromMemory<T> : IByForm
        where T : unmanaged
    {
        public static Handler With<TForm>()
            where TForm : struct, IVectorForm => &Load<T, TForm>;
    }

    private readonly struct ToMemory<T> : IByForm
        where T : unmanaged
    {
        public static Handler With<TForm>()
            where TForm : struct, IVectorForm => &Store<T, TForm>;
    }
}
