using Iced.Intel;
using MmuEmu.Emulator.Cpu;
using MmuEmu.Emulator.Models;
using MmuEmu.Emulator.Values;
using MmuEmu.Tests.Builders;
using static Iced.Intel.AssemblerRegisters;

namespace MmuEmu.Tests.Interpreter;

/// <summary>Instructions that leave the core, and where RIP stands then.</summary>
public sealed class TrapTests
{
    [Fact]
    public void Syscall_leaves_with_its_return_address_and_flags_in_registers()
    {
        using BareCore core = new BareCore().Assemble(a =>
        {
            a.stc();
            a.syscall();
        });

        core.Run().Kind.ShouldBe(CoreExitKind.Syscall);

        core.Rip.ShouldBe(BareCore.Code + 3);
        core[Register.RCX].ShouldBe(core.Rip);
        (core[Register.R11] & Rflags.Arithmetic).ShouldBe(Rflags.CF);
        core.Core.Retired.ShouldBe(2UL);
    }

    [Fact]
    public void Interrupt_80H_leaves_as_a_system_call_and_changes_no_register()
    {
        using BareCore core = new BareCore().Load(Convert.FromHexString("CD80"));
        core[Register.RCX] = 1;
        core[Register.R11] = 2;

        CoreExit exit = core.Run();

        (exit.Kind, exit.Vector).ShouldBe((CoreExitKind.Syscall, CoreExit.CallGate));
        core.Rip.ShouldBe(BareCore.Code + 2);
        (core[Register.RCX], core[Register.R11]).ShouldBe((1UL, 2UL));
        core.Core.Retired.ShouldBe(1UL);
    }

    [Theory]
    [InlineData("CC", ExceptionVector.BP, 0U, 1)]
    [InlineData("F1", ExceptionVector.DB, 0U, 1)]
    [InlineData("CD03", ExceptionVector.BP, 0U, 2)]
    [InlineData("CD04", ExceptionVector.OF, 0U, 2)]
    [InlineData("CD81", ExceptionVector.GP, 0x40AU, 0)]
    [InlineData("CD0E", ExceptionVector.GP, 0x72U, 0)]
    [InlineData("0F0B", ExceptionVector.UD, 0U, 0)]
    [InlineData("0FB9C0", ExceptionVector.UD, 0U, 0)]
    [InlineData("06", ExceptionVector.UD, 0U, 0)]
    [InlineData("F00FAFC1", ExceptionVector.UD, 0U, 0)]
    [InlineData("F7F1", ExceptionVector.DE, 0U, 0)]
    [InlineData("66666666666666666666666666666690", ExceptionVector.GP, 0U, 0)]
    [InlineData("66666666666666666666666666666606", ExceptionVector.GP, 0U, 0)]
    [InlineData("666666666666666666666666666606", ExceptionVector.UD, 0U, 0)]
    [InlineData("666666666666666666668105000000001122", ExceptionVector.GP, 0U, 0)]
    public void An_exception_has_its_vector_its_error_code_and_its_place(string bytes, ExceptionVector vector, uint errorCode, int behind)
    {
        using BareCore core = new BareCore().Load(Convert.FromHexString(bytes));

        CoreExit exit = core.Run();

        (exit.Kind, exit.Vector, exit.ErrorCode).ShouldBe((CoreExitKind.Exception, vector, errorCode));
        core.Rip.ShouldBe(BareCore.Code + (ulong)behind);
        core.Core.Retired.ShouldBe(behind > 0 ? 1UL : 0UL);
    }

    [Fact]
    public void With_the_trap_flag_every_instruction_is_followed_by_a_debug_exception()
    {
        using BareCore core = new BareCore().Assemble(a =>
        {
            a.inc(eax);
            a.inc(eax);
        });
        core.SetFlags(Rflags.TF);

        CoreExit first = core.Run();
        (first.Kind, first.Vector).ShouldBe((CoreExitKind.Exception, ExceptionVector.DB));
        core.Rip.ShouldBe(BareCore.Code + 2);

        CoreExit second = core.Run();
        second.Vector.ShouldBe(ExceptionVector.DB);
        core.Rip.ShouldBe(BareCore.Code + 4);
        core.Core.Retired.ShouldBe(2UL);
    }

    [Fact]
    public void Popf_that_sets_the_trap_flag_traps_behind_the_next_instruction()
    {
        using BareCore core = new BareCore().Assemble(a =>
        {
            a.push(0x102);
            a.popfq();
            a.nop();
            a.nop();
        });

        CoreExit exit = core.Run();

        exit.Vector.ShouldBe(ExceptionVector.DB);
        core.Core.Retired.ShouldBe(3UL);
    }

