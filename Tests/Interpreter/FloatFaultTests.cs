using Iced.Intel;
using MmuEmu.Emulator.Cpu;
using MmuEmu.Tests.Builders;
using static Iced.Intel.AssemblerRegisters;

namespace MmuEmu.Tests.Interpreter;

/// <summary>Exceptions of SSE and x87 instructions: misalignment, unmasked numeric exceptions, reserved bits.</summary>
public sealed unsafe class FloatFaultTests
{
    private const ulong Half = 0x3FE0_0000_0000_0000;
    private const ulong Third = 0x3FD5_5555_5555_5555;

    [Theory]
    [InlineData(0, CoreExitKind.BudgetSpent)]
    [InlineData(1, CoreExitKind.Exception)]
    [InlineData(8, CoreExitKind.Exception)]
    public void An_aligned_move_of_a_misaligned_operand_is_general_protection(int offset, CoreExitKind expected)
    {
        using BareCore core = new BareCore().Assemble(a => a.movaps(xmm1, __xmmword_ptr[rbx]));
        core[Register.RBX] = BareCore.Data + (ulong)offset;

        CoreExit exit = core.Run(1);

        exit.Kind.ShouldBe(expected);
        if (expected == CoreExitKind.Exception)
        {
            (exit.Vector, exit.ErrorCode, core.Rip).ShouldBe((ExceptionVector.GP, 0U, BareCore.Code));
        }
    }

    [Fact]
    public void A_misaligned_operand_in_an_unmapped_page_is_general_protection_and_no_page_fault()
    {
        using BareCore core = new BareCore().Assemble(a => a.paddb(xmm1, __xmmword_ptr[rbx]));
        core[Register.RBX] = 0x1234_5678_9001;

        CoreExit exit = core.Run(1);

        (exit.Kind, exit.Vector).ShouldBe((CoreExitKind.Exception, ExceptionVector.GP));
    }

    [Fact]
    public void An_unmasked_division_by_zero_is_a_numeric_exception_that_changes_only_its_flag()
    {
        // Given 0.5 divided by zero with ZE unmasked
        using BareCore core = new BareCore().Assemble(a => a.divsd(xmm1, xmm2));
        CpuState* s = core.Core.Vcpu.State;
        SetLow(s, 1, Half);
        s->Mxcsr = 0x1F80 & ~0x200U;

        // When it runs
        CoreExit exit = core.Run(1);

        // Then RIP stays, the destination too, and MXCSR names the cause
        (exit.Kind, exit.Vector, core.Rip).ShouldBe((CoreExitKind.Exception, ExceptionVector.XM, BareCore.Code));
        GetLow(s, 1).ShouldBe(Half);
        s->Mxcsr.ShouldBe((0x1F80 & ~0x200U) | 4);
    }

    [Fact]
    public void An_unmasked_inexact_result_is_a_numeric_exception()
    {
        using BareCore core = new BareCore().Assemble(a => a.mulsd(xmm1, xmm2));
        CpuState* s = core.Core.Vcpu.State;
        SetLow(s, 1, Third);
        SetLow(s, 2, Third);
        s->Mxcsr = 0x0F80;

        CoreExit exit = core.Run(1);

        (exit.Kind, exit.Vector).ShouldBe((CoreExitKind.Exception, ExceptionVector.XM));
        (GetLow(s, 1), s->Mxcsr).ShouldBe((Third, 0x0FA0U));
    }

    [Theory]
    [InlineData(0x0000_FFFFU, CoreExitKind.BudgetSpent)]
    [InlineData(0x0001_1F80U, CoreExitKind.Exception)]
    [InlineData(0x8000_1F80U, CoreExitKind.Exception)]
    public void Reserved_bits_of_the_control_register_are_refused(uint value, CoreExitKind expected)
    {
        using BareCore core = new BareCore().Assemble(a => a.ldmxcsr(__dword_ptr[rbx]));
        core[Register.RBX] = BareCore.Data;
        BitConverter.TryWriteBytes(core.DataBytes(0, 4), value);

        CoreExit exit = core.Run(1);

        exit.Kind.ShouldBe(expected);
        core.Core.Vcpu.State->Mxcsr.ShouldBe(expected == CoreExitKind.BudgetSpent ? value : 0x1F80U);
    }

    [Fact]
    public void An_unmasked_x87_exception_waits_for_the_next_waiting_instruction()
    {
        // Given 1/0 with ZE unmasked, a store of the status that does not wait, and one instruction that does
        using BareCore core = new BareCore().Assemble(a =>
        {
            a.fld1();
            a.fldz();
            a.fdivp(st1, st0);
            a.fnstsw(ax);
            a.fld1();
        });
        CpuState* s = core.Core.Vcpu.State;
        s->FpuControl = 0x037F & ~4;

        // When all of it runs
        CoreExit exit = core.Run(10);

        // Then the division retires with operands and stack unchanged, and the load is #MF
        (exit.Kind, exit.Vector).ShouldBe((CoreExitKind.Exception, ExceptionVector.MF));
        core.Core.Retired.ShouldBe(4UL);
        (core[Register.RAX] & 0xFFFF).ShouldBe(0x8080UL | 4 | (6 << 11));
    }

    [Fact]
    public void A_store_that_faults_leaves_the_x87_stack_alone()
    {
        using BareCore core = new BareCore().Assemble(a =>
        {
            a.fld1();
            a.fstp(__qword_ptr[rbx]);
        });
        core[Register.RBX] = 0x1234_5678_9000;

        CoreExit exit = core.Run(10);

        exit.Kind.ShouldBe(CoreExitKind.PageFault);
        core.Core.Vcpu.State->FpuTop.ShouldBe(7);
        core.Core.Vcpu.State->FpuInUse.ShouldBe(0x80U);
    }

    [Fact]
    public void A_saved_environment_has_full_tags_and_masks_every_exception()
    {
        // Given one zero, one normal number, six free registers
        using BareCore core = new BareCore().Assemble(a =>
        {
            a.fldz();
            a.fldpi();
            a.fnstenv(__[rbx]);
        });
        core[Register.RBX] = BareCore.Data;
        core.Core.Vcpu.State->FpuControl = 0x0340;

        core.Run(3);

        // Then the image is the 28-byte one: control before masking, status with TOP 6, tags 01 and 00 in front of six 11
        BitConverter.ToUInt32(core.DataBytes(0, 4)).ShouldBe(0xFFFF_0340U);
        BitConverter.ToUInt32(core.DataBytes(4, 4)).ShouldBe(0xFFFF_3000U);
        BitConverter.ToUInt32(core.DataBytes(8, 4)).ShouldBe(0xFFFF_4FFFU);
        core.Core.Vcpu.State->FpuControl.ShouldBe((ushort)0x037F);
    }

    private static void SetLow(CpuState* s, int register, ulong value) => *(ulong*)(s->Vectors + (32 * register)) = value;

    private static ulong GetLow(CpuState* s, int register) => *(ulong*)(s->Vectors + (32 * register));
}
