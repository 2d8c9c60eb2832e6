using MmuEmu.Emulator.Cpu;
using MmuEmu.Emulator.Models;
using MmuEmu.Tests.Builders;
using static Iced.Intel.AssemblerRegisters;

namespace MmuEmu.Tests.Machine;

/// <summary>Far jumps, calls and returns of a kernel, their checks and error codes.</summary>
/// <remarks>Selectors beside those of <see cref="BareKernel"/>: 0x38 absent code, 0x40 conforming code, 0x48 call gate for users, 0x58 absent data.</remarks>
public sealed class FarTransferTests
{
    private const ulong Main = BareCore.Code;
    private const ulong Target = BareCore.Code + 0x1000;
    private const ulong Pointer = BareCore.Data;
    private const ulong NotCanonical = 0x0000_8000_0000_0000;

    [Theory]
    [InlineData(0x00, Target, ExceptionVector.GP, 0x00)]
    [InlineData(0x03, Target, ExceptionVector.GP, 0x00)]
    [InlineData(0x10, Target, ExceptionVector.GP, 0x10)]
    [InlineData(0x28, Target, ExceptionVector.GP, 0x28)]
    [InlineData(0x38, Target, ExceptionVector.NP, 0x38)]
    [InlineData(0x20, Target, ExceptionVector.GP, 0x20)]
    [InlineData(0x0B, Target, ExceptionVector.GP, 0x08)]
    [InlineData(0xFF8, Target, ExceptionVector.GP, 0xFF8)]
    [InlineData(0x0C, Target, ExceptionVector.GP, 0x0C)]
    [InlineData(0x08, NotCanonical, ExceptionVector.GP, 0x00)]
    public void A_far_return_to_a_wrong_segment_or_address_is_refused_with_its_selector(
        int selector, ulong rip, ExceptionVector vector, ulong error)
    {
        using BareKernel kernel = Kernel().CatchAll().At(Main, a =>
        {
            a.push(selector);
            a.mov(rax, rip);
            a.push(rax);
            a.jmp(Main + 0x100);
        }).At(Main + 0x100, a => a.db(0x48, 0xCB));

        kernel.Catch(Main).ShouldBe(new CaughtException(vector, error, Main + 0x100));
    }

    [Theory]
    [InlineData(BareKernel.UserCode, 0x00, ExceptionVector.GP, 0x00)]
    [InlineData(BareKernel.UserCode, 0x10, ExceptionVector.GP, 0x10)]
    [InlineData(BareKernel.UserCode, 0x5B, ExceptionVector.SS, 0x58)]
    [InlineData(BareKernel.KernelCode, 0x1B, ExceptionVector.GP, 0x18)]
    [InlineData(BareKernel.KernelCode, 0x03, ExceptionVector.GP, 0x00)]
    [InlineData(0x21, 0x00, ExceptionVector.GP, 0x20)]
    public void IRETQ_to_a_wrong_stack_segment_is_refused(int code, int stack, ExceptionVector vector, ulong error)
    {
        using BareKernel kernel = Kernel().CatchAll().At(Main, a =>
        {
            a.push(stack);
            a.push((int)BareKernel.UserStack);
            a.push(0x202);
            a.push(code);
            a.push((int)Target);
            a.iretq();
        });

        CaughtException caught = kernel.Catch(Main);

        (caught.Vector, caught.ErrorCode).ShouldBe((vector, error));
    }

    [Fact]
    public void IRETQ_to_CPL_0_takes_a_null_stack_segment_and_RSP()
    {
        using BareKernel kernel = Kernel().CatchAll().At(Main, a =>
        {
            a.push(0);
            a.push((int)BareKernel.IstStack);
            a.push(0x202);
            a.push(BareKernel.KernelCode);
            a.push((int)Target);
            a.iretq();
        }).At(Target, a => a.hlt());

        kernel.Run(Main).Kind.ShouldBe(CoreExitKind.Halt);

        (kernel.Vcpu.Rip, kernel.Vcpu[Gpr.Rsp], kernel.Vcpu.Control.Ss).ShouldBe((Target + 1, BareKernel.IstStack, (ushort)0));
    }

    [Fact]
    public void IRETQ_with_NT_set_is_refused_and_IRETD_takes_words_of_four_bytes()
    {
        using BareKernel nested = Kernel().CatchAll().At(Main, a => a.iretq());
        nested.Vcpu.Flags |= Rflags.NT;
        nested.Catch(Main).ShouldBe(new CaughtException(ExceptionVector.GP, 0, Main));

        using BareKernel narrow = Kernel().CatchAll().At(Main, a =>
        {
            a.sub(rsp, 20);
            a.mov(__dword_ptr[rsp], (int)Target);
            a.mov(__dword_ptr[rsp + 4], BareKernel.KernelCode);
            a.mov(__dword_ptr[rsp + 8], 0x203);
            a.mov(__dword_ptr[rsp + 12], (int)BareKernel.IstStack);
            a.mov(__dword_ptr[rsp + 16], 0);
            a.iretd();
        }).At(Target, a => a.hlt());
        narrow.Run(Main).Kind.ShouldBe(CoreExitKind.Halt);
        (narrow.Vcpu[Gpr.Rsp], narrow.Vcpu.Flags & 1).ShouldBe((BareKernel.IstStack, 1UL));
    }

