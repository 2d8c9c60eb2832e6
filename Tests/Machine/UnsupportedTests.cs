using MmuEmu.Emulator.Cpu;
using MmuEmu.Emulator.Models;
using MmuEmu.Tests.Builders;

namespace MmuEmu.Tests.Machine;

/// <summary>What this core does not know ends the run of a kernel too, instead of looking like a fault of its own.</summary>
public sealed class UnsupportedTests
{
    private const ulong Main = BareCore.Code;
    private const ushort Code32 = 0x38;
    private const ushort Code16 = 0x40;

    [Theory]
    [InlineData("48CB", Code32)]
    [InlineData("48CB", Code16)]
    [InlineData("48CF", Code32)]
    [InlineData("48FF2B", Code32)]
    [InlineData("48FF1B", Code32)]
    [InlineData("0F07", 0)]
    [InlineData("0F35", 0)]
    public void A_step_into_code_that_is_not_64_bit_leaves_the_core_with_a_handler_for_UD_at_hand(string bytes, int selector)
    {
        // Given a far return, IRETQ, JMP, CALL, SYSRET or SYSEXIT to such code, and gates for all exceptions
        using BareKernel kernel = Kernel(bytes, (ushort)selector);

        // When it runs
        CoreExit exit = kernel.Run(Main);

        // Then the run ends at the instruction and says why; nothing was pushed
        (exit.Kind, exit.Vector, exit.Unsupported).ShouldBe((CoreExitKind.Exception, ExceptionVector.UD, true));
        (kernel.Vcpu.Rip, kernel.Vcpu[Gpr.Rsp]).ShouldBe((Main, BareKernel.KernelStack - 64));
        kernel.Vcpu.Control.Cs.ShouldBe(BareKernel.KernelCode);
    }

    [Theory]
    [InlineData("0F0B")]
    [InlineData("0FAA")]
    [InlineData("62F17C4858C1")]
    [InlineData("06")]
    public void What_the_processor_itself_does_not_have_stays_UD_of_the_guest(string bytes)
    {
        using BareKernel kernel = Kernel(bytes, 0);

        kernel.Catch(Main).ShouldBe(new CaughtException(ExceptionVector.UD, 0, Main));
    }

    /// <summary>One instruction; a frame that leads to <paramref name="selector"/> lies on the stack, a far pointer to it at RBX.</summary>
    private static BareKernel Kernel(string bytes, ushort selector)
    {
        BareKernel kernel = new BareKernel().CatchAll().At(Main, a => a.db(Convert.FromHexString(bytes)));
        kernel.Vcpu.Model = CpuModels.Max.MadeBy(CpuVendor.Intel);
        kernel.Vcpu.Control.GdtLimit = 0x47;
        kernel.Vcpu.Control.SysenterCs = BareKernel.KernelCode;
        kernel.Write(BareKernel.Gdt + Code32, 0x00CF_9B00_0000_FFFF);
        kernel.Write(BareKernel.Gdt + Code16, 0x0000_9B00_0000_FFFF);
        ulong stack = BareKernel.KernelStack - 64;
        ulong[] frame = [Main + 0x100, selector, 2, stack, BareKernel.KernelData];
        for (int i = 0; i < frame.Length; i++)
        {
            kernel.Write(stack + (8 * (ulong)i), frame[i]);
        }

        kernel.Write(BareCore.Data, Main + 0x100);
        kernel.Write(BareCore.Data + 8, selector);
        (kernel.Vcpu[Gpr.Rbx], kernel.Vcpu[Gpr.Rsp]) = (BareCore.Data, stack);
        return kernel;
    }
}
