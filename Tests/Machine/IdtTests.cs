using Iced.Intel;
using MmuEmu.Emulator.Cpu;
using MmuEmu.Emulator.Translation;
using MmuEmu.Tests.Builders;
using static Iced.Intel.AssemblerRegisters;

namespace MmuEmu.Tests.Machine;

/// <summary>Small kernels at CPL 0: delivery through the IDT, system calls, returns.</summary>
public sealed class IdtTests
{
    private const ulong Main = BareCore.Code;
    private const ulong Handler = BareCore.Code + 0x1000;
    private const ulong OtherHandler = BareCore.Code + 0x2000;
    private const ulong Nowhere = 0x7000_0000;

    [Fact]
    public void A_page_fault_pushes_its_frame_and_comes_back_by_IRETQ_to_the_same_instruction()
    {
        // Given a handler that counts, points RBX at good memory and returns past the error code
        using BareKernel kernel = new BareKernel()
            .At(Main, a =>
            {
                a.mov(rbx, Nowhere + 5);
                a.mov(rax, __qword_ptr[rbx]);
                a.hlt();
            })
            .At(Handler, a =>
            {
                a.mov(r8, cr2);
                a.pop(r9);
                a.mov(r10, __qword_ptr[rsp]);
                a.mov(rbx, BareCore.Data);
                a.inc(r11);
                a.iretq();
            })
            .Gate(ExceptionVector.PF, Handler);
        kernel.Bare.Ram.WriteUInt64(new(0x60_0000), 0x1234);

        // When the load faults
        CoreExit exit = kernel.Run(Main);

        // Then the handler saw CR2, the error code and the faulting RIP, and the load was done again
        exit.Kind.ShouldBe(CoreExitKind.Halt);
        kernel.Vcpu[Gpr.R8].ShouldBe(Nowhere + 5);
        kernel.Vcpu[Gpr.R9].ShouldBe(0UL);
        kernel.Vcpu[Gpr.R10].ShouldBe(Main + 10);
        kernel.Vcpu[Gpr.R11].ShouldBe(1UL);
        kernel.Vcpu[Gpr.Rax].ShouldBe(0x1234UL);
    }

    [Fact]
    [Spec("P-046")]
    public void A_fault_of_user_code_switches_to_the_stack_of_the_TSS_and_pushes_there_as_supervisor()
    {
        // Given user code that faults, and a kernel stack that is a supervisor page
        using BareKernel kernel = new BareKernel()
            .At(Main, a => Enter(a, BareKernel.UserPage))
            .At(BareKernel.UserPage, a => a.mov(__byte_ptr[Nowhere], al))
            .At(Handler, a => a.hlt())
            .Gate(ExceptionVector.PF, Handler);

        // When it runs
        CoreExit exit = kernel.Run(Main);

        // Then the frame on the kernel's stack tells it all: user write to a page that is not there
        exit.Kind.ShouldBe(CoreExitKind.Halt);
        kernel.Vcpu.Control.Cpl.ShouldBe(0);
        kernel.Vcpu[Gpr.Rsp].ShouldBe(BareKernel.KernelStack - 48);
        kernel.Read(BareKernel.KernelStack - 48).ShouldBe(6UL);
        kernel.Read(BareKernel.KernelStack - 40).ShouldBe(BareKernel.UserPage);
        kernel.Read(BareKernel.KernelStack - 32).ShouldBe(BareKernel.UserCode);
        kernel.Read(BareKernel.KernelStack - 16).ShouldBe(BareKernel.UserStack);
        kernel.Read(BareKernel.KernelStack - 8).ShouldBe(BareKernel.UserData);
    }

    [Fact]
    public void An_IST_gate_takes_its_own_stack_without_a_change_of_level()
    {
        using BareKernel kernel = new BareKernel()
            .At(Main, a => a.ud2())
            .At(Handler, a => a.hlt())
            .Gate(ExceptionVector.UD, Handler, ist: 1);

        kernel.Run(Main).Kind.ShouldBe(CoreExitKind.Halt);

        kernel.Vcpu[Gpr.Rsp].ShouldBe(BareKernel.IstStack - 40);
        kernel.Read(BareKernel.IstStack - 40).ShouldBe(Main);
    }

    [Fact]
    public void SYSCALL_and_SYSRETQ_go_to_the_kernel_and_back()
    {
        // Given user code that calls a kernel which adds one to RDI
        using BareKernel kernel = new BareKernel()
            .At(Main, a => Enter(a, BareKernel.UserPage))
            .At(BareKernel.UserPage, a =>
            {
                a.mov(edi, 41);
                a.stc();
                a.syscall();
                a.mov(rax, rdi);
                a.hlt();
            })
            .At(OtherHandler, a =>
            {
                a.inc(rdi);
                a.sysretq();
            })
            .At(Handler, a => a.hlt())
            .Gate(ExceptionVector.GP, Handler);
        kernel.Vcpu.Control.Star = ((ulong)BareKernel.KernelCode << 32) | ((ulong)BareKernel.KernelData << 48);
        kernel.Vcpu.Control.LStar = OtherHandler;
        kernel.Vcpu.Control.FMask = Rflags.IF | Rflags.CF;

        // When it runs until its HLT, which is #GP at CPL 3
        kernel.Run(Main).Kind.ShouldBe(CoreExitKind.Halt);

        // Then it had come back to CPL 3 with its flags
        kernel.Vcpu[Gpr.Rax].ShouldBe(42UL);
        kernel.Read(BareKernel.KernelStack - 48).ShouldBe(0UL);
        (kernel.Read(BareKernel.KernelStack - 24) & Rflags.CF).ShouldBe(Rflags.CF);
        kernel.Read(BareKernel.KernelStack - 32).ShouldBe(BareKernel.UserCode);
    }