    [Fact]
    public void A_return_outward_drops_data_segments_that_belong_further_in()
    {
        using BareKernel kernel = Kernel().CatchAll().At(Main, a =>
        {
            a.mov(eax, BareKernel.KernelData);
            a.mov(ds, eax);
            a.mov(eax, BareKernel.UserData);
            a.mov(es, eax);
            a.EnterUser(BareKernel.UserPage);
        }).At(BareKernel.UserPage, a => a.ud2());

        kernel.Catch(Main).Vector.ShouldBe(ExceptionVector.UD);

        (kernel.Vcpu.Control.Ds, kernel.Vcpu.Control.Es).ShouldBe(((ushort)0, BareKernel.UserData));
    }

    [Fact]
    public void A_far_call_comes_back_by_a_far_return_with_its_arguments_released()
    {
        using BareKernel kernel = Kernel().CatchAll().At(Main, a =>
        {
            a.push(1);
            a.push(2);
            a.mov(rbx, Pointer);
            a.db(0x48, 0xFF, 0x1B);
            a.hlt();
        }).At(Target, a => a.db(0x48, 0xCA, 16, 0));
        PutPointer(kernel, Target, BareKernel.KernelCode);

        kernel.Run(Main).Kind.ShouldBe(CoreExitKind.Halt);

        (kernel.Vcpu[Gpr.Rsp], kernel.Vcpu.Control.Cs).ShouldBe((BareKernel.KernelStack, BareKernel.KernelCode));
    }

    [Theory]
    [InlineData(0x40, 0x40)]
    [InlineData(0x43, 0x40)]
    [InlineData(0x08, 0x08)]
    public void A_far_jump_enters_its_segment_at_the_level_that_it_had(int selector, int code)
    {
        using BareKernel kernel = Kernel().CatchAll().At(Main, a =>
        {
            a.mov(rbx, Pointer);
            a.db(0x48, 0xFF, 0x2B);
        }).At(Target, a => a.hlt());
        PutPointer(kernel, Target, (ushort)selector);

        kernel.Run(Main).Kind.ShouldBe(CoreExitKind.Halt);

        (kernel.Vcpu.Rip, (int)kernel.Vcpu.Control.Cs).ShouldBe((Target + 1, code));
    }

    [Fact]
    public void A_call_gate_leads_user_code_into_the_kernel_on_the_stack_of_the_TSS_and_back()
    {
        // Given a gate that users may call, and a kernel routine that returns through it
        using BareKernel kernel = Kernel().CatchAll()
            .At(Main, a => a.EnterUser(BareKernel.UserPage))
            .At(BareKernel.UserPage, a =>
            {
                a.mov(rbx, BareKernel.UserPage + 0x800);
                a.db(0xFF, 0x1B);
                a.mov(r10, cs);
                a.ud2();
            })
            .At(Target, a =>
            {
                a.mov(r8, rsp);
                a.mov(r9, __qword_ptr[rsp + 16]);
                a.mov(r11, cs);
                a.mov(r12, ss);
                a.db(0x48, 0xCB);
            });
        kernel.Write(BareKernel.UserPage + 0x800, (0x4BUL << 32) | 0xDEAD_BEEF);

        // When user code calls it
        kernel.Catch(Main).Vector.ShouldBe(ExceptionVector.UD);

        // Then the routine ran at CPL 0 with SS null and the caller's SS:RSP above the return address
        kernel.Vcpu[Gpr.R8].ShouldBe(BareKernel.KernelStack - 32);
        kernel.Vcpu[Gpr.R9].ShouldBe(BareKernel.UserStack);
        (kernel.Vcpu[Gpr.R11], kernel.Vcpu[Gpr.R12], kernel.Vcpu[Gpr.R10]).ShouldBe((BareKernel.KernelCode, 0UL, BareKernel.UserCode));
    }

