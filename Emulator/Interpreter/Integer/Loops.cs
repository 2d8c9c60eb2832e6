using Iced.Intel;
using MmuEmu.Emulator.Cpu;
using MmuEmu.Emulator.Cpu.Blocks;
using MmuEmu.Emulator.Interpreter.Ops;

namespace MmuEmu.Emulator.Interpreter.Integer;

/// <summary>LOOP, LOOPE, LOOPNE, JRCXZ and JECXZ; the address size selects RCX or ECX.</summary>
/// <remarks>Source: [SDM2 "LOOP/LOOPcc", "Jcc"].</remarks>
internal static unsafe class Loops
{
    /// <summary>The instructions of this group.</summary>
    public static readonly EmitterRow[] Rows =
    [
        new(Mnemonic.Loop, Emit<Always>),
        new(Mnemonic.Loope, Emit<IfE>),
        new(Mnemonic.Loopne, Emit<Not<IfE>>),
        new(Mnemonic.Jecxz, EmitZero<W32>),
        new(Mnemonic.Jrcxz, EmitZero<W64>),
    ];

    private static bool Emit<TCondition>(ref OpBuilder b)
        where TCondition : struct, ICondition
    {
        bool narrow = b.Instruction.Code is Code.Loop_rel8_64_ECX or Code.Loope_rel8_64_ECX or Code.Loopne_rel8_64_ECX
            or Code.Loop_rel8_16_ECX or Code.Loope_rel8_16_ECX or Code.Loopne_rel8_16_ECX;
        b.Op->Run = narrow ? &Loop<TCondition, W32> : &Loop<TCondition, W64>;
        b.Op->Immediate = b.Instruction.NearBranchTarget;
        b.AddLink(b.Instruction.NextIP);
        return true;
    }

    private static bool EmitZero<TWidth>(ref OpBuilder b)
        where TWidth : struct, IWidth
    {
        b.Op->Run = &JumpIfZero<TWidth>;
        b.Op->Immediate = b.Instruction.NearBranchTarget;
        b.AddLink(b.Instruction.NextIP);
        return true;
    }

    private static Op* Loop<TCondition, TWidth>(Vcpu vcpu, CpuState* s, Op* op)
        where TCondition : struct, ICondition
        where TWidth : struct, IWidth
    {
        byte* rcx = (byte*)(s->Slots + Gpr.Rcx);
        TWidth.WriteRegister(rcx, TWidth.Read(rcx) - 1);
        return Linking.Follow(vcpu, s, TWidth.Read(rcx) != 0 && TCondition.Holds(s) ? op : op + 1);
    }

    private static Op* JumpIfZero<TWidth>(Vcpu vcpu, CpuState* s, Op* op)
        where TWidth : struct, IWidth =>
        Linking.Follow(vcpu, s, TWidth.Read((byte*)(s->Slots + Gpr.Rcx)) == 0 ? op : op + 1);

    private readonly struct Always : ICondition
    {
        public static bool Holds(CpuState* s) => true;
    }
}
