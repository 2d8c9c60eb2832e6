using Iced.Intel;
using MmuEmu.Emulator.Cpu;
using MmuEmu.Emulator.Models;
using MmuEmu.Emulator.Paging;
using MmuEmu.Emulator.Values;
using MmuEmu.Tests.Builders;
using static Iced.Intel.AssemblerRegisters;

namespace MmuEmu.Tests.Interpreter;

/// <summary>Code that is wrong, or ends where it must not: the architecture's exception, at the exact RIP.</summary>
public sealed class BadInputTests
{
    private const ulong End = BareCore.Code + 0x4000;
    private const PageFaultCode UserFetch = PageFaultCode.US | PageFaultCode.ID;

    [Theory]
    [InlineData("F0")]
    [InlineData("0F")]
    [InlineData("C5")]
    [InlineData("C5F8")]
    [InlineData("8D")]
    [InlineData("660F3A")]
    [InlineData("0F3800")]
    [InlineData("B8112233")]
    [InlineData("6666666666666666666666666666")]
    [InlineData("6666666666666666666666666681")]
    public void An_instruction_that_runs_off_into_an_unmapped_page_faults_there_with_RIP_at_its_start(string bytes)
    {
        using BareCore core = AtTheEnd(bytes);

        CoreExit exit = core.Run();

        exit.Fault.ShouldBe(new PageFault(new VirtAddr(End), UserFetch));
        (exit.Kind, core.Rip).ShouldBe((CoreExitKind.PageFault, End - (ulong)(bytes.Length / 2)));
    }

    [Theory]
    [InlineData("06", ExceptionVector.UD)]
    [InlineData("D6", ExceptionVector.UD)]
    [InlineData("27", ExceptionVector.UD)]
    [InlineData("CE", ExceptionVector.UD)]
    [InlineData("0F0B", ExceptionVector.UD)]
    [InlineData("0F04", ExceptionVector.UD)]
    [InlineData("0F0A", ExceptionVector.UD)]
    [InlineData("0F36", ExceptionVector.UD)]
    [InlineData("8DC0", ExceptionVector.UD)]
    [InlineData("8EC8", ExceptionVector.UD)]
    [InlineData("8CF8", ExceptionVector.UD)]
    [InlineData("8EF8", ExceptionVector.UD)]
    [InlineData("FEFF", ExceptionVector.UD)]
    [InlineData("FFF8", ExceptionVector.UD)]
    [InlineData("0FC7C8", ExceptionVector.UD)]
    [InlineData("0FB2C0", ExceptionVector.UD)]
    [InlineData("F089C0", ExceptionVector.UD)]
    [InlineData("F08903", ExceptionVector.UD)]
    [InlineData("F00FC7C8", ExceptionVector.UD)]
    [InlineData("66C5F828C1", ExceptionVector.UD)]
    [InlineData("F2C5F828C1", ExceptionVector.UD)]
    [InlineData("F3C5F828C1", ExceptionVector.UD)]
    [InlineData("F0C5F828C1", ExceptionVector.UD)]
    [InlineData("48C5F828C1", ExceptionVector.UD)]
    [InlineData("C4E27CF2C1", ExceptionVector.UD)]
    [InlineData("C4E373F0C105", ExceptionVector.UD)]
    [InlineData("0F20C0", ExceptionVector.GP)]
    [InlineData("6E", ExceptionVector.GP)]
    [InlineData("F4", ExceptionVector.GP)]
    [InlineData("FA", ExceptionVector.GP)]
    [InlineData("666666666666666666666666666666", ExceptionVector.GP)]
    [InlineData("666666666666666666666666666681", ExceptionVector.GP)]
    public void What_is_wrong_within_the_page_is_so_without_a_look_at_the_next(string bytes, ExceptionVector vector)
    {
        using BareCore core = AtTheEnd(bytes);

        CoreExit exit = core.Run();

        (exit.Kind, exit.Vector, exit.ErrorCode, exit.Unsupported).ShouldBe((CoreExitKind.Exception, vector, 0U, false));
        (core.Rip, core.Core.Retired).ShouldBe((End - (ulong)(bytes.Length / 2), 0UL));
    }

    [Fact]
    public void Code_that_goes_on_into_an_NX_page_faults_at_its_first_byte_and_has_retired_before()
    {
        using BareCore core = AtTheEnd("9090");
        core.Map(End, 0x600, PteBits.P | PteBits.RW | PteBits.US | PteBits.XD);

        CoreExit exit = core.Run();

        exit.Fault.ShouldBe(new PageFault(new VirtAddr(End), UserFetch | PageFaultCode.P));
        (core.Rip, core.Core.Retired).ShouldBe((End, 2UL));
    }