    [Theory]
    [InlineData(0x33, ExceptionVector.GP, 0x30)]
    [InlineData(0x08, ExceptionVector.GP, 0x08)]
    [InlineData(0x6B, ExceptionVector.NP, 0x68)]
    public void User_code_may_not_call_a_segment_or_a_gate_of_the_kernel(int selector, ExceptionVector vector, ulong error)
    {
        using BareKernel kernel = Kernel().CatchAll()
            .At(Main, a => a.EnterUser(BareKernel.UserPage))
            .At(BareKernel.UserPage, a =>
            {
                a.mov(rbx, BareKernel.UserPage + 0x800);
                a.db(0xFF, 0x1B);
            });
        kernel.Write(BareKernel.UserPage + 0x800, (ulong)selector << 32);

        CaughtException caught = kernel.Catch(Main);

        (caught.Vector, caught.ErrorCode).ShouldBe((vector, error));
    }

    [Fact]
    public void SYSENTER_and_SYSEXIT_go_to_the_kernel_and_back()
    {
        using BareKernel kernel = Kernel().CatchAll()
            .At(Main, a => a.EnterUser(BareKernel.UserPage))
            .At(BareKernel.UserPage, a =>
            {
                a.mov(edx, (int)BareKernel.UserPage + 0x100);
                a.mov(ecx, (int)BareKernel.UserStack);
                a.sysenter();
            })
            .At(Target, a =>
            {
                a.mov(r8, rsp);
                a.mov(r9, cs);
                a.db(0x48, 0x0F, 0x35);
            })
            .At(BareKernel.UserPage + 0x100, a => a.ud2());
        ControlRegisters control = kernel.Vcpu.Control;
        (control.SysenterCs, control.SysenterRsp, control.SysenterRip) = (0x70, BareKernel.IstStack, Target);

        kernel.Catch(Main).ShouldBe(new CaughtException(ExceptionVector.UD, 0, BareKernel.UserPage + 0x100));

        (kernel.Vcpu[Gpr.R8], kernel.Vcpu[Gpr.R9]).ShouldBe((BareKernel.IstStack, 0x70UL));
        kernel.Read(kernel.Vcpu[Gpr.Rsp] + 8).ShouldBe(0x93UL);
    }

    [Fact]
    public void A_local_descriptor_table_gives_segments_by_selectors_with_TI()
    {
        using BareKernel kernel = Kernel().CatchAll().At(Main, a =>
        {
            a.mov(eax, 0x78);
            a.lldt(ax);
            a.sldt(ebx);
            a.mov(eax, 0x0F);
            a.mov(ds, eax);
            a.mov(eax, 0x17);
            a.mov(es, eax);
        });
        kernel.Write(BareKernel.Gdt + 0x78, 0x0000_8200_0000_000F | ((BareKernel.Gdt + 0x400) << 16));
        kernel.Write(BareKernel.Gdt + 0x80, 0);
        kernel.Write(BareKernel.Gdt + 0x408, 0x00CF_F300_0000_FFFF);

        CaughtException caught = kernel.Catch(Main);

        (caught.Vector, caught.ErrorCode).ShouldBe((ExceptionVector.GP, 0x14UL));
        (kernel.Vcpu.Control.Ds, kernel.Vcpu[Gpr.Rbx]).ShouldBe(((ushort)0x0F, 0x78UL));
    }

    private static BareKernel Kernel()
    {
        BareKernel kernel = new();
        kernel.Vcpu.Model = CpuModels.Max.MadeBy(CpuVendor.Intel);
        kernel.Vcpu.Control.GdtLimit = 0x9F;
        kernel.Write(BareKernel.Gdt + 0x38, 0x00AF_1B00_0000_FFFF);
        kernel.Write(BareKernel.Gdt + 0x40, 0x00AF_9F00_0000_FFFF);
        PutGate(kernel, 0x48, 0xEC);
        kernel.Write(BareKernel.Gdt + 0x58, 0x00CF_7300_0000_FFFF);
        PutGate(kernel, 0x68, 0x6C);
        kernel.Write(BareKernel.Gdt + 0x70, 0x00AF_9B00_0000_FFFF);
        kernel.Write(BareKernel.Gdt + 0x90, 0x00AF_FB00_0000_FFFF);
        kernel.Write(BareKernel.Gdt + 0x98, 0x00CF_F300_0000_FFFF);
        return kernel;
    }

    /// <summary>A 64-bit call gate to <see cref="Target"/>; <paramref name="access"/> holds P, DPL and the type.</summary>
    private static void PutGate(BareKernel kernel, ulong selector, ulong access)
    {
        ulong low = (Target & 0xFFFF) | ((ulong)BareKernel.KernelCode << 16) | (access << 40) | ((Target >> 16 & 0xFFFF) << 48);
        kernel.Write(BareKernel.Gdt + selector, low);
        kernel.Write(BareKernel.Gdt + selector + 8, Target >> 32);
    }

    private static void PutPointer(BareKernel kernel, ulong rip, ushort selector)
    {
        kernel.Write(Pointer, rip);
        kernel.Write(Pointer + 8, selector);
    }
}
