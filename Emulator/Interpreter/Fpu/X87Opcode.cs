using MmuEmu.Emulator.Cpu.Blocks;
using MmuEmu.Emulator.Interpreter.Ops;

namespace MmuEmu.Emulator.Interpreter.Fpu;

/// <summary>Opcodes of x87 instructions as FOP holds them.</summary>
/// <remarks>Source: [SDM1 Programming with the x87 FPU, "Last Instruction Opcode"].</remarks>
internal static unsafe class X87Opcode
{
    /// <summary>The emitter of an x87 group, whose ops keep the opcode in <see cref="Op.Count"/>.</summary>
    public static Emitter Noted(Emitter emit) => (ref OpBuilder b) =>
    {
        bool known = emit(ref b);
        b.Op->Count = Of(b.Code);
        return known;
    };

    /// <summary>The opcode as FOP holds it: eleven bits; 0 for WAIT, which has none.</summary>
    private static ushort Of(ReadOnlySpan<byte> code)
    {
        int at = 0;
        while (at < code.Length - 2 && IsPrefix(code[at]))
        {
            at++;
        }

        return (code[at] & 0xF8) == 0xD8 ? (ushort)(((code[at] & 7) << 8) | code[at + 1]) : (ushort)0;
    }

    private static bool IsPrefix(byte value) =>
        value is 0x26 or 0x2E or 0x36 or 0x3E or 0x64 or 0x65 or 0x66 or 0x67 or 0xF0 or 0xF2 or 0xF3 || (value & 0xF0) == 0x40;
}
