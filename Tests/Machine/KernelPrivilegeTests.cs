using Iced.Intel;
using MmuEmu.Emulator.Cpu;
using MmuEmu.Emulator.Models;
using MmuEmu.Emulator.Paging;
using MmuEmu.Emulator.Translation;
using MmuEmu.Tests.Builders;
using static Iced.Intel.AssemblerRegisters;

namespace MmuEmu.Tests.Machine;

/// <summary>What user code may not do, how interrupts are delivered, and which values system registers refuse.</summary>
public sealed class KernelPrivilegeTests
{
    private const ulong Main = BareCore.Code;
    private const ulong Handler = BareCore.Code + 0x1000;
    private const ulong NotCanonical = 0x0000_8000_0000_0000;

    [Theory]
    [InlineData("0F0103")]
    [InlineData("0F010B")]
    [InlineData("0F0003")]
    [InlineData("0F000B")]
    [InlineData("0F01E0")]
    public void UMIP_keeps_descriptor_tables_and_machine_status_from_user_code(string bytes)
    {
        // Given SGDT, SIDT, SLDT, STR and SMSW at CPL 3, with CR4.UMIP and without
        using BareKernel closed = User(bytes);
        closed.Vcpu.Control.Cr4 |= Cr4Bits.Umip;
        using BareKernel open = User(bytes);

        closed.Catch(Main).ShouldBe(new CaughtException(ExceptionVector.GP, 0, BareKernel.UserPage));
        open.Catch(Main).Vector.ShouldBe(ExceptionVector.UD);
    }

    [Theory]
    [InlineData("0F22D8")]
    [InlineData("0F06")]
    [InlineData("0F01F0")]
    [InlineData("0F30")]
    [InlineData("0F32")]
    [InlineData("0F0113")]
    [InlineData("0F00D0")]
    [InlineData("0F00D8")]
    [InlineData("0F01F8")]
    [InlineData("0F08")]
    [InlineData("0F09")]
    [InlineData("F4")]
    [InlineData("FA")]
    [InlineData("EC")]
    [InlineData("6C")]
    [InlineData("480F07")]
    [InlineData("0F33")]
    public void Privileged_instructions_are_refused_at_CPL_3_with_error_code_0(string bytes)
    {
        using BareKernel kernel = User(bytes);

        kernel.Catch(Main).ShouldBe(new CaughtException(ExceptionVector.GP, 0, BareKernel.UserPage));
    }

    [Theory]
    [InlineData(0x3F8, 1, true)]
    [InlineData(0x3F9, 1, false)]
    [InlineData(0x3F8, 2, false)]
    [InlineData(0x3FF, 1, true)]
    [InlineData(0x400, 1, false)]
    public void The_bitmap_of_the_TSS_opens_ports_to_user_code(int port, int bytes, bool passes)
    {
        // Given a bitmap at TSS+68H that closes port 3F9 alone, and a TSS that ends behind port 3FF
        using BareKernel kernel = User(bytes == 1 ? "EE" : "66EF", a => a.mov(edx, port));
        kernel.Write(BareKernel.Tss + 0x68 + 0x78, 0x0200_0000_0000_0000);
        kernel.Vcpu.Control.TssLimit = 0x68 + 0x80;

        CoreExit exit = kernel.Run(Main);

        exit.Kind.ShouldBe(passes ? CoreExitKind.Port : CoreExitKind.Halt);
        (exit.Port, exit.PortBytes, exit.PortOut).ShouldBe(passes ? ((ushort)port, (byte)bytes, true) : (exit.Port, exit.PortBytes, exit.PortOut));
    }

    [Fact]
    public void String_input_comes_again_with_the_answer_and_string_output_leaves_once_for_each_element()
    {
        using BareKernel kernel = new BareKernel().At(Main, a =>
        {
            a.mov(edx, 0x60);
            a.mov(rdi, BareCore.Data);
            a.mov(ecx, 3);
            a.rep.insb();
            a.mov(rsi, BareCore.Data);
            a.mov(ecx, 2);
            a.rep.outsb();
            a.hlt();
        });

        CoreExit exit = kernel.Run(Main);
        for (uint answer = 0x41; answer < 0x44; answer++)
        {
            (exit.Kind, exit.PortAgain, exit.Port).ShouldBe((CoreExitKind.Port, true, (ushort)0x60));
            kernel.Vcpu.PortReply = answer;
            exit = kernel.Bare.Run();
        }

        (exit.PortOut, exit.PortValue).ShouldBe((true, 0x41U));
        exit = kernel.Bare.Run();
        (exit.PortOut, exit.PortValue).ShouldBe((true, 0x42U));
        kernel.Bare.Run().Kind.ShouldBe(CoreExitKind.Halt);
        (kernel.Read(BareCore.Data) & 0xFF_FFFF).ShouldBe(0x43_4241UL);
    }

