using Iced.Intel;
using MmuEmu.Kernel.Story;

namespace MmuEmu.Debugger.Rendering;

/// <summary>An instruction in words.</summary>
internal static class InstructionText
{
    /// <summary>Its name and form; the bytes when they are no instruction.</summary>
    public static string Of(CodeBytes code)
    {
        Instruction instruction = Decode(code);
        return instruction.IsInvalid ? code.ToString() : instruction.OpCode.ToInstructionString();
    }

    /// <summary>The extensions of the instruction set that it belongs to, as their CPUID bits are called.</summary>
    public static string Extensions(CodeBytes code) => string.Join(' ', Decode(code).CpuidFeatures);

    private static Instruction Decode(CodeBytes code) => Decoder.Create(64, new ByteArrayCodeReader(code.ToArray())).Decode();
}
