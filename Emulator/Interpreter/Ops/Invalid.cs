using MmuEmu.Emulator.Cpu;
using MmuEmu.Emulator.Cpu.Blocks;
using MmuEmu.Emulator.Models;

namespace MmuEmu.Emulator.Interpreter.Ops;

/// <summary>Byte sequences that are no instruction, and instructions this core does not have: #UD.</summary>
internal static unsafe class Invalid
{
    /// <summary>No instruction.</summary>
    public static Op* Undefined(Vcpu vcpu, CpuState* s, Op* op) => vcpu.Raise(op, ExceptionVector.UD);

    /// <summary>An instruction on state that the control registers have taken away.</summary>
    public static Op* NotAvailable(Vcpu vcpu, CpuState* s, Op* op) => vcpu.Raise(op, ExceptionVector.NM);

    /// <summary>More than 15 bytes. Source: [SDM3 Interrupt and Exception Handling, "Interrupt 13-General Protection Exception"].</summary>
    public static Op* TooLong(Vcpu vcpu, CpuState* s, Op* op) => vcpu.Raise(op, ExceptionVector.GP);

    /// <summary>An instruction that exists, but not on this model: the processor does just what one without the feature does.</summary>
    public static Op* NotInModel(Vcpu vcpu, CpuState* s, Op* op)
    {
        vcpu.Raise(op, ExceptionVector.UD);
        vcpu.Exit.Missing = (CpuFeatures)op->Immediate;
        return null;
    }

    /// <summary>An instruction that the model has and this core has not learned.</summary>
    public static Op* Unsupported(Vcpu vcpu, CpuState* s, Op* op)
    {
        vcpu.Raise(op, ExceptionVector.UD);
        vcpu.Exit.Unsupported = true;
        return null;
    }
}