    [Fact]
    public void A_faulting_instruction_under_the_trap_flag_faults_and_does_not_trap()
    {
        using BareCore core = new BareCore().Assemble(a => a.mov(rax, __qword_ptr[rbx]));
        core[Register.RBX] = 0x1000;
        core.SetFlags(Rflags.TF);

        core.Run().Kind.ShouldBe(CoreExitKind.PageFault);

        core.Core.Retired.ShouldBe(0UL);
    }

    [Fact]
    public void User_code_cannot_change_the_interrupt_flag_or_the_privilege_to_use_ports()
    {
        using BareCore core = new BareCore().Assemble(a =>
        {
            a.push(unchecked((int)0x0020_3CD7));
            a.popfq();
            a.pushfq();
            a.pop(rax);
            a.syscall();
        });

        core.Run();

        core[Register.RAX].ShouldBe(0x0020_0ED7UL);
    }

    [Theory]
    [InlineData("488B03", ExceptionVector.GP)]
    [InlineData("488903", ExceptionVector.GP)]
    [InlineData("488B442408", ExceptionVector.SS)]
    [InlineData("488B4500", ExceptionVector.SS)]
    [InlineData("50", ExceptionVector.SS)]
    [InlineData("58", ExceptionVector.SS)]
    [InlineData("C3", ExceptionVector.SS)]
    [InlineData("E800000000", ExceptionVector.SS)]
    [InlineData("C9", ExceptionVector.SS)]
    [Spec("P-001", "P-003")]
    public void A_non_canonical_address_is_a_general_or_a_stack_fault_and_no_page_fault(string bytes, ExceptionVector vector)
    {
        using BareCore core = new BareCore().Load(Convert.FromHexString(bytes));
        core[Register.RBX] = 0x7FFF_FFFF_FFFC;
        core[Register.RSP] = 0x8000_0000_0008;
        core[Register.RBP] = 0x8000_0000_0000;
        core.Core.Vcpu.Control.Cr2 = 0x1234;

        CoreExit exit = core.Run();

        (exit.Kind, exit.Vector, exit.ErrorCode).ShouldBe((CoreExitKind.Exception, vector, 0U));
        core.Core.Vcpu.Control.Cr2.ShouldBe(0x1234UL);
        core.Rip.ShouldBe(BareCore.Code);
    }

    [Theory]
    [InlineData("66C3")]
    [InlineData("66E8FBFFFFFF")]
    [InlineData("66E9FAFFFFFF")]
    [InlineData("66EBFD")]
    [InlineData("66FFE0")]
    [InlineData("66FFD0")]
    public void An_operand_size_prefix_does_not_narrow_a_near_branch_on_Intel(string bytes)
    {
        // Given a branch to the start of the code, with a 16-bit operand-size prefix
        using BareCore core = new BareCore().Load([0x0F, 0x05, .. Convert.FromHexString(bytes)]);
        core.Core.Vcpu.Model = CpuModels.Max.MadeBy(CpuVendor.Intel);
        core.Rip = BareCore.Code + 2;
        core[Register.RAX] = BareCore.Code;
        core[Register.RSP] = BareCore.StackTop - 64;
        BitConverter.TryWriteBytes(core.Ram.SliceToWrite(new PhysAddr((0x700UL << 12) + 4096 - 64), 8), BareCore.Code);
        int length = bytes.Length / 2;
        int displacement = -(length + 2);
        byte opcode = Convert.FromHexString(bytes)[1];
        if (opcode is 0xE8 or 0xE9)
        {
            BitConverter.TryWriteBytes(core.Ram.SliceToWrite(new PhysAddr(0x40_0004), 4), displacement);
        }
        else if (opcode == 0xEB)
        {
            core.Ram.WriteByte(new PhysAddr(0x40_0004), (byte)displacement);
        }

        // When it runs, then it gets there with all 64 bits
        core.Run().Kind.ShouldBe(CoreExitKind.Syscall);
        core.Rip.ShouldBe(BareCore.Code + 2);
    }

    [Fact]
    public void A_step_into_32_bit_code_is_named_as_unsupported_and_a_wrong_instruction_is_not()
    {
        using BareCore core = new BareCore().Assemble(a =>
        {
            a.push(0x23);
            a.push(0);
            a.db(0x48, 0xCB);
        });
        CoreExit unknown = core.Run();
        (unknown.Vector, unknown.Unsupported).ShouldBe((ExceptionVector.UD, true));

        using BareCore wrong = new BareCore().Load([0x0F, 0x0B]);
        CoreExit invalid = wrong.Run();
        (invalid.Vector, invalid.Unsupported).ShouldBe((ExceptionVector.UD, false));
    }
}
