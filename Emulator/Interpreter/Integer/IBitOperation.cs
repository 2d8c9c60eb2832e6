using MmuEmu.Emulator.Cpu;
using MmuEmu.Emulator.Interpreter.Ops;

namespace MmuEmu.Emulator.Interpreter.Integer;

/// <summary>An operation of BMI1 or BMI2 on a source that may be in memory and a register.</summary>
internal unsafe interface IBitOperation
{
    /// <summary>The result; notes the flags, if the instruction has any.</summary>
    /// <param name="s">Where flags are noted.</param>
    /// <param name="source">The operand that a register or memory may hold.</param>
    /// <param name="register">The register that VEX.vvvv names, or the immediate; zero for an instruction with one source.</param>
    static abstract ulong Apply<TWidth>(CpuState* s, ulong source, ulong register)
        where TWidth : struct, IWidth;
}
