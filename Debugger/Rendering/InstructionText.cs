using Iced.Intel;
using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Story;

namespace MmuEmu.Debugger.Rendering;

/// <summary>An instruction in words.</summary>
internal static class InstructionText
{
    /// <summary>Its name and form; the bytes when they are no instruction.</summary>
    public static string Of(CodeBytes code)
    {
        Instruction instruction = Decode(code, default);
        return instruction.IsInvalid ? code.ToString() : instruction.OpCode.ToInstructionString();
    }

    /// <summary>The instruction at <paramref name="rip"/> with its operands, in Intel's order; the bytes when they are no instruction.</summary>
    public static string At(VirtAddr rip, CodeBytes code)
    {
        Instruction instruction = Decode(code, rip);
        if (code.Count == 0 || instruction.IsInvalid)
        {
            return code.Count == 0 ? "" : $"the bytes {code}";
        }

        StringOutput text = new();
        new IntelFormatter(new FormatterOptions { HexPrefix = "0x", HexSuffix = "", UppercaseHex = false, SpaceAfterOperandSeparator = true }).Format(instruction, text);
        return text.ToStringAndReset();
    }

    /// <summary>The extensions of the instruction set that it belongs to, as their CPUID bits are called.</summary>
    public static string Extensions(CodeBytes code) => string.Join(' ', Decode(code, default).CpuidFeatures);

    /// <summary>What the bytes at <paramref name="rip"/> are.</summary>
    public static Instruction Decode(CodeBytes code, VirtAddr rip) => Decoder.Create(64, new ByteArrayCodeReader(code.ToArray()), rip.Raw).Decode();
}
