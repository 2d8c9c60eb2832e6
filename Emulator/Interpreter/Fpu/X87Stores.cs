using Iced.Intel;
using MmuEmu.Emulator.Cpu;
using MmuEmu.Emulator.Cpu.Decode;

namespace MmuEmu.Emulator.Interpreter;

/// <summary>FST, FSTP, FIST, FISTP, FISTTP.</summary>
/// <remarks>
/// An unmasked overflow or underflow of a store to memory leaves memory and stack alone; an unmasked precision exception does not.
/// Source: [SDM2 "FST/FSTP", "FIST/FISTP", "FISTTP"].
/// </remarks>
internal static unsafe class X87Stores
{
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
            MemorySize.Float32 => &StoreReal<SingleFormat>,
            MemorySize.Float64 => &StoreReal<DoubleFormat>,
            _ => &StoreExtended,
        };
        return true;
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
            2 => &StoreInteger<W16>,
            4 => &StoreInteger<W32>,
            _ => &StoreInteger<W64>,
        };
        return true;
    }

    private static bool EmitTruncated(ref OpBuilder b)
    {
        b.TakeAddress();
        b.Op->Immediate = 1;
        b.Op->Run = b.Instruction.MemorySize.GetSize() switch
        {
            2 => &StoreTruncated<W16>,
            4 => &StoreTruncated<W32>,
            _ => &StoreTruncated<W64>,
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

    private static Op* StoreReal<TFormat>(Vcpu vcpu, CpuState* s, Op* op)
        where TFormat : struct, IFpFormat
    {
        byte* to = X87.Open(vcpu, s, op, TFormat.Bytes);
        if (to is null)
        {
            return null;
        }

        FpContext c = X87.Context(s);
        FpNumber value = X87.Get(s, 0);
        FpNumber result = !X87.InUse(s, 0) ? FpNumber.Indefinite
            : X87.TryNan(value, value, ref c, out FpNumber nan) ? nan
            : value.Kind == FpKind.Finite ? FpRounder.Round(value.Widen(), TFormat.Target, ref c)
            : value;
        if (Proceeds(s, c))
        {
            SseFloat.SetLane<TFormat>(to, 0, FpCodec.Pack<TFormat>(result));
            X87.Pop(s, op->Immediate);
        }

        vcpu.Commit(s);
        return op + 1;
    }

    private static Op* StoreExtended(Vcpu vcpu, CpuState* s, Op* op)
    {
        byte* to = X87.Open(vcpu, s, op, 10);
        if (to is null)
        {
            return null;
        }

        if (X87.InUse(s, 0))
        {
            s->FpuStatus &= unchecked((ushort)~X87.C1);
            new ReadOnlySpan<byte>(X87.At(s, 0), 10).CopyTo(new Span<byte>(to, 10));
            X87.Pop(s, 1);
        }
        else if (X87.TryStackFault(s, 0))
        {
            FpExtended.Store(to, FpNumber.Indefinite);
            X87.Pop(s, 1);
        }

        vcpu.Commit(s);
        return op + 1;
    }

    private static Op* StoreInteger<TWidth>(Vcpu vcpu, CpuState* s, Op* op)
        where TWidth : struct, IWidth => StoreRounded<TWidth>(vcpu, s, op, X87.Context(s));

    private static Op* StoreTruncated<TWidth>(Vcpu vcpu, CpuState* s, Op* op)
        where TWidth : struct, IWidth => StoreRounded<TWidth>(vcpu, s, op, X87.Context(s) with { Rounding = FpRounding.Zero });

    private static Op* StoreRounded<TWidth>(Vcpu vcpu, CpuState* s, Op* op, FpContext c)
        where TWidth : struct, IWidth
    {
        byte* to = X87.Open(vcpu, s, op, TWidth.Bytes);
        if (to is null)
        {
            return null;
        }

        int bits = 64 - TWidth.Shift;
        long value = X87.InUse(s, 0) ? FpConvert.ToInteger(X87.Get(s, 0), bits, ref c) : long.MinValue >> TWidth.Shift;
        if (Proceeds(s, c))
        {
            TWidth.Write(to, (ulong)value);
            X87.Pop(s, op->Immediate);
        }

        vcpu.Commit(s);
        return op + 1;
    }

    /// <summary>Reports, after the stack was found in order or not; false when nothing may be stored.</summary>
    public static bool Proceeds(CpuState* s, in FpContext c)
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
