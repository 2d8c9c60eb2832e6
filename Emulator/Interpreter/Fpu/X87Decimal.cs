using Iced.Intel;
using MmuEmu.Emulator.Cpu;
using MmuEmu.Emulator.Cpu.Blocks;
using MmuEmu.Emulator.Interpreter.Ops;
using MmuEmu.Emulator.Interpreter.SoftFloat;

namespace MmuEmu.Emulator.Interpreter.Fpu;

/// <summary>FBLD and FBSTP: eighteen packed decimal digits and a sign byte.</summary>
/// <remarks>Digits above nine load as the processor adds them up; the manual leaves them undefined. Source: [SDM2 "FBLD", "FBSTP"].</remarks>
internal static unsafe class X87Decimal
{
    private const int Bytes = 10;
    private const int DigitBytes = 9;
    private const long Limit = 1_000_000_000_000_000_000;

    /// <summary>Sixteen digits fill the lower eight bytes.</summary>
    private const long LowLimit = 10_000_000_000_000_000;

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
        b.Op->Run = X87Stores.Ten<Digits>(ref b);
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

    private readonly struct Digits : IX87Ten
    {
        public static (ulong Low, ushort High) Of(CpuState* s, ref FpContext c)
        {
            FpNumber value = X87.Get(s, 0);
            FpContext trial = c;
            long integer = X87.InUse(s, 0) ? FpConvert.ToInteger(value, 64, ref trial) : long.MinValue;
            if (integer is <= -Limit or >= Limit)
            {
                c.Flags = FpFlags.IE;
                return (0xC000_0000_0000_0000, 0xFFFF);
            }

            c = trial;
            (long upper, long lower) = Math.DivRem(Math.Abs(integer), LowLimit);
            return (Packed(lower), (ushort)(Packed(upper) | (value.Negative ? 0x8000U : 0)));
        }

        private static ulong Packed(long rest)
        {
            ulong digits = 0;
            for (int at = 0; rest != 0; at += 4)
            {
                (rest, long digit) = Math.DivRem(rest, 10);
                digits |= (ulong)digit << at;
            }

            return digits;
        }
    }
}
