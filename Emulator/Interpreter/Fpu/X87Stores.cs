using Iced.Intel;
using MmuEmu.Emulator.Cpu;
using MmuEmu.Emulator.Cpu.Blocks;
using MmuEmu.Emulator.Interpreter.Ops;
using MmuEmu.Emulator.Interpreter.Simd;
using MmuEmu.Emulator.Interpreter.SoftFloat;
using MmuEmu.Emulator.Models;

namespace MmuEmu.Emulator.Interpreter.Fpu;

/// <summary>FST, FSTP, FIST, FISTP, FISTTP.</summary>
/// <remarks>
/// An unmasked overflow or underflow of a store to memory leaves memory and stack alone; an unmasked precision exception does not. Whether
/// memory is asked for when nothing may be stored, is a habit.
/// Source: [SDM2 "FST/FSTP", "FIST/FISTP", "FISTTP"].
/// </remarks>
internal static unsafe class X87Stores
{
    /// <summary>Marks a store of ten bytes as one of eight and one of two.</summary>
    private const byte InParts = 1;

    private const uint BlocksStore = FpFlags.IE | FpFlags.OE | FpFlags.UE;

    /// <summary>The instructions of this group.</summary>
    public static readonly EmitterRow[] Rows =
    [
        new(Mnemonic.Fst, EmitStore),
        new(Mnemonic.Fstp, EmitStore),
        new(Mnemonic.Fstpnce, EmitUnchecked),
        new(Mnemonic.Fist, EmitInteger),
        new(Mnemonic.Fistp, EmitInteger),
        new(Mnemonic.Fisttp, EmitTruncated),
    ];

    private static bool EmitStore(ref OpBuilder b)
    {
        ulong pops = b.Instruction.Mnemonic == Mnemonic.Fst ? 0UL : 1;
        if (b.IsRegister(0))
        {
            b.Op->Dst = (byte)b.Instruction.Op0Register.GetNumber();
            b.Op->Immediate = pops;
            b.Op->Run = &StoreRegister;
            return true;
        }

        b.TakeAddress();
        b.Op->Immediate = pops;
        b.Op->Run = b.Instruction.MemorySize switch
        {
            MemorySize.Float32 => Real<SingleFormat>(b.Model),
            MemorySize.Float64 => Real<DoubleFormat>(b.Model),
            _ => Ten<X87Extended>(ref b),
        };
        return true;
    }

    private static Handler Real<TFormat>(CpuModel model)
        where TFormat : struct, IFpFormat =>
        model.Has(CpuHabits.BlockedFpuStoreIsNoAccess) ? &StoreReal<TFormat, LeavesMemory> : &StoreReal<TFormat, AsksMemory>;

    private static Handler Rounded<TWidth, TRounding>(CpuModel model)
        where TWidth : struct, IWidth
        where TRounding : struct, IIntegerRounding =>
        model.Has(CpuHabits.BlockedFpuStoreIsNoAccess) ? &StoreRounded<TWidth, TRounding, LeavesMemory> : &StoreRounded<TWidth, TRounding, AsksMemory>;

    /// <summary>The handler of a store of ten bytes; Dst tells whether they are stored in parts.</summary>
    public static Handler Ten<TValue>(ref OpBuilder b)
        where TValue : struct, IX87Ten
    {
        b.Op->Dst = b.Model.Has(CpuHabits.TenBytesStoredInParts) ? InParts : (byte)0;
        return b.Model.Has(CpuHabits.BlockedFpuStoreIsNoAccess) ? &StoreTen<TValue, LeavesMemory> : &StoreTen<TValue, AsksMemory>;
    }

    private static bool EmitUnchecked(ref OpBuilder b)
    {
        b.Op->Dst = (byte)b.Instruction.Op0Register.GetNumber();
        b.Op->Run = &StoreUnchecked;
        return true;
    }

    private static bool EmitInteger(ref OpBuilder b)
    {
        b.TakeAddress();
        b.Op->Immediate = b.Instruction.Mnemonic == Mnemonic.Fist ? 0UL : 1;
        b.Op->Run = b.Instruction.MemorySize.GetSize() switch
        {
            2 => Rounded<W16, AsControlled>(b.Model),
            4 => Rounded<W32, AsControlled>(b.Model),
            _ => Rounded<W64, AsControlled>(b.Model),
        };
        return true;
    }

    private static bool EmitTruncated(ref OpBuilder b)
    {
        b.TakeAddress();
        b.Op->Immediate = 1;
        b.Op->Run = b.Instruction.MemorySize.GetSize() switch
        {
            2 => Rounded<W16, Truncated>(b.Model),
            4 => Rounded<W32, Truncated>(b.Model),
            _ => Rounded<W64, Truncated>(b.Model),
        };
        return true;
    }

