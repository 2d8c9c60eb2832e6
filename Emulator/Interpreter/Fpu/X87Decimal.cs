using Iced.Intel;
using MmuEmu.Emulator.Cpu;
using MmuEmu.Emulator.Cpu.Decode;

namespace MmuEmu.Emulator.Interpreter;

/// <summary>FBLD and FBSTP: eighteen packed decimal digits and a sign byte.</summary>
/// <remarks>Digits above nine load as the processor adds them up; the manual leaves them undefined. Source: [SDM2 "FBLD", "FBSTP"].</remarks>
internal static unsafe class X87Decimal
{
    private const int Bytes = 10;
    private const int DigitBytes = 9;
    private const long Limit = 1_000_000_000_000_000_000;

    /// <summary>The instructions of this group.</summary>
    public static readonly EmitterRow[] Rows =
    [
        new(Mnemonic.Fbld, EmitLoad),
        new(Mnemonic.Fbstp, EmitStore),
    ];

    private static bool EmitLoad(ref OpBuilder b)
    {
        b.TakeAddress();
        b.Op->Run = &Load;
        return true;
    }

    private static bool EmitStore(ref OpBuilder b)
    {
        b.TakeAddress();
        b.Op->Immediate = 1;
        b.Op->Run = &Store;
        return true;
    }

    private static Op* Load(Vcpu vcpu, CpuState* s, Op* op)
    {
        byte* from = X87.Read(vcpu, s, op, Bytes);
        if (from is null)
        {
            return null;
        }

        long value = 0;
        for (int i = DigitBytes - 1; i >= 0; i--)
        {
            value = (value * 100) + ((from[i] >> 4) * 10) + (from[i] & 15);
        }

        X87.Push(s, FpConvert.FromInteger(value) with { Negative = from[DigitBytes] >= 0x80 });
        return op + 1;
    }

    private static Op* Store(Vcpu vcpu, CpuState* s, Op* op)
    {
        byte* to = X87.Open(vcpu, s, op, Bytes);
        if (to is null)
        {
            return null;
        }

        FpContext c = X87.Context(s);
        FpNumber value = X87.Get(s, 0);
        FpContext trial = c;
        long integer = X87.InUse(s, 0) ? FpConvert.ToInteger(value, 64, ref trial) : long.MinValue;
        bool fits = integer is > -Limit and < Limit;
        if (fits)
        {
            c = trial;
        }
        else
        {
            c.Flags = FpFlags.IE;
        }

        if (X87Stores.Proceeds(s, c))
        {
            Write(to, integer, value.Negative);
            X87.Pop(s, 1);
        }

        vcpu.Commit(s);
        return op + 1;
    }

    private static void Write(byte* to, long integer, bool negative)
    {
        if (integer is <= -Limit or >= Limit)
        {
            (*(ulong*)to, *(ushort*)(to + 8)) = (0xC000_0000_0000_0000, 0xFFFF);
            return;
        }

        long rest = Math.Abs(integer);
        for (int i = 0; i < DigitBytes; i++)
        {
            (rest, long pair) = Math.DivRem(rest, 100);
            to[i] = (byte)(((pair / 10) << 4) | (pair % 10));
        }

        to[DigitBytes] = negative ? (byte)0x80 : (byte)0;
    }
}
