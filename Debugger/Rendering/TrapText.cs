using Iced.Intel;
using MmuEmu.Emulator.Cpu;
using MmuEmu.Emulator.Models;
using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Story;

namespace MmuEmu.Debugger.Rendering;

/// <summary>Why an instruction raised an exception, in words: the rule of the manual that it met.</summary>
internal static class TrapText
{
    private const int AddressBits = 48;

    /// <summary>The exception as the manual calls it.</summary>
    public static string NameOf(ExceptionVector vector) => $"#{vector}";

    /// <summary>The rule, as a clause; <paramref name="signal"/> has a vector.</summary>
    public static string Rule(SignalDetail signal, CpuModel cpu)
    {
        Instruction instruction = InstructionText.Decode(signal.Code, signal.Rip);
        return signal.Vector switch
        {
            ExceptionVector.DE => DivideRule(instruction, signal),
            ExceptionVector.UD => UndefinedRule(instruction, signal, cpu),
            ExceptionVector.GP => ProtectionRule(instruction, signal),
            ExceptionVector.SS => "its operand lies by the stack segment at an address that is not canonical: bits 63 to 47 must be equal",
            ExceptionVector.AC => "EFLAGS.AC is set, and its operand is not aligned to its size",
            ExceptionVector.MF => $"an unmasked x87 exception: {FloatText(signal.Info.Code)}",
            ExceptionVector.XM => $"an SSE exception that MXCSR does not mask: {FloatText(signal.Info.Code)}",
            ExceptionVector.BP => "INT3 is a breakpoint, and no debugger waits for it",
            ExceptionVector.DB => "a single step (EFLAGS.TF) or INT1, and no debugger waits for it",
            ExceptionVector.NP => "a segment or gate that is not present",
            ExceptionVector.NM => "the unit that it needs is switched off",
            ExceptionVector.OF => "INTO met an overflow",
            ExceptionVector.TS or ExceptionVector.DF or ExceptionVector.PF or null => "the processor refused it",
        };
    }

    private static string DivideRule(in Instruction instruction, SignalDetail signal)
    {
        if (instruction.OpCount == 0 || instruction.Mnemonic is not (Mnemonic.Div or Mnemonic.Idiv))
        {
            return "a division by 0, or a quotient that does not fit";
        }

        if (instruction.Op0Kind != OpKind.Register)
        {
            return $"the divisor{At(AddressOf(instruction, 0, signal))} is 0, or the quotient does not fit in its register";
        }

        string name = instruction.Op0Register.ToString().ToUpperInvariant();
        return ValueOf(instruction.Op0Register, signal) is 0
            ? $"the divisor {name} is 0"
            : $"the quotient does not fit in its register: the dividend is too large for the divisor {name} = 0x{ValueOf(instruction.Op0Register, signal):x}";
    }

    private static string UndefinedRule(in Instruction instruction, SignalDetail signal, CpuModel cpu)
    {
        bool locked = signal.Code.ToArray().TakeWhile(IsPrefix).Contains((byte)0xF0);
        return instruction switch
        {
            _ when (signal.Missing & CpuFeatures.Foreign) != 0 => $"it belongs to {InstructionText.Extensions(signal.Code)}, which no model of --cpu has",
            _ when signal.Missing != CpuFeatures.None => $"it needs {CpuFeatureTable.NamesOf(signal.Missing)}, which --cpu {cpu.Name} has not",
            _ when signal.Unsupported => "the instruction exists, and this machine does not know it",
            { Mnemonic: Mnemonic.Ud0 or Mnemonic.Ud1 or Mnemonic.Ud2 } => $"{instruction.Mnemonic.ToString().ToUpperInvariant()} is made to raise #UD",
            _ when locked => "LOCK may stand only before an instruction that reads, changes and writes memory, with memory as its destination",
            { IsInvalid: true } => "no instruction has these bytes",
            _ => "the instruction is not allowed in this mode, or with these operands",
        };
    }

    private static string ProtectionRule(in Instruction instruction, SignalDetail signal)
    {
        if (instruction.IsPrivileged)
        {
            return "a privileged instruction: only CPL 0, the kernel, may execute it, and programs run at CPL 3";
        }

        if (instruction.Mnemonic is Mnemonic.Int or Mnemonic.In or Mnemonic.Out or Mnemonic.Insb or Mnemonic.Outsb)
        {
            return instruction.Mnemonic == Mnemonic.Int
                ? $"no gate that programs may use has the vector 0x{instruction.Immediate8:x}"
                : "ports need IOPL 3, which programs do not have";
        }

        for (int i = 0; i < instruction.OpCount; i++)
        {
            if (instruction.GetOpKind(i) == OpKind.Memory && AddressOf(instruction, i, signal) is { } address)
            {
                int bytes = instruction.MemorySize.GetSize();
                if (!address.IsCanonical(AddressBits))
                {
                    return $"the address {address} is not canonical: bits 63 to 47 must be equal";
                }

                if (bytes >= 16 && address.Raw % (ulong)bytes != 0)
                {
                    return $"the operand at {address} must be aligned to {bytes} bytes";
                }
            }
        }

        return instruction.FlowControl is FlowControl.Return or FlowControl.IndirectBranch or FlowControl.IndirectCall
            ? "it leads to an address that is not canonical, or to a segment that programs may not use"
            : $"general protection, error code 0x{signal.ErrorCode:x}";
    }

    private static string FloatText(int code) => code switch
    {
        1 or 3 => "division by 0",
        4 => "overflow",
        5 => "underflow, or a denormal operand",
        6 => "an inexact result",
        7 => "an invalid operation",
        _ => "of no kind that the flags name",
    };

    private static string At(VirtAddr? address) => address is { } known ? $" at {known}" : "";

    /// <summary>The address of a memory operand; null when a base is not known.</summary>
    private static VirtAddr? AddressOf(in Instruction instruction, int operand, SignalDetail signal)
    {
        bool byThread = instruction.MemorySegment is Register.FS or Register.GS;
        return !byThread && signal.Registers.Count == 16 && instruction.TryGetVirtualAddress(operand, 0, out ulong address, Value) ? new VirtAddr(address) : null;

        bool Value(Register register, int index, int size, out ulong value)
        {
            value = ValueOf(register, signal) ?? 0;
            return register.IsSegmentRegister() || ValueOf(register, signal) is not null;
        }
    }

    /// <summary>What a general-purpose register held; null for others.</summary>
    private static ulong? ValueOf(Register register, SignalDetail signal)
    {
        if (!register.IsGPR() || signal.Registers.Count != 16)
        {
            return null;
        }

        ulong whole = signal.Registers[register.GetFullRegister() - Register.RAX];
        bool high = register is Register.AH or Register.BH or Register.CH or Register.DH;
        int bits = register.GetSize() * 8;
        return (high ? whole >> 8 : whole) & (bits == 64 ? ulong.MaxValue : (1UL << bits) - 1);
    }

    private static bool IsPrefix(byte code) =>
        code is 0xF0 or 0xF2 or 0xF3 or 0x66 or 0x67 or 0x2E or 0x36 or 0x3E or 0x26 or 0x64 or 0x65 or (>= 0x40 and <= 0x4F);
}