    [Theory]
    [InlineData(0x8E, false)]
    [InlineData(0x8F, true)]
    public void A_trap_gate_leaves_IF_and_an_interrupt_gate_clears_it(int type, bool stays)
    {
        using BareKernel kernel = new BareKernel()
            .At(Main, a =>
            {
                a.sti();
                a.@int(0x40);
            })
            .At(Handler, a => a.hlt())
            .Gate((ExceptionVector)0x40, Handler);
        ulong at = BareKernel.Idt + (0x40 * 16);
        kernel.Write(at, (kernel.Read(at) & ~(0xFFUL << 40)) | ((ulong)type << 40));

        kernel.Run(Main).Kind.ShouldBe(CoreExitKind.Halt);

        ((kernel.Vcpu.Flags & Rflags.IF) != 0).ShouldBe(stays);
    }

    [Fact]
    public void INT_n_through_an_open_gate_takes_the_stack_of_its_IST_and_comes_back_to_user_code()
    {
        using BareKernel kernel = User("CD40", then: a => a.ud2()).At(Handler, a =>
        {
            a.mov(r8, rsp);
            a.mov(r9, __qword_ptr[rsp + 8]);
            a.iretq();
        }).Gate((ExceptionVector)0x40, Handler, ist: 1, dpl: 3);

        kernel.Catch(Main).ShouldBe(new CaughtException(ExceptionVector.UD, 0, BareKernel.UserPage + 2));

        (kernel.Vcpu[Gpr.R8], kernel.Vcpu[Gpr.R9]).ShouldBe((BareKernel.IstStack - 40, (ulong)BareKernel.UserCode));
    }

    [Fact]
    public void An_absent_gate_is_NP_with_EXT_for_an_exception_and_without_for_INT_n()
    {
        ulong absent = BareKernel.Idt + ((ulong)ExceptionVector.UD * 16);
        using BareKernel exception = new BareKernel().CatchAll().At(Main, a => a.ud2());
        exception.Write(absent, exception.Read(absent) & ~(1UL << 47));
        exception.Catch(Main).ShouldBe(new CaughtException(ExceptionVector.NP, (6 * 8) + 3, Main));

        using BareKernel asked = new BareKernel().CatchAll().At(Main, a => a.@int(6));
        asked.Write(absent, asked.Read(absent) & ~(1UL << 47));
        asked.Catch(Main).ShouldBe(new CaughtException(ExceptionVector.NP, (6 * 8) + 2, Main));
    }

    [Fact]
    public void A_TSS_too_short_for_its_stack_is_TS_with_its_selector_and_a_wrong_handler_address_GP()
    {
        using BareKernel shortTss = new BareKernel().CatchAll().At(Main, a => a.ud2());
        shortTss.Gate(ExceptionVector.UD, Handler, ist: 7);
        shortTss.Vcpu.Control.TssLimit = 0x50;
        shortTss.Catch(Main).ShouldBe(new CaughtException(ExceptionVector.TS, 0x29, Main));

        using BareKernel wrongAddress = new BareKernel().CatchAll().At(Main, a => a.ud2());
        wrongAddress.Gate(ExceptionVector.UD, NotCanonical);
        wrongAddress.Catch(Main).ShouldBe(new CaughtException(ExceptionVector.GP, 1, Main));
    }

    [Fact]
    public void A_double_fault_that_cannot_be_delivered_shuts_the_processor_down()
    {
        using BareKernel kernel = new BareKernel().CatchAll(ist: 1).At(Main, a => a.ud2());
        kernel.Vcpu.Control.IdtLimit = 0x5F;

        kernel.Run(Main).Kind.ShouldBe(CoreExitKind.TripleFault);
    }

    [Fact]
    public void A_protection_key_stops_the_kernel_at_a_user_page_and_the_error_code_says_so()
    {
        // Given a user page with key 1, and PKRU that denies access to it
        using BareKernel kernel = new BareKernel().CatchAll().At(Main, a =>
        {
            a.mov(rax, cr4);
            a.or(rax, (int)Cr4Bits.Pke);
            a.mov(cr4, rax);
            a.mov(rbx, __qword_ptr[BareKernel.UserPage + 0x1000]);
            a.mov(eax, 4);
            a.xor(ecx, ecx);
            a.xor(edx, edx);
            a.wrpkru();
            a.jmp(Main + 0x100);
        }).At(Main + 0x100, a => a.mov(rbx, __qword_ptr[BareKernel.UserPage + 0x1000]));
        kernel.Vcpu.Model = CpuModels.Max;
        kernel.Bare.Map(BareKernel.UserPage + 0x1000, 0x201, PteBits.P | PteBits.RW | PteBits.US | (PteBits)(1UL << 59));

        // Then the read before WRPKRU passed, and the one behind it did not
        kernel.Catch(Main).ShouldBe(new CaughtException(
            ExceptionVector.PF, (ulong)(PageFaultCode.P | PageFaultCode.PK), Main + 0x100));
    }

