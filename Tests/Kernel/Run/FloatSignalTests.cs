using MmuEmu.Emulator.Cpu;
using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Run;
using MmuEmu.Tests.Builders;

namespace MmuEmu.Tests.Kernel.Run;

/// <summary>#MF and #XM become SIGFPE at the faulting instruction, with the code of the first unmasked flag.</summary>
/// <remarks>The codes are those that a native Linux gave for each exception alone. Source: [Linux arch/x86/kernel/fpu/core.c, fpu__exception_code].</remarks>
public sealed unsafe class FloatSignalTests
{
    private const ulong At = 0x40_1234;

    [Theory]
    [InlineData(0x01, 7)] // invalid
    [InlineData(0x41, 7)] // stack fault
    [InlineData(0x04, 3)] // division by zero
    [InlineData(0x08, 4)] // overflow
    [InlineData(0x10, 5)] // underflow
    [InlineData(0x02, 5)] // denormal operand
    [InlineData(0x20, 6)] // precision
    [InlineData(0x21, 7)]
    [InlineData(0x24, 3)]
    [InlineData(0x28, 4)]
    [InlineData(0x32, 5)]
    public void A_float_exception_is_a_signal_with_its_code(int flags, int code)
    {
        using BareCore core = new();
        CpuState* s = core.Core.Vcpu.State;
        s->Rip = At;
        (s->FpuStatus, s->FpuControl) = ((ushort)flags, 0x0340);
        s->Mxcsr = (uint)flags & 0x3F;
        SigInfo expected = new(Signal.SIGFPE, code, new VirtAddr(At));

        TrapSignals.Of(ExceptionVector.MF, core.Core.Vcpu).ShouldBe(expected);
        TrapSignals.Of(ExceptionVector.XM, core.Core.Vcpu).ShouldBe(expected);
    }

    [Fact]
    public void A_masked_flag_has_no_say()
    {
        // Given invalid operation raised but masked, overflow raised and not
        using BareCore core = new();
        CpuState* s = core.Core.Vcpu.State;
        (s->FpuStatus, s->FpuControl) = (0x09, 0x0341);
        s->Mxcsr = 0x09 | (1 << 7);

        // Then the code is that of overflow
        TrapSignals.Of(ExceptionVector.MF, core.Core.Vcpu).Code.ShouldBe(4);
        TrapSignals.Of(ExceptionVector.XM, core.Core.Vcpu).Code.ShouldBe(4);
    }
}
