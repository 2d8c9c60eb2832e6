using MmuEmu.Emulator.Cpu;
using MmuEmu.Emulator.Models;
using MmuEmu.Emulator.Values;
using MmuEmu.Tests.Builders;

namespace MmuEmu.Tests.Interpreter;

/// <summary>Random bytes as kernel code at CPL 0: it may ruin its own tables and registers, and nothing beyond.</summary>
public sealed class RandomKernelCodeTests
{
    private const int Kernels = 150;
    private const int SequencesPerKernel = 100;
    private const int Budget = 24;

    [Fact]
    public void Random_bytes_at_CPL_0_end_in_an_exit_that_the_architecture_knows()
    {
        Random random = new(78);
        byte[] code = new byte[32];
        List<string> surprises = [];
        for (int i = 0; i < Kernels; i++)
        {
            using BareKernel kernel = new BareKernel().CatchAll();
            kernel.Vcpu.Model = CpuModels.Max;
            for (int j = 0; j < SequencesPerKernel && surprises.Count < 5; j++)
            {
                random.NextBytes(code);
                CoreExit exit = Run(kernel, code, random);
                if (exit.Kind is not (CoreExitKind.BudgetSpent or CoreExitKind.Halt or CoreExitKind.Port or CoreExitKind.TripleFault)
                    && !exit.Unsupported)
                {
                    surprises.Add($"{Convert.ToHexString(code)}: {exit.Kind} {exit.Vector}");
                }
            }
        }

        surprises.ShouldBeEmpty();
    }

    private static CoreExit Run(BareKernel kernel, byte[] code, Random random)
    {
        for (int i = 0; i < 16; i++)
        {
            kernel.Vcpu[i] = random.Next(4) switch
            {
                0 => (ulong)random.Next(0x80),
                1 => BareCore.Data + (ulong)random.Next(0x1000),
                2 => BareKernel.Tables + (ulong)random.Next(0x3000),
                _ => (ulong)random.NextInt64(),
            };
        }

        PhysAddr at = new(0x40_0000 + (ulong)(16 * random.Next(60)));
        code.CopyTo(kernel.Bare.Ram.SliceToWrite(at, code.Length));
        kernel.Vcpu.CodeWritten(at, code.Length);
        kernel.Vcpu[Gpr.Rsp] = BareKernel.KernelStack;
        kernel.Vcpu.Flags = Rflags.IF | ((ulong)random.Next() & (Rflags.Arithmetic | Rflags.TF | Rflags.AC | Rflags.RF | Rflags.NT));
        return kernel.Run(at.Raw, Budget);
    }
}
