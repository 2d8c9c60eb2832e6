using Iced.Intel;

namespace MmuEmu.Emulator.Decode;

/// <summary>A CALL whose far pointer is short in spite of REX.W: the decoder drops the prefix, but what is pushed follows it.</summary>
/// <remarks>Source: [SDM2 "CALL"].</remarks>
internal static class WideFarCalls
{
    private const byte CallOpcode = 0xFF;
    private const byte RexW = 0x48;
    private const byte RexEnd = 0x50;

    /// <summary>The instruction that a processor makes of it.</summary>
    /// <param name="instruction">A <see cref="Code.Call_m1632"/>, as Iced decodes it.</param>
    /// <param name="code">Its bytes.</param>
    public static Instruction Judge(in Instruction instruction, ReadOnlySpan<byte> code)
    {
        int opcode = 0;
        while (opcode < code.Length && code[opcode] != CallOpcode)
        {
            opcode++;
        }

        Instruction wide = instruction;
        if (opcode > 0 && (code[opcode - 1] & RexW) == RexW && code[opcode - 1] < RexEnd)
        {
            wide.Code = Code.Call_m1664;
        }

        return wide;
    }
}
