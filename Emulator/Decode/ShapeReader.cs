using System.Numerics;
using Iced.Intel;
using MmuEmu.Emulator.Timing;

namespace MmuEmu.Emulator.Decode;

/// <summary>Says of an instruction what a scheduler needs: Iced's facts, in the words of this machine.</summary>
internal sealed class ShapeReader
{
    private static readonly uint[] FlagBits = BuildFlagBits();

    private readonly InstructionInfoFactory _facts = new();

    /// <summary>The shape of one instruction.</summary>
    public InstructionShape Of(in Instruction instruction)
    {
        InstructionInfo info = _facts.GetInfo(instruction);
        RegisterSet reads = WordsOf(instruction);
        RegisterSet writes = reads;
        foreach (UsedRegister used in info.GetUsedRegisters())
        {
            RegisterSet register = SetOf(used.Register);
            writes |= Writes(used.Access) ? register : used.Register.IsMM() ? RegisterSet.X87Words : RegisterSet.None;
            reads |= Reads(used.Access) || IsPartOf(used.Register, instruction) ? register : RegisterSet.None;
        }

        MemoryShape memory = MemoryShape.None;
        foreach (UsedMemory used in info.GetUsedMemory())
        {
            // A place that may be written or not is not read for that, as a register is that keeps its value.
            memory |= Reads(used.Access) && used.Access != OpAccess.CondWrite ? MemoryShape.Loads : MemoryShape.None;
            memory |= Writes(used.Access) ? MemoryShape.Stores : MemoryShape.None;
        }

        uint written = FlagsOf(instruction.RflagsWritten | instruction.RflagsCleared | instruction.RflagsSet);
        uint undefined = FlagsOf(instruction.RflagsUndefined);
        return new InstructionShape
        {
            Class = InstructionClasses.Of(instruction),
            Reads = reads,
            Writes = writes,
            Memory = memory,
            FlagsRead = FlagsOf(instruction.RflagsRead) | (IsByCl(instruction) ? written | undefined : 0),
            FlagsWritten = written,
            FlagsUndefined = undefined,
        };
    }

    private static bool Reads(OpAccess access) =>
        access is OpAccess.Read or OpAccess.CondRead or OpAccess.ReadWrite or OpAccess.ReadCondWrite or OpAccess.CondWrite;

    private static bool Writes(OpAccess access) =>
        access is OpAccess.Write or OpAccess.CondWrite or OpAccess.ReadWrite or OpAccess.ReadCondWrite;

    /// <summary>True for a register that the instruction writes a part of: the rest is what it was.</summary>
    private static bool IsPartOf(Register register, in Instruction instruction) =>
        register.IsGPR() ? register.GetSize() < 4 || instruction.Mnemonic is Mnemonic.Rdsspd or Mnemonic.Rdsspq
        : !register.IsVectorRegister() || instruction.Encoding == EncodingKind.Legacy;

    /// <summary>A shift or rotation by CL, which leaves the flags alone when the count is 0.</summary>
    private static bool IsByCl(in Instruction instruction) =>
        InstructionClasses.Of(instruction) is InstructionClass.Shift or InstructionClass.DoubleShift
        && instruction.OpCount > 1
        && instruction.GetOpKind(instruction.OpCount - 1) == OpKind.Register
        && instruction.GetOpRegister(instruction.OpCount - 1) == Register.CL;

    private static RegisterSet SetOf(Register register)
    {
        if (register.IsGPR())
        {
            return RegisterSet.General(register.GetFullRegister().GetNumber());
        }

        if (register.IsVectorRegister())
        {
            return register.GetNumber() < 16 ? RegisterSet.Vector(register.GetNumber()) : RegisterSet.None;
        }

        return register.IsST() || register.IsMM() ? RegisterSet.X87 | RegisterSet.X87Words
            : register == Register.FS ? RegisterSet.Fs
            : register == Register.GS ? RegisterSet.Gs
            : register.IsSegmentRegister() ? RegisterSet.Segments
            : register.IsCR() || register.IsDR() ? RegisterSet.System
            : RegisterSet.None;
    }

    /// <summary>The control and status words that go with an instruction without being its operands: read for rounding and masks, written with what happened.</summary>
    private static RegisterSet WordsOf(in Instruction instruction) => StateGate.KindOf(instruction) switch
    {
        StateKind.X87 when instruction.Mnemonic is Mnemonic.Fxsave or Mnemonic.Fxsave64 or Mnemonic.Fxrstor or Mnemonic.Fxrstor64 => RegisterSet.SavedState,
        StateKind.X87 or StateKind.Wait or StateKind.Mmx => RegisterSet.X87 | RegisterSet.X87Words,
        StateKind.Sse or StateKind.Avx => RegisterSet.Mxcsr,
        StateKind.Xsave => RegisterSet.SavedState,
        _ => RegisterSet.None,
    };

    private static uint FlagsOf(RflagsBits bits)
    {
        uint flags = 0;
        for (int i = 0; i < FlagBits.Length; i++)
        {
            flags |= ((int)bits >> i & 1) != 0 ? FlagBits[i] : 0;
        }

        return flags;
    }

    /// <summary>The bit in RFLAGS of each of Iced's bits; those of the x87 status word are none.</summary>
    private static uint[] BuildFlagBits()
    {
        uint[] bits = new uint[32];
        foreach ((RflagsBits iced, int at) in ((RflagsBits, int)[])
            [
                (RflagsBits.CF, 0), (RflagsBits.PF, 2), (RflagsBits.AF, 4), (RflagsBits.ZF, 6), (RflagsBits.SF, 7),
                (RflagsBits.IF, 9), (RflagsBits.DF, 10), (RflagsBits.OF, 11), (RflagsBits.AC, 18),
            ])
        {
            bits[BitOperations.TrailingZeroCount((int)iced)] = 1U << at;
        }

        return bits;
    }
}
