using Iced.Intel;
using MmuEmu.Emulator.Cpu;
using static Iced.Intel.AssemblerRegisters;

namespace MmuEmu.Tests.Builders;

/// <summary>What a small kernel's catch-all handler saw: the vector, the error code where there is one, and where it happened.</summary>
public readonly record struct CaughtException(ExceptionVector Vector, ulong ErrorCode, ulong Rip);

/// <summary>A catch-all handler for <see cref="BareKernel"/>: it halts, and the test looks at its stack.</summary>
public static class Catching
{
    private const ulong Handlers = BareCore.Code + 0x3000;

    /// <summary>Points all exceptions at handlers that halt; each with the interrupt stack <paramref name="ist"/>.</summary>
    public static BareKernel CatchAll(this BareKernel kernel, int ist = 0)
    {
        foreach (ExceptionVector vector in Enum.GetValues<ExceptionVector>())
        {
            ulong at = Handlers + ((ulong)vector * 16);
            kernel.At(at, a =>
            {
                a.mov(r15d, (int)vector);
                a.hlt();
            });
            kernel.Gate(vector, at, ist);
        }

        return kernel;
    }

    /// <summary>Runs from <paramref name="start"/> to the first exception.</summary>
    public static CaughtException Catch(this BareKernel kernel, ulong start)
    {
        kernel.Run(start).Kind.ShouldBe(CoreExitKind.Halt);
        kernel.Vcpu.Rip.ShouldBeGreaterThan(Handlers, "the program came to its end");
        ExceptionVector vector = (ExceptionVector)kernel.Vcpu[Gpr.R15];
        ulong stack = kernel.Vcpu[Gpr.Rsp];
        bool hasCode = vector is ExceptionVector.DF or ExceptionVector.TS or ExceptionVector.NP or ExceptionVector.SS
            or ExceptionVector.GP or ExceptionVector.PF or ExceptionVector.AC;
        return hasCode
            ? new CaughtException(vector, kernel.Read(stack), kernel.Read(stack + 8))
            : new CaughtException(vector, 0, kernel.Read(stack));
    }

    /// <summary>IRETQ to user code at <paramref name="target"/>, with <paramref name="flags"/>.</summary>
    public static void EnterUser(this Assembler a, ulong target, int flags = 0x202)
    {
        a.push(BareKernel.UserData);
        a.push((int)BareKernel.UserStack);
        a.push(flags);
        a.push(BareKernel.UserCode);
        a.push((int)target);
        a.iretq();
    }
}
