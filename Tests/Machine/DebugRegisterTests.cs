using Iced.Intel;
using MmuEmu.Emulator.Cpu;
using MmuEmu.Emulator.Translation;
using MmuEmu.Tests.Builders;
using static Iced.Intel.AssemblerRegisters;

namespace MmuEmu.Tests.Machine;

/// <summary>Debug registers as a kernel at CPL 0 uses them.</summary>
public sealed class DebugRegisterTests
{
    private const ulong Main = BareCore.Code;
    private const ulong Handler = BareCore.Code + 0x1000;
    private const int ResumeFlag = 0x1_0000;
    private const int WriteFourBytes = 2 | (1 << 16) | (3 << 18);
    private const int UseOneByte = 2 | (3 << 16);

    [Fact]
    public void An_instruction_breakpoint_faults_before_the_instruction_and_RF_lets_it_pass_once()
    {
        // Given a breakpoint at an INC in a loop of three, and a handler that counts, keeps RFLAGS and sets RF
        using BareKernel kernel = new BareKernel()
            .At(Main, a =>
            {
                Label target = a.CreateLabel();
                a.lea(rax, __[target]);
                a.mov(r12, rax);
                a.mov(dr0, rax);
                a.mov(eax, 2);
                a.mov(dr7, rax);
                a.mov(ecx, 3);
                a.Label(ref target);
                a.inc(ebx);
                a.dec(ecx);
                a.jne(target);
                a.hlt();
            })
            .At(Handler, a =>
            {
                a.inc(r11);
                a.mov(r13, __qword_ptr[rsp]);
                a.mov(r14, __qword_ptr[rsp + 16]);
                a.or(__qword_ptr[rsp + 16], ResumeFlag);
                a.mov(r8, dr6);
                a.iretq();
            })
            .Gate(ExceptionVector.DB, Handler);

        // When it runs
        kernel.Run(Main).Kind.ShouldBe(CoreExitKind.Halt);

        // Then each pass was stopped once, with RIP at the instruction, RF clear in the frame, and B0 alone in DR6
        kernel.Vcpu[Gpr.R11].ShouldBe(3UL);
        kernel.Vcpu[Gpr.Rbx].ShouldBe(3UL);
        kernel.Vcpu[Gpr.R13].ShouldBe(kernel.Vcpu[Gpr.R12]);
        (kernel.Vcpu[Gpr.R14] & Rflags.RF).ShouldBe(0UL);
        kernel.Vcpu[Gpr.R8].ShouldBe(0xFFFF_0FF1UL);
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(1, true)]
    [InlineData(3, true)]
    [InlineData(7, true)]
    [InlineData(8, false)]
    public void A_write_breakpoint_traps_behind_a_write_to_any_of_its_bytes(int offset, bool traps)
    {
        // Given four bytes at Data + 4 watched for writes, and one read and one byte-pair write
        using BareKernel kernel = Watching(WriteFourBytes, BareCore.Data + 4, a =>
        {
            a.mov(rbx, BareCore.Data + (ulong)offset);
            a.mov(eax, __dword_ptr[BareCore.Data + 4]);
            a.nop();
            a.mov(__word_ptr[rbx + (offset == 1 ? 2 : 0)], ax);
            a.inc(r10);
        });

        kernel.Run(Main).Kind.ShouldBe(CoreExitKind.Halt);

        // Then the trap came behind the write, or not at all
        kernel.Vcpu[Gpr.R11].ShouldBe(traps ? 1UL : 0UL);
        kernel.Vcpu[Gpr.R10].ShouldBe(1UL);
    }

    [Fact]
    public void A_repeated_string_instruction_traps_behind_the_iteration_that_touched_the_byte()
    {
        using BareKernel kernel = Watching(UseOneByte, BareCore.Data + 5, a =>
        {
            a.mov(rsi, BareCore.Data);
            a.mov(rdi, BareCore.Data + 0x100);
            a.mov(ecx, 12);
            a.rep.movsb();
        });

        kernel.Run(Main).Kind.ShouldBe(CoreExitKind.Halt);

        // Six of the twelve bytes had moved when the handler looked, and the rest followed
        kernel.Vcpu[Gpr.R11].ShouldBe(1UL);
        kernel.Vcpu[Gpr.R9].ShouldBe(6UL);
        kernel.Vcpu[Gpr.Rcx].ShouldBe(0UL);
    }

