using Iced.Intel;
using MmuEmu.Emulator.Models;

namespace MmuEmu.Emulator.Decode;

/// <summary>PAUSE with REX.B, which is no PAUSE on AMD: the prefix F3 is ignored, and what is left exchanges R8 with the accumulator.</summary>
/// <remarks>Iced names it PAUSE on both. Source: [APM3 "XCHG", opcode 90+rd with REX.B]; <see cref="CpuHabits.PauseIgnoresRexB"/>.</remarks>
internal static class Pauses
{
    private const byte RexB = 1;
    private const byte RexW = 8;

    /// <summary>The instruction that a processor makes of it.</summary>
    /// <param name="instruction">A PAUSE, as Iced decodes it.</param>
    /// <param name="code">Its bytes.</param>
    /// <param name="model">The processor.</param>
    public static Instruction Judge(in Instruction instruction, ReadOnlySpan<byte> code, CpuModel model)
    {
        byte rex = code.Length > 1 ? code[^2] : (byte)0;
        if ((rex & 0xF0) != 0x40 || (rex & RexB) == 0 || model.Has(CpuHabits.PauseIgnoresRexB))
        {
            return instruction;
        }

        bool narrow = code.Contains((byte)0x66);
        Instruction exchange = (rex & RexW) != 0 ? Instruction.Create(Code.Xchg_r64_RAX, Register.R8, Register.RAX)
            : narrow ? Instruction.Create(Code.Xchg_r16_AX, Register.R8W, Register.AX)
            : Instruction.Create(Code.Xchg_r32_EAX, Register.R8D, Register.EAX);
        exchange.CodeSize = instruction.CodeSize;
        exchange.Length = instruction.Length;
        exchange.NextIP = instruction.NextIP;
        return exchange;
    }
}
