using Iced.Intel;
using MmuEmu.Emulator.Cpu;
using MmuEmu.Emulator.Cpu.Blocks;
using MmuEmu.Emulator.Interpreter.Ops;

namespace MmuEmu.Emulator.Interpreter.Fpu;

/// <summary>MMX instructions raise a pending x87 exception before all else that they do.</summary>
/// <remarks>Source: [SDM2 "Exception Conditions of Legacy SIMD Instructions Operating on MMX Registers"].</remarks>
internal static unsafe class MmxWaits
{
    /// <summary>The emitter of a group that may hold MMX instructions, those of which wait first.</summary>
    public static Emitter Before(Emitter emit) => (ref OpBuilder b) =>
    {
        if (Waits(b.Instruction))
        {
            b.Precede(&WaitFirst);
        }

        return emit(ref b);
    };

    /// <summary>True when <paramref name="instruction"/> turns to MMX mode.</summary>
    private static bool Waits(in Instruction instruction)
    {
        for (int i = 0; i < instruction.OpCount; i++)
        {
            if (instruction.GetOpKind(i) == OpKind.Register && instruction.GetOpRegister(i) is >= Register.MM0 and <= Register.MM7)
            {
                return true;
            }
        }

        return instruction.Mnemonic == Mnemonic.Emms;
    }

    private static Op* WaitFirst(Vcpu vcpu, CpuState* s, Op* op) => X87.TryBeginControl(vcpu, s, op) ? op + 1 : null;
}
