using Iced.Intel;
using MmuEmu.Emulator.Cpu;
using MmuEmu.Emulator.Cpu.Blocks;
using MmuEmu.Emulator.Interpreter.Ops;

namespace MmuEmu.Emulator.Interpreter.Integer;

/// <summary>RDRAND and RDSEED: numbers that follow from the run's seed alone, and are always there.</summary>
/// <remarks>CF is set, the other arithmetic flags are cleared. Source: [SDM2 "RDRAND", "RDSEED"].</remarks>
internal static unsafe class RandomNumbers
{
    /// <summary>The instructions of this group.</summary>
    public static readonly EmitterRow[] Rows =
    [
        new(Mnemonic.Rdrand, Emit),
        new(Mnemonic.Rdseed, Emit),
    ];

    private static bool Emit(ref OpBuilder b)
    {
        b.Op->Dst = b.RegisterAt(0);
        b.Op->Run = Pick.Width<Drawing>(b.BytesAt(0));
        return true;
    }

    private static Op* Draw<TWidth>(Vcpu vcpu, CpuState* s, Op* op)
        where TWidth : struct, IWidth
    {
        TWidth.WriteRegister(Operands.Dst(s, op), Next(vcpu));
        Rflags.WriteArithmetic(s, Rflags.CF);
        return op + 1;
    }

    /// <summary>SplitMix64. Source: [Steele, Lea, Flood, "Fast splittable pseudorandom number generators", 2014].</summary>
    private static ulong Next(Vcpu vcpu)
    {
        ulong state = vcpu.EntropySeed += 0x9E37_79B9_7F4A_7C15;
        ulong mixed = (state ^ (state >> 30)) * 0xBF58_476D_1CE4_E5B9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D0_49BB_1331_11EB;
        return mixed ^ (mixed >> 31);
    }

    private readonly struct Drawing : IByWidth
    {
        public static Handler With<TWidth>()
            where TWidth : struct, IWidth => &Draw<TWidth>;
    }
}