    private static Op* StoreRegister(Vcpu vcpu, CpuState* s, Op* op)
    {
        if (!X87.TryBegin(vcpu, s, op))
        {
            return null;
        }

        if (X87.InUse(s, 0))
        {
            s->FpuStatus &= unchecked((ushort)~X87.C1);
            *(UInt128*)X87.At(s, op->Dst) = *(UInt128*)X87.At(s, 0);
            X87.Mark(s, op->Dst);
            X87.Pop(s, op->Immediate);
        }
        else if (X87.TryStackFault(s, 0))
        {
            X87.Set(s, op->Dst, FpNumber.Indefinite);
            X87.Pop(s, op->Immediate);
        }

        return op + 1;
    }

    /// <summary>FSTPNCE: a pop of an empty register is no stack fault and moves nothing.</summary>
    private static Op* StoreUnchecked(Vcpu vcpu, CpuState* s, Op* op)
    {
        if (!X87.TryBegin(vcpu, s, op))
        {
            return null;
        }

        s->FpuStatus &= unchecked((ushort)~X87.C1);
        if (X87.InUse(s, 0))
        {
            *(UInt128*)X87.At(s, op->Dst) = *(UInt128*)X87.At(s, 0);
            X87.Mark(s, op->Dst);
        }

        X87.Pop(s, 1);
        return op + 1;
    }

    private static Op* StoreReal<TFormat, TBlocked>(Vcpu vcpu, CpuState* s, Op* op)
        where TFormat : struct, IFpFormat
        where TBlocked : struct, IBlockedStore
    {
        FpContext c = X87.Context(s);
        FpNumber value = X87.Get(s, 0);
        FpNumber result = !X87.InUse(s, 0) ? FpNumber.Indefinite
            : X87.TryNan(value, value, ref c, out FpNumber nan) ? nan
            : value.Kind == FpKind.Finite ? FpRounder.Round(value.Widen(), TFormat.Target, ref c)
            : value;
        if (!X87.TryOpen<TBlocked>(vcpu, s, op, TFormat.Bytes, IsAllowed(s, c), out byte* to))
        {
            return null;
        }

        if (Proceeds(s, c))
        {
            SseFloat.SetLane<TFormat>(to, 0, FpCodec.Pack<TFormat>(result));
            X87.Pop(s, op->Immediate);
        }

        vcpu.Commit(s);
        return op + 1;
    }

    private static Op* StoreRounded<TWidth, TRounding, TBlocked>(Vcpu vcpu, CpuState* s, Op* op)
        where TWidth : struct, IWidth
        where TRounding : struct, IIntegerRounding
        where TBlocked : struct, IBlockedStore
    {
        FpContext c = TRounding.Context(s);
        int bits = 64 - TWidth.Shift;
        long value = X87.InUse(s, 0) ? FpConvert.ToInteger(X87.Get(s, 0), bits, ref c) : long.MinValue >> TWidth.Shift;
        if (!X87.TryOpen<TBlocked>(vcpu, s, op, TWidth.Bytes, IsAllowed(s, c), out byte* to))
        {
            return null;
        }

        if (Proceeds(s, c))
        {
            TWidth.Write(to, (ulong)value);
            X87.Pop(s, op->Immediate);
        }

        vcpu.Commit(s);
        return op + 1;
    }

    private static Op* StoreTen<TValue, TBlocked>(Vcpu vcpu, CpuState* s, Op* op)
        where TValue : struct, IX87Ten
        where TBlocked : struct, IBlockedStore
    {
        FpContext c = X87.Context(s);
        (ulong low, ushort high) = TValue.Of(s, ref c);
        bool allowed = IsAllowed(s, c);
        if (!X87.TryOpen<TBlocked>(vcpu, s, op, 10, allowed, out byte* to))
        {
            return allowed && op->Dst == InParts && vcpu.Exit.Kind == CoreExitKind.PageFault ? StoreFirstPart(vcpu, s, op, low) : null;
        }

        if (Proceeds(s, c))
        {
            (*(ulong*)to, *(ushort*)(to + 8)) = (low, high);
            X87.Pop(s, 1);
        }

        vcpu.Commit(s);
        return op + 1;
    }

    /// <summary>The ten bytes have faulted; the first eight are stored when they can be, and the fault is raised again.</summary>
    private static Op* StoreFirstPart(Vcpu vcpu, CpuState* s, Op* op, ulong low)
    {
        ulong address = Operands.Address(s, op);
        byte* to = vcpu.OpenStore(s, address, 8);
        if (to is null)
        {
            return null;
        }

        *(ulong*)to = low;
        vcpu.Commit(s);
        vcpu.OpenStore(s, address, 10);
        return null;
    }

    /// <summary>False when an unmasked exception forbids to store and to pop.</summary>
    private static bool IsAllowed(CpuState* s, in FpContext c) =>
        X87.InUse(s, 0) ? (c.Unmasked & BlocksStore) == 0 : (s->FpuControl & FpFlags.IE) != 0;

    /// <summary>Reports, after the stack was found in order or not; false when nothing may be stored.</summary>
    private static bool Proceeds(CpuState* s, in FpContext c)
    {
        if (!X87.InUse(s, 0))
        {
            return X87.TryStackFault(s, 0);
        }

        bool blocked = (c.Unmasked & BlocksStore) != 0;
        X87.Report(s, blocked ? c with { Flags = c.Flags & ~FpFlags.PE } : c);
        return !blocked;
    }
}
