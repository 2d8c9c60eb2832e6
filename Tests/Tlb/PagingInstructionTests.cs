using Iced.Intel;
using MmuEmu.Emulator.Cpu;
using MmuEmu.Emulator.Paging;
using MmuEmu.Emulator.Values;
using MmuEmu.Tests.Builders;
using static Iced.Intel.AssemblerRegisters;

namespace MmuEmu.Tests.Tlb;

/// <summary>The instructions that flush, run by a small kernel on the whole core, look-aside and all.</summary>
public sealed class PagingInstructionTests
{
    private const ulong Main = BareCore.Code;
    private const ulong Handler = BareCore.Code + 0x1000;
    private const ulong Page = BareCore.Data;
    private const ulong GlobalPage = BareCore.Data + 0x1000;
    private const ulong Descriptor = BareKernel.Tables + 0x3000;
    private const ulong Old = 0x0101;
    private const ulong New = 0x0202;
    private const int PcidBit = 17;
    private const int NoFlushBit = 63;

    [Fact, Spec("T-001", "T-020", "T-092")]
    public void A_load_is_stale_until_INVLPG_and_fresh_in_the_very_next_instruction()
    {
        using BareKernel kernel = StalePages();

        Run(kernel, a =>
        {
            a.mov(r8, __qword_ptr[Page]);
            a.invlpg(__byte_ptr[Page]);
            a.mov(r9, __qword_ptr[Page]);
            a.mov(r10, __qword_ptr[GlobalPage]);
        });

        (kernel.Vcpu[Gpr.R8], kernel.Vcpu[Gpr.R9], kernel.Vcpu[Gpr.R10]).ShouldBe((Old, New, Old));
    }

    [Fact, Spec("T-030", "T-021")]
    public void MOV_to_CR3_flushes_all_but_global_pages()
    {
        using BareKernel kernel = StalePages();

        Run(kernel, a =>
        {
            a.mov(r8, __qword_ptr[Page]);
            a.mov(rax, cr3);
            a.mov(cr3, rax);
            a.mov(r9, __qword_ptr[Page]);
            a.mov(r10, __qword_ptr[GlobalPage]);
            a.invlpg(__byte_ptr[GlobalPage]);
            a.mov(r11, __qword_ptr[GlobalPage]);
        });

        (kernel.Vcpu[Gpr.R8], kernel.Vcpu[Gpr.R9], kernel.Vcpu[Gpr.R10], kernel.Vcpu[Gpr.R11]).ShouldBe((Old, New, Old, New));
    }

    [Fact, Spec("T-032", "T-033", "T-031")]
    public void With_PCIDs_bit_63_of_CR3_spares_the_flush_and_reads_back_as_zero()
    {
        using BareKernel kernel = StalePages();

        Run(kernel, a =>
        {
            a.mov(rax, cr4);
            a.bts(rax, PcidBit);
            a.mov(cr4, rax);
            a.mov(rax, cr3);
            a.bts(rax, NoFlushBit);
            a.mov(cr3, rax);
            a.mov(rbx, cr3);
            a.mov(r8, __qword_ptr[Page]);
            a.btr(rax, NoFlushBit);
            a.mov(cr3, rax);
            a.mov(r9, __qword_ptr[Page]);
        });

        (kernel.Vcpu[Gpr.R8], kernel.Vcpu[Gpr.R9], kernel.Vcpu[Gpr.Rbx] >> NoFlushBit).ShouldBe((Old, New, 0UL));
    }

    [Fact, Spec("T-037")]
    public void Turning_global_pages_off_flushes_them_too()
    {
        using BareKernel kernel = StalePages();

        Run(kernel, a =>
        {
            a.mov(r8, __qword_ptr[GlobalPage]);
            a.mov(rax, cr4);
            a.btr(rax, 7);
            a.mov(cr4, rax);
            a.mov(r9, __qword_ptr[GlobalPage]);
        });

        (kernel.Vcpu[Gpr.R8], kernel.Vcpu[Gpr.R9]).ShouldBe((Old, New));
    }