    [Fact]
    public void An_instruction_that_crosses_into_an_NX_page_faults_with_RIP_at_its_start()
    {
        using BareCore core = AtTheEnd("90B81122");
        core.Map(End, 0x600, PteBits.P | PteBits.RW | PteBits.US | PteBits.XD);

        CoreExit exit = core.Run();

        exit.Fault.ShouldBe(new PageFault(new VirtAddr(End), UserFetch | PageFaultCode.P));
        (core.Rip, core.Core.Retired).ShouldBe((End - 3, 1UL));
    }

    [Fact]
    public void A_jump_into_the_middle_of_an_instruction_runs_what_stands_there()
    {
        // Given MOV EAX, imm32 whose immediate is INC ECX; SYSCALL
        using BareCore core = new BareCore().Load([0xB8, 0xFF, 0xC1, 0x0F, 0x05, 0xEB, 0xFA]);

        // When it runs whole, and the jump behind it leads to its second byte
        core.Run().Kind.ShouldBe(CoreExitKind.Syscall);

        // Then both readings of the bytes have been run
        (core[Register.EAX], core[Register.ECX]).ShouldBe((0x050F_C1FFUL, core.Rip));
        (core.Rip, core.Core.Retired).ShouldBe((BareCore.Code + 5, 4UL));
    }

    [Theory]
    [InlineData("0F2803", BareCore.Data + 8)]
    [InlineData("0F2903", BareCore.Data + 1)]
    [InlineData("0F5803", BareCore.Data + 4)]
    [InlineData("660FFC03", BareCore.Data + 15)]
    [InlineData("0F2803", 0x1008UL)]
    [InlineData("0F2803", 0x0000_8000_0000_0001UL)]
    public void A_misaligned_SSE_operand_is_a_general_protection_fault_before_a_page_fault(string bytes, ulong address)
    {
        using BareCore core = new BareCore().Load(Convert.FromHexString(bytes));
        core[Register.RBX] = address;

        CoreExit exit = core.Run();

        (exit.Kind, exit.Vector, exit.ErrorCode, core.Rip).ShouldBe((CoreExitKind.Exception, ExceptionVector.GP, 0U, BareCore.Code));
    }

    [Theory]
    [InlineData(BareCore.Data + 1, ExceptionVector.AC)]
    [InlineData(0x1001UL, ExceptionVector.AC)]
    [InlineData(0x0000_8000_0000_0001UL, ExceptionVector.GP)]
    public void With_AC_set_a_misaligned_operand_is_an_alignment_fault_before_a_page_fault(ulong address, ExceptionVector vector)
    {
        using BareCore core = new BareCore().Assemble(a => a.mov(eax, __dword_ptr[rbx]));
        core[Register.RBX] = address;
        core.SetFlags(Rflags.AC);

        CoreExit exit = core.Run();

        (exit.Kind, exit.Vector, exit.ErrorCode, core.Rip).ShouldBe((CoreExitKind.Exception, vector, 0U, BareCore.Code));
    }

    [Fact]
    public void Alignment_is_not_checked_without_CR0_AM_nor_below_CPL_3()
    {
        using BareCore core = new BareCore().Assemble(a =>
        {
            a.mov(eax, __dword_ptr[rbx]);
            a.hlt();
        });
        core[Register.RBX] = BareCore.Data + 1;
        core.SetFlags(Rflags.AC);
        core.Core.Vcpu.Control.Cr0 &= ~(1UL << 18);
        core.Run().Vector.ShouldBe(ExceptionVector.GP);

        core.Core.Vcpu.Control.Cr0 |= 1UL << 18;
        core.Core.Vcpu.Control.Cs = 0;
        core.Rip = BareCore.Code;
        core.Run().Kind.ShouldBe(CoreExitKind.Halt);
    }

    /// <summary>The bytes at the end of the last code page; nothing is mapped behind it.</summary>
    private static BareCore AtTheEnd(string bytes)
    {
        BareCore core = new();
        core.Core.Vcpu.Model = CpuModels.Max;
        byte[] code = Convert.FromHexString(bytes);
        code.CopyTo(core.Ram.SliceToWrite(new PhysAddr(0x40_4000 - (ulong)code.Length), code.Length));
        core.Rip = End - (ulong)code.Length;
        return core;
    }
}