    [Fact]
    public void A_fault_while_a_page_fault_is_delivered_becomes_a_double_fault()
    {
        // Given a page-fault gate whose IST stack is not mapped, and a double-fault gate with a good one
        using BareKernel kernel = new BareKernel()
            .At(Main, a => a.mov(al, __byte_ptr[Nowhere]))
            .At(Handler, a => a.hlt())
            .Gate(ExceptionVector.PF, OtherHandler, ist: 2)
            .Gate(ExceptionVector.DF, Handler, ist: 1);

        kernel.Run(Main).Kind.ShouldBe(CoreExitKind.Halt);

        kernel.Vcpu[Gpr.Rsp].ShouldBe(BareKernel.IstStack - 48);
        kernel.Read(BareKernel.IstStack - 48).ShouldBe(0UL);
        kernel.Read(BareKernel.IstStack - 40).ShouldBe(Main);
    }

    [Fact]
    public void Without_a_double_fault_gate_the_processor_shuts_down()
    {
        using BareKernel kernel = new BareKernel().At(Main, a => a.ud2());

        kernel.Run(Main).Kind.ShouldBe(CoreExitKind.TripleFault);
    }

    [Fact]
    public void A_handler_that_faults_at_its_first_byte_spends_the_budget_instead_of_hanging()
    {
        using BareKernel kernel = new BareKernel().At(Main, a => a.ud2())
            .Gate(ExceptionVector.UD, Nowhere, ist: 1)
            .Gate(ExceptionVector.PF, Nowhere, ist: 1);

        kernel.Run(Main, budget: 1000).Kind.ShouldBe(CoreExitKind.BudgetSpent);
    }

    [Fact]
    public void INT_n_from_user_code_needs_a_gate_open_to_it()
    {
        // Given vector 0x30 open to the kernel alone
        using BareKernel kernel = new BareKernel()
            .At(Main, a => Enter(a, BareKernel.UserPage))
            .At(BareKernel.UserPage, a => a.@int(0x30))
            .At(Handler, a => a.hlt())
            .Gate((ExceptionVector)0x30, OtherHandler)
            .Gate(ExceptionVector.GP, Handler);

        kernel.Run(Main).Kind.ShouldBe(CoreExitKind.Halt);

        // Then #GP names the gate: vector * 8 + 2
        kernel.Read(BareKernel.KernelStack - 48).ShouldBe(0x182UL);
    }

    [Fact]
    [Spec("T-026")]
    public void INVLPG_is_for_CPL_0_alone()
    {
        using BareKernel kernel = new BareKernel()
            .At(Main, a => Enter(a, BareKernel.UserPage))
            .At(BareKernel.UserPage, a => a.invlpg(__byte_ptr[rax]))
            .At(Handler, a => a.hlt())
            .Gate(ExceptionVector.GP, Handler);

        kernel.Run(Main).Kind.ShouldBe(CoreExitKind.Halt);

        kernel.Read(BareKernel.KernelStack - 48).ShouldBe(0UL);
        kernel.Read(BareKernel.KernelStack - 40).ShouldBe(BareKernel.UserPage);
    }

    [Fact]
    [Spec("P-036", "P-037")]
    public void SMEP_and_SMAP_stop_the_kernel_at_user_pages_until_AC_is_set()
    {
        // Given both on, and a page-fault handler that keeps the error codes
        using BareKernel kernel = new BareKernel()
            .At(Main, a =>
            {
                a.mov(rax, cr4);
                a.or(rax, (int)(Cr4Bits.Smep | Cr4Bits.Smap));
                a.mov(cr4, rax);
                a.stac();
                a.mov(r12, __qword_ptr[BareKernel.UserPage]);
                a.clac();
                a.mov(r13, __qword_ptr[BareKernel.UserPage]);
                a.mov(rcx, BareKernel.UserPage);
                a.jmp(rcx);
            })
            .At(Handler, a =>
            {
                a.pop(r9);
                a.shl(r8, 8);
                a.or(r8, r9);
                a.cmp(r9, 1);
                Label fetch = a.CreateLabel();
                a.jne(fetch);
                a.add(__qword_ptr[rsp], 8);
                a.iretq();
                a.Label(ref fetch);
                a.hlt();
            })
            .Gate(ExceptionVector.PF, Handler);

        // When the kernel reads with AC, reads without, and jumps there
        kernel.Run(Main).Kind.ShouldBe(CoreExitKind.Halt);

        // Then the first passes, the second is P alone, the third P with I/D
        kernel.Vcpu[Gpr.R8].ShouldBe(0x0111UL);
    }

    /// <summary>IRETQ to user code at <paramref name="target"/>.</summary>
    private static void Enter(Assembler a, ulong target)
    {
        a.push(BareKernel.UserData);
        a.push((int)BareKernel.UserStack);
        a.push(0x202);
        a.push(BareKernel.UserCode);
        a.push((int)target);
        a.iretq();
    }
}