    [Theory, Spec("T-050", "T-051", "T-052", "T-053")]
    [InlineData(0, New, Old)]
    [InlineData(1, New, Old)]
    [InlineData(2, New, New)]
    [InlineData(3, New, Old)]
    public void INVPCID_drops_what_its_type_says(int type, ulong page, ulong globalPage)
    {
        using BareKernel kernel = StalePages();
        kernel.Write(Descriptor, 0);
        kernel.Write(Descriptor + 8, Page);

        Run(kernel, a =>
        {
            a.mov(rax, type);
            a.mov(rbx, Descriptor);
            a.invpcid(rax, __xmmword_ptr[rbx]);
            a.mov(r8, __qword_ptr[Page]);
            a.mov(r9, __qword_ptr[GlobalPage]);
        });

        (kernel.Vcpu[Gpr.R8], kernel.Vcpu[Gpr.R9]).ShouldBe((page, globalPage));
    }

    [Theory, Spec("T-054")]
    [InlineData(4, 0UL, Page)]
    [InlineData(2, 0x1000UL, Page)]
    [InlineData(0, 1UL, Page)]
    [InlineData(0, 0UL, 0x8000_0000_0000UL)]
    public void INVPCID_with_wrong_operands_is_a_general_protection_fault(int type, ulong pcid, ulong address)
    {
        using BareKernel kernel = StalePages();
        kernel.Write(Descriptor, pcid);
        kernel.Write(Descriptor + 8, address);

        Run(kernel, a =>
        {
            a.mov(rax, type);
            a.mov(rbx, Descriptor);
            a.invpcid(rax, __xmmword_ptr[rbx]);
            a.mov(r15, 1);
        });

        (kernel.Vcpu[Gpr.R14], kernel.Vcpu[Gpr.R15]).ShouldBe((1UL, 0UL));
    }

    [Theory, Spec("T-035", "T-041", "P-047")]
    [InlineData(3, 1UL << 52)]
    [InlineData(3, 1UL << 63)]
    [InlineData(4, 1UL << 31)]
    [InlineData(0, 1UL << 32)]
    public void Control_registers_refuse_reserved_bits_with_a_general_protection_fault(int register, ulong bit)
    {
        using BareKernel kernel = StalePages();

        Run(kernel, a =>
        {
            AssemblerRegisterCR which = register switch { 0 => cr0, 3 => cr3, _ => cr4 };
            a.mov(rax, which);
            a.mov(rcx, bit);
            a.or(rax, rcx);
            a.mov(which, rax);
            a.mov(r15, 1);
        });

        (kernel.Vcpu[Gpr.R14], kernel.Vcpu[Gpr.R15]).ShouldBe((1UL, 0UL));
    }

    /// <summary>A kernel that has read both pages, whose entries then moved to frames with other contents; a #GP sets R14 and halts.</summary>
    private static BareKernel StalePages()
    {
        const PteBits bits = PteBits.P | PteBits.RW | PteBits.XD;
        BareKernel kernel = new BareKernel().Gate(ExceptionVector.GP, Handler).At(Handler, a =>
        {
            a.mov(r14, 1);
            a.hlt();
        });
        foreach ((ulong frame, ulong content) in new[] { (0x620UL, Old), (0x621UL, Old), (0x622UL, New), (0x623UL, New) })
        {
            kernel.Bare.Ram.WriteUInt64(new Pfn(frame).Base, content);
        }

        kernel.Bare.Map(Page, 0x620, bits);
        kernel.Bare.Map(GlobalPage, 0x621, bits | PteBits.G);
        Run(kernel, a =>
        {
            a.mov(r8, __qword_ptr[Page]);
            a.mov(r9, __qword_ptr[GlobalPage]);
        });
        kernel.Bare.Map(Page, 0x622, bits);
        kernel.Bare.Map(GlobalPage, 0x623, bits | PteBits.G);
        return kernel;
    }

    private static void Run(BareKernel kernel, Action<Assembler> write)
    {
        ulong at = Main + (kernel.Vcpu.Rip >= Main && kernel.Vcpu.Rip < Main + 0x800 ? 0x400UL : 0);
        kernel.At(at, a =>
        {
            write(a);
            a.hlt();
        });
        kernel.Run(at).Kind.ShouldBe(CoreExitKind.Halt);
    }
}