    [Fact]
    public void The_trap_of_a_load_of_SS_waits_for_the_next_instruction()
    {
        using BareKernel kernel = Watching(UseOneByte, BareCore.Data, a =>
        {
            a.mov(ss, __word_ptr[BareCore.Data]);
            a.inc(r10);
            a.inc(r10);
        });
        kernel.Write(BareCore.Data, BareKernel.KernelData);

        kernel.Run(Main).Kind.ShouldBe(CoreExitKind.Halt);

        (kernel.Vcpu[Gpr.R11], kernel.Vcpu[Gpr.R12]).ShouldBe((1UL, 1UL));
    }

    [Fact]
    public void General_detect_turns_the_use_of_a_debug_register_into_a_fault_once()
    {
        using BareKernel kernel = new BareKernel()
            .At(Main, a =>
            {
                a.mov(eax, (int)DebugRegisters.GeneralDetect);
                a.mov(dr7, rax);
                a.mov(rbx, dr0);
                a.hlt();
            })
            .At(Handler, a =>
            {
                a.inc(r11);
                a.mov(r8, dr6);
                a.mov(r9, dr7);
                a.iretq();
            })
            .Gate(ExceptionVector.DB, Handler);

        kernel.Run(Main).Kind.ShouldBe(CoreExitKind.Halt);

        (kernel.Vcpu[Gpr.R11], kernel.Vcpu[Gpr.R8], kernel.Vcpu[Gpr.R9]).ShouldBe((1UL, 0xFFFF_2FF0UL, 0x400UL));
    }

    [Fact]
    public void Reserved_bits_of_DR6_and_DR7_keep_their_values()
    {
        using BareKernel kernel = new BareKernel().At(Main, a =>
        {
            a.mov(eax, -1);
            a.mov(dr6, rax);
            a.mov(rbx, dr6);
            a.mov(eax, unchecked((int)0xFFFF_D800));
            a.mov(dr7, rax);
            a.mov(rcx, dr7);
            a.xor(eax, eax);
            a.mov(dr6, rax);
            a.mov(rdx, dr6);
            a.db(0x0F, 0x21, 0xE6);
            a.hlt();
        });

        kernel.Run(Main).Kind.ShouldBe(CoreExitKind.Halt);

        (kernel.Vcpu[Gpr.Rbx], kernel.Vcpu[Gpr.Rcx], kernel.Vcpu[Gpr.Rdx]).ShouldBe((0xFFFF_EFFFUL, 0xFFFF_0400UL, 0xFFFF_0FF0UL));
        kernel.Vcpu[Gpr.Rsi].ShouldBe(0xFFFF_0FF0UL, "DR4 is DR6 while CR4.DE is clear");
    }

    [Theory]
    [InlineData("0F23F8", 0x1_0000_0400UL, ExceptionVector.GP)]
    [InlineData("0F23F0", 0x1_0000_0000UL, ExceptionVector.GP)]
    [InlineData("0F23E0", 0UL, ExceptionVector.UD)]
    [InlineData("0F21E8", 0UL, ExceptionVector.UD)]
    public void A_wrong_value_or_a_name_that_CR4_DE_takes_away_is_refused(string bytes, ulong value, ExceptionVector vector)
    {
        using BareKernel kernel = new BareKernel().CatchAll().At(Main, a =>
        {
            a.mov(rax, cr4);
            a.or(rax, (int)Cr4Bits.De);
            a.mov(cr4, rax);
            a.mov(rax, value);
            a.jmp(Main + 0x100);
        }).At(Main + 0x100, a => a.db(Convert.FromHexString(bytes)));

        kernel.Catch(Main).ShouldBe(new CaughtException(vector, 0, Main + 0x100));
    }

    [Fact]
    public void User_code_may_not_touch_debug_registers()
    {
        using BareKernel kernel = new BareKernel().CatchAll()
            .At(Main, a => a.EnterUser(BareKernel.UserPage))
            .At(BareKernel.UserPage, a => a.mov(rax, dr7));

        kernel.Catch(Main).ShouldBe(new CaughtException(ExceptionVector.GP, 0, BareKernel.UserPage));
    }

