using Iced.Intel;
using MmuEmu.Emulator.Cpu;

namespace MmuEmu.Tests.Fuzz;

/// <summary>The RFLAGS bits that the manual leaves undefined after an instruction with given operands.</summary>
public static class UndefinedFlags
{
    /// <summary>The bits after the last instruction of <paramref name="made"/>; 0 when all are defined.</summary>
    public static ulong Of(FuzzCase made)
    {
        ref readonly Instruction instruction = ref made.Slot.Last;
        RflagsBits bits = instruction.RflagsUndefined;
        if (instruction.Mnemonic is Mnemonic.Rcl or Mnemonic.Rcr && CountOf(made) is not 1)
        {
            // OF is defined for rotates by one bit only; a rotate through carry may go all the way round.
            bits |= RflagsBits.OF;
        }

        return CountOf(made) == 0 ? 0 : Bits(bits);
    }

    /// <summary>The count of a shift or rotate, -1 when the instruction has none or earlier instructions may have changed it.</summary>
    private static int CountOf(FuzzCase made)
    {
        ref readonly Instruction instruction = ref made.Slot.Last;
        bool shifts = instruction.Mnemonic is Mnemonic.Shl or Mnemonic.Sal or Mnemonic.Shr or Mnemonic.Sar or Mnemonic.Rol or Mnemonic.Ror
            or Mnemonic.Rcl or Mnemonic.Rcr or Mnemonic.Shld or Mnemonic.Shrd;
        if (!shifts)
        {
            return -1;
        }

        int last = instruction.OpCount - 1;
        bool byRegister = instruction.GetOpKind(last) == OpKind.Register;
        if (byRegister && made.Slot.Instructions.Length > 1)
        {
            return -1;
        }

        ulong count = byRegister ? made.Registers[Gpr.Rcx] : instruction.GetImmediate(last);
        return (int)(count & (instruction.Op0Register.GetSize() == 8 || instruction.MemorySize.GetSize() == 8 ? 63UL : 31UL));
    }

    private static ulong Bits(RflagsBits bits) =>
        ((bits & RflagsBits.CF) != 0 ? 1UL : 0) | ((bits & RflagsBits.PF) != 0 ? 4UL : 0) | ((bits & RflagsBits.AF) != 0 ? 0x10UL : 0)
        | ((bits & RflagsBits.ZF) != 0 ? 0x40UL : 0) | ((bits & RflagsBits.SF) != 0 ? 0x80UL : 0) | ((bits & RflagsBits.OF) != 0 ? 0x800UL : 0);
}