    [Theory]
    [InlineData(0xC000_0082U, NotCanonical)]
    [InlineData(0xC000_0100U, NotCanonical)]
    [InlineData(0xC000_0102U, NotCanonical)]
    [InlineData(0x175U, NotCanonical)]
    [InlineData(0x176U, NotCanonical)]
    [InlineData(0xC000_0084U, 1UL << 32)]
    [InlineData(0xC000_0080U, 0x2UL)]
    [InlineData(0x277U, 0x0007_0406_0007_0402UL)]
    [InlineData(0x7FFF_FFFFU, 0UL)]
    public void WRMSR_refuses_what_a_register_cannot_hold(uint number, ulong value)
    {
        using BareKernel kernel = new BareKernel().CatchAll().At(Main, a =>
        {
            a.mov(ecx, number);
            a.mov(eax, (uint)value);
            a.mov(edx, (uint)(value >> 32));
            a.jmp(Main + 0x100);
        }).At(Main + 0x100, a => a.wrmsr());

        kernel.Catch(Main).ShouldBe(new CaughtException(ExceptionVector.GP, 0, Main + 0x100));
    }

    [Fact]
    public void The_time_stamp_counter_goes_on_from_what_was_written()
    {
        using BareKernel kernel = new BareKernel().At(Main, a =>
        {
            a.mov(ecx, 0x10);
            a.mov(eax, 1000);
            a.mov(edx, 0);
            a.wrmsr();
            a.rdtsc();
            a.hlt();
        });

        kernel.Run(Main).Kind.ShouldBe(CoreExitKind.Halt);

        kernel.Vcpu[Gpr.Rax].ShouldBe(1001UL);
    }

    [Theory]
    [InlineData(0x00, 0xDEADUL, 0xDEADUL, false, false)]
    [InlineData(0x18, 0xDEADUL, 0xDEADUL, false, false)]
    [InlineData(0x23, 0xCF_FB00UL, 0xFFFF_FFFFUL, true, false)]
    [InlineData(0x2B, 0xCF_F300UL, 0xFFFF_FFFFUL, true, true)]
    [InlineData(0x33, 0xAF_FB00UL, 0xFFFF_FFFFUL, true, false)]
    [InlineData(0x7B, 0x40_F500UL, 5UL, true, false)]
    [InlineData(0x40, 0xDEADUL, 0xDEADUL, false, false)]
    public void Hosted_programs_see_the_flat_segments_that_Linux_shows(int selector, ulong rights, ulong limit, bool readable, bool writable)
    {
        // Given LAR, LSL, VERR and VERW of a selector on processor 5
        using BareCore core = new BareCore().Assemble(a =>
        {
            a.mov(esi, 0xDEAD);
            a.mov(edi, 0xDEAD);
            a.lar(esi, ecx);
            a.lsl(edi, ecx);
            a.verr(cx);
            a.setz(r8b);
            a.verw(cx);
            a.setz(r9b);
            a.syscall();
        });
        core[Register.RCX] = (ulong)selector;
        core.Core.Vcpu.Control.TscAux = 5;

        core.Run().Kind.ShouldBe(CoreExitKind.Syscall);

        (core[Register.RSI], core[Register.RDI]).ShouldBe((rights, limit));
        (core[Register.R8] != 0, core[Register.R9] != 0).ShouldBe((readable, writable));
    }

    /// <summary>User code of raw bytes, and UD2 behind it unless the test says otherwise; RBX is a user page.</summary>
    private static BareKernel User(string bytes, Action<Assembler>? before = null, Action<Assembler>? then = null)
    {
        BareKernel kernel = new BareKernel().CatchAll();
        kernel.Vcpu.Model = CpuModels.Max;
        kernel.Write(BareKernel.Tss + 0x60, 0x0068_0000_0000_0000);
        return kernel
            .At(Main, a =>
            {
                before?.Invoke(a);
                a.mov(ebx, (int)BareKernel.UserPage + 0x800);
                a.EnterUser(BareKernel.UserPage);
            })
            .At(BareKernel.UserPage, a =>
            {
                a.db(Convert.FromHexString(bytes));
                if (then is null)
                {
                    a.ud2();
                }

                then?.Invoke(a);
            });
    }
}
