using MmuEmu.Emulator.Cpu;
using MmuEmu.Emulator.Cpu.Blocks;

namespace MmuEmu.Emulator.Interpreter.Privileged;

/// <summary>Turns a refused access of the processor's own into the exit of the instruction that caused it.</summary>
internal static unsafe class SystemFaults
{
    /// <summary>Leaves with <see cref="SystemPort.LastFault"/>.</summary>
    public static Op* Raise(Vcpu vcpu, Op* op)
    {
        SystemFault fault = vcpu.System.LastFault;
        if (fault.Vector != ExceptionVector.PF)
        {
            return vcpu.Raise(op, fault.Vector);
        }

        vcpu.Exit.Kind = CoreExitKind.PageFault;
        vcpu.Exit.Fault = fault.Fault;
        vcpu.Exit.Path = vcpu.Mmu.LastOutcome.Path;
        return vcpu.Fault(op);
    }
}