    [Fact]
    public void A_port_breakpoint_traps_behind_OUT_when_CR4_DE_is_set()
    {
        using BareKernel kernel = Watching(2 | (2 << 16), 0x80, a =>
        {
            a.@out(0x80, al);
            a.inc(r10);
        });
        kernel.Vcpu.Control.Cr4 |= Cr4Bits.De;

        CoreExit first = kernel.Run(Main);
        first.Kind.ShouldBe(CoreExitKind.Port);
        kernel.Bare.Run().Kind.ShouldBe(CoreExitKind.Halt);

        (kernel.Vcpu[Gpr.R11], kernel.Vcpu[Gpr.R10], kernel.Vcpu[Gpr.R12]).ShouldBe((1UL, 1UL, 0UL));
    }

    [Fact]
    public void Single_steps_of_a_kernel_set_BS_and_SYSRET_traps_before_the_first_user_instruction()
    {
        // Given a kernel that steps over two NOPs, then returns with TF in R11
        using BareKernel kernel = new BareKernel()
            .At(Main, a =>
            {
                a.pushfq();
                a.or(__qword_ptr[rsp], 0x100);
                a.popfq();
                a.nop();
                a.and(__qword_ptr[rsp - 8], ~0x100);
                a.sub(rsp, 8);
                a.popfq();
                a.mov(r10, r11);
                a.mov(ecx, (int)BareKernel.UserPage);
                a.mov(r11d, 0x302);
                a.mov(r15d, 0x55);
                a.sysretq();
            })
            .At(BareKernel.UserPage, a => a.ud2())
            .At(Handler, a =>
            {
                Label user = a.CreateLabel();
                a.mov(r8, dr6);
                a.cmp(r15d, 0x55);
                a.je(user);
                a.inc(r11);
                a.iretq();
                a.Label(ref user);
                a.mov(r9, __qword_ptr[rsp]);
                a.hlt();
            })
            .Gate(ExceptionVector.DB, Handler);
        kernel.Vcpu.Control.Star = ((ulong)BareKernel.KernelCode << 32) | ((ulong)BareKernel.KernelData << 48);

        kernel.Run(Main).Kind.ShouldBe(CoreExitKind.Halt);

        // Then NOP, AND, SUB and POPF trapped, and SYSRET at its target
        kernel.Vcpu[Gpr.R10].ShouldBe(4UL);
        kernel.Vcpu[Gpr.R8].ShouldBe(0xFFFF_4FF0UL);
        kernel.Vcpu[Gpr.R9].ShouldBe(BareKernel.UserPage);
    }

    [Fact]
    public void SYSCALL_that_masks_TF_enters_the_kernel_without_a_trap()
    {
        using BareKernel kernel = new BareKernel().CatchAll()
            .At(Main, a => a.EnterUser(BareKernel.UserPage, 0x302))
            .At(BareKernel.UserPage, a => a.syscall())
            .At(Handler, a => a.hlt());
        (kernel.Vcpu.Control.Star, kernel.Vcpu.Control.LStar) = ((ulong)BareKernel.KernelCode << 32, Handler);
        kernel.Vcpu.Control.FMask = Rflags.TF;

        kernel.Run(Main).Kind.ShouldBe(CoreExitKind.Halt);

        kernel.Vcpu.Rip.ShouldBe(Handler + 1);
    }

    [Fact]
    public void The_look_aside_is_bypassed_while_data_is_watched_and_only_then()
    {
        using BareKernel kernel = new();
        kernel.Vcpu.Pages.Enabled.ShouldBeTrue();

        kernel.Vcpu.Debug.Control = WriteFourBytes;
        AccessChecks.Update(kernel.Vcpu);
        kernel.Vcpu.Pages.Enabled.ShouldBeFalse();

        kernel.Vcpu.Debug.Control = 2;
        AccessChecks.Update(kernel.Vcpu);
        kernel.Vcpu.Pages.Enabled.ShouldBeTrue("an instruction breakpoint does not look at data");
    }

    /// <summary>A kernel that arms breakpoint 0, runs <paramref name="body"/> and halts; its handler counts in R11 and copies RCX and R10.</summary>
    private static BareKernel Watching(int control, ulong address, Action<Assembler> body) => new BareKernel()
        .At(Main, a =>
        {
            a.mov(rax, address);
            a.mov(dr0, rax);
            a.mov(eax, control);
            a.mov(dr7, rax);
            body(a);
            a.hlt();
        })
        .At(Handler, a =>
        {
            a.inc(r11);
            a.mov(r9, rcx);
            a.mov(r12, r10);
            a.iretq();
        })
        .Gate(ExceptionVector.DB, Handler);
}
