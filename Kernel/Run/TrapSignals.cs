using MmuEmu.Emulator.Cpu;
using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Abi;

namespace MmuEmu.Kernel.Run;

/// <summary>The signal that an exception of the processor becomes.</summary>
/// <remarks>Source: [Linux arch/x86/kernel/traps.c; arch/x86/kernel/fpu/core.c, fpu__exception_code; get_si_code].</remarks>
internal static class TrapSignals
{
    private const int FpeFltDiv = 3;
    private const int FpeFltOvf = 4;
    private const int FpeFltUnd = 5;
    private const int FpeFltRes = 6;
    private const int FpeFltInv = 7;

    /// <summary>The signal of <paramref name="vector"/>, taken with the registers of <paramref name="vcpu"/>.</summary>
    public static SigInfo Of(ExceptionVector vector, Vcpu vcpu)
    {
        VirtAddr rip = new(vcpu.Rip);
        return vector switch
        {
            ExceptionVector.DE => new SigInfo(Signal.SIGFPE, SigCode.FpeIntDiv, rip),
            ExceptionVector.DB => new SigInfo(Signal.SIGTRAP, DebugCode(vcpu), rip),
            ExceptionVector.BP => new SigInfo(Signal.SIGTRAP, SigCode.Kernel, default),
            ExceptionVector.UD => new SigInfo(Signal.SIGILL, SigCode.IllIllOpn, rip),
            ExceptionVector.NP or ExceptionVector.SS => new SigInfo(Signal.SIGBUS, SigCode.Kernel, default),
            ExceptionVector.AC => new SigInfo(Signal.SIGBUS, SigCode.BusAdrAln, default),
            ExceptionVector.MF => new SigInfo(Signal.SIGFPE, FloatCode(vcpu.FpuStatus & ~(uint)vcpu.FpuControl), rip),
            ExceptionVector.XM => new SigInfo(Signal.SIGFPE, FloatCode(vcpu.Mxcsr & ~(vcpu.Mxcsr >> 7)), rip),
            ExceptionVector.GP or ExceptionVector.TS or ExceptionVector.OF or ExceptionVector.NM or ExceptionVector.DF
                or ExceptionVector.PF => new SigInfo(Signal.SIGSEGV, SigCode.Kernel, default),
        };
    }

    /// <summary>True when the processor shows RFLAGS with RF set: the instruction has not been executed.</summary>
    /// <remarks>Source: [SDM3 Debug, Branch Profile, TSC, and Intel Resource Director Technology Features, "Instruction-Breakpoint Exception Condition"].</remarks>
    public static bool IsFault(ExceptionVector vector) => vector is not (ExceptionVector.DB or ExceptionVector.BP or ExceptionVector.OF);

    /// <summary>INT1 raises #DB without a reason in DR6.</summary>
    private static int DebugCode(Vcpu vcpu) => vcpu.Exit.FromInstruction ? SigCode.TrapBrkpt : SigCode.TrapTrace;

    /// <summary>The code of the first unmasked exception, in the order in which the processor would name it.</summary>
    private static int FloatCode(uint raised)
    {
        return raised switch
        {
            _ when (raised & 0x01) != 0 => FpeFltInv,
            _ when (raised & 0x04) != 0 => FpeFltDiv,
            _ when (raised & 0x08) != 0 => FpeFltOvf,
            _ when (raised & 0x12) != 0 => FpeFltUnd,
            _ when (raised & 0x20) != 0 => FpeFltRes,
            _ => 0,
        };
    }
}
