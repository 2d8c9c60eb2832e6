using Iced.Intel;
using MmuEmu.Emulator.Cpu;
using MmuEmu.Tests.Builders;
using static Iced.Intel.AssemblerRegisters;

namespace MmuEmu.Tests.Interpreter;

/// <summary>Misaligned operands and unmasked exceptions of the later vector instructions.</summary>
/// <remarks>The flags of DPPS are those that a processor of family 26 left in MXCSR when it raised SIGFPE.</remarks>
public sealed unsafe class SseExtensionFaultTests
{
    private const uint Masked = 0x1F80;
    private const ulong Unmapped = 0x1234_5678_9001;

    [Fact]
    public void Legacy_operands_of_sixteen_bytes_have_to_be_aligned()
    {
        StopOf(BareCore.Data + 8, a => a.pshufb(xmm1, __xmmword_ptr[rbx])).ShouldBe(ExceptionVector.GP);
        StopOf(BareCore.Data + 8, a => a.aesenc(xmm1, __xmmword_ptr[rbx])).ShouldBe(ExceptionVector.GP);
        StopOf(BareCore.Data + 8, a => a.haddps(xmm1, __xmmword_ptr[rbx])).ShouldBe(ExceptionVector.GP);
        StopOf(BareCore.Data + 8, a => a.ptest(xmm1, __xmmword_ptr[rbx])).ShouldBe(ExceptionVector.GP);
        StopOf(BareCore.Data + 8, a => a.blendvps(xmm1, __xmmword_ptr[rbx])).ShouldBe(ExceptionVector.GP);
        StopOf(BareCore.Data + 8, a => a.movntdqa(xmm1, __xmmword_ptr[rbx])).ShouldBe(ExceptionVector.GP);
    }

    [Fact]
    public void String_comparisons_SHA_widening_moves_and_forms_under_VEX_need_no_alignment()
    {
        StopOf(BareCore.Data + 1, a => a.sha256msg1(xmm1, __xmmword_ptr[rbx])).ShouldBeNull();
        StopOf(BareCore.Data + 1, a => a.pcmpistri(xmm1, __xmmword_ptr[rbx], 0)).ShouldBeNull();
        StopOf(BareCore.Data + 1, a => a.lddqu(xmm1, __xmmword_ptr[rbx])).ShouldBeNull();
        StopOf(BareCore.Data + 1, a => a.pmovzxbw(xmm1, __qword_ptr[rbx])).ShouldBeNull();
        StopOf(BareCore.Data + 1, a => a.movddup(xmm1, __qword_ptr[rbx])).ShouldBeNull();
        StopOf(BareCore.Data + 1, a => a.roundsd(xmm1, __qword_ptr[rbx], 0)).ShouldBeNull();
        StopOf(BareCore.Data + 1, a => a.vpshufb(xmm1, xmm2, __xmmword_ptr[rbx])).ShouldBeNull();
        StopOf(BareCore.Data + 1, a => a.vfmadd231pd(ymm1, ymm2, __ymmword_ptr[rbx])).ShouldBeNull();
    }

    [Fact]
    public void Misalignment_comes_before_a_page_fault()
    {
        StopOf(Unmapped, a => a.aesenc(xmm1, __xmmword_ptr[rbx])).ShouldBe(ExceptionVector.GP);
        StopOf(Unmapped, a => a.sha1msg1(xmm1, __xmmword_ptr[rbx])).ShouldBe(ExceptionVector.PF);
    }

    [Theory]
    [InlineData(0x02, 0x02)]
    [InlineData(0x08, 0x2A)]
    [InlineData(0x10, 0x32)]
    [InlineData(0x20, 0x22)]
    [InlineData(0x01, -1)]
    public void A_dot_product_ends_at_the_first_step_that_raises_an_unmasked_exception(uint unmasked, int flags)
    {
        // Given products of which one is inexact and one denormal, and a sum that overflows
        using BareCore core = new BareCore().Assemble(a => a.dpps(xmm1, xmm2, 0xFF));
        CpuState* s = core.Core.Vcpu.State;
        Set(s, 1, 0x3F80_0001, 1, 0x7F7F_FFFF, 0x7F7F_FFFF);
        Set(s, 2, 0x3F80_0001, 0x3F80_0000, 0x3F80_0000, 0x3F80_0000);
        s->Mxcsr = Masked & ~(unmasked << 7);

        CoreExit exit = core.Run(1);

        bool raised = flags >= 0;
        exit.Kind.ShouldBe(raised ? CoreExitKind.Exception : CoreExitKind.BudgetSpent);
        (s->Mxcsr & 0x3F).ShouldBe(raised ? (uint)flags : 0x2A);
        ((uint*)s->Vectors)[8].ShouldBe(raised ? 0x3F80_0001U : 0x7F80_0000);
    }

    [Fact]
    public void Rounding_told_to_keep_silent_raises_no_inexact_exception()
    {
        const uint inexactUnmasked = Masked & ~0x1000U;
        FloatStop(inexactUnmasked, a => a.roundps(xmm1, xmm2, 0)).ShouldBe((ExceptionVector.XM, 0x20U));
        FloatStop(inexactUnmasked, a => a.roundps(xmm1, xmm2, 8)).ShouldBe((null, 0U));
    }

    [Fact]
    public void A_fused_operation_and_a_conversion_to_halves_raise_what_they_meet()
    {
        const uint inexactUnmasked = Masked & ~0x1000U;
        FloatStop(inexactUnmasked, a => a.vfmadd213ps(xmm1, xmm2, xmm2)).ShouldBe((null, 0U));
        FloatStop(inexactUnmasked, a => a.vfmadd213ps(xmm2, xmm3, xmm2)).ShouldBe((ExceptionVector.XM, 0x20U));
        FloatStop(inexactUnmasked, a => a.vcvtps2ph(xmm1, xmm3, 0)).ShouldBe((ExceptionVector.XM, 0x20U));
    }

    /// <summary>Runs with 1.5 in the lanes of XMM2 and 1 + 2^-23 in those of XMM3.</summary>
    private static (ExceptionVector? Vector, uint Flags) FloatStop(uint mxcsr, Action<Assembler> code)
    {
        using BareCore core = new BareCore().Assemble(code);
        CpuState* s = core.Core.Vcpu.State;
        Set(s, 2, 0x3FC0_0000, 0x3FC0_0000, 0x3FC0_0000, 0x3FC0_0000);
        Set(s, 3, 0x3F80_0001, 0x3F80_0001, 0x3F80_0001, 0x3F80_0001);
        s->Mxcsr = mxcsr;
        CoreExit exit = core.Run(1);
        return (exit.Kind == CoreExitKind.Exception ? exit.Vector : null, s->Mxcsr & 0x3F);
    }

    private static ExceptionVector? StopOf(ulong address, Action<Assembler> code)
    {
        using BareCore core = new BareCore().Assemble(code);
        core[Register.RBX] = address;
        CoreExit exit = core.Run(1);
        return exit.Kind switch
        {
            CoreExitKind.PageFault => ExceptionVector.PF,
            CoreExitKind.Exception => exit.Vector,
            _ => null,
        };
    }

    private static void Set(CpuState* s, int register, uint first, uint second, uint third, uint fourth)
    {
        uint* lanes = (uint*)(s->Vectors + (32 * register));
        (lanes[0], lanes[1], lanes[2], lanes[3]) = (first, second, third, fourth);
    }
}
