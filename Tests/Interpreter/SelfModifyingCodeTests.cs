using Iced.Intel;
using MmuEmu.Emulator.Cpu;
using MmuEmu.Emulator.Paging;
using MmuEmu.Emulator.Values;
using MmuEmu.Tests.Builders;
using static Iced.Intel.AssemblerRegisters;

namespace MmuEmu.Tests.Interpreter;

/// <summary>A store to code is seen by the next fetch, whoever stores and through whichever mapping.</summary>
public sealed class SelfModifyingCodeTests
{
    private const byte AddEaxImmediate8 = 0xC0;
    private const PteBits Writable = PteBits.P | PteBits.RW | PteBits.US;

    [Fact]
    public void A_store_to_the_next_instruction_of_the_same_block_takes_effect_at_once()
    {
        using BareCore core = new BareCore().Assemble(a =>
        {
            a.mov(__byte_ptr[BareCore.Code + 10], 77);
            a.db(0x83, AddEaxImmediate8, 1);
            a.syscall();
        });
        core.Ram.ReadByte(new PhysAddr(0x40_0008)).ShouldBe((byte)0x83);

        core.Run().Kind.ShouldBe(CoreExitKind.Syscall);

        core[Register.RAX].ShouldBe(77UL);
        core.Core.Retired.ShouldBe(3UL);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void A_loop_that_rewrites_itself_counts_with_each_new_value(int throughAnotherMapping)
    {
        // Given a loop that raises the immediate of its own ADD each time round
        const ulong alias = 0x50_0000;
        using BareCore core = new BareCore().Assemble(a =>
        {
            Label loop = a.CreateLabel();
            a.Label(ref loop);
            a.db(0x83, AddEaxImmediate8, 1);
            a.add(__byte_ptr[rbx + 2], 1);
            a.sub(ecx, 1);
            a.jne(loop);
            a.syscall();
        });
        core.Map(alias, 0x400, Writable);
        core[Register.RBX] = throughAnotherMapping == 1 ? alias : BareCore.Code;
        core[Register.RCX] = 10;

        core.Run().Kind.ShouldBe(CoreExitKind.Syscall);

        core[Register.RAX].ShouldBe(55UL);
    }

    [Theory]
    [InlineData(0x402UL)]
    [InlineData(0x400UL)]
    public void An_instruction_over_the_edge_of_a_page_is_read_again_when_its_second_page_is_another(ulong frame)
    {
        // Given ADD EAX, 1 whose immediate begins the second page
        using BareCore core = new();
        new byte[] { 0x83, AddEaxImmediate8 }.CopyTo(core.Ram.SliceToWrite(new PhysAddr(0x40_0FFE), 2));
        new byte[] { 1, 0x0F, 0x05 }.CopyTo(core.Ram.SliceToWrite(new PhysAddr(0x40_1000), 3));
        core.Rip = BareCore.Code + 0xFFE;
        core.Run().Kind.ShouldBe(CoreExitKind.Syscall);

        // When another frame is mapped there, which may be the frame of the first page
        new byte[] { 7, 0x0F, 0x05 }.CopyTo(core.Ram.SliceToWrite(new PhysAddr(frame << 12), 3));
        core.Map(BareCore.Code + 0x1000, frame, Writable);
        core.Core.Mmu.InvalidatePage(new VirtAddr(BareCore.Code + 0x1000));
        core.Rip = BareCore.Code + 0xFFE;
        core.Run().Kind.ShouldBe(CoreExitKind.Syscall);

        // Then its new bytes count, once more after a store to them,
        core[Register.RAX].ShouldBe(8UL);
        core.Ram.WriteByte(new PhysAddr(frame << 12), 20);
        core.Core.Vcpu.CodeWritten(new PhysAddr(frame << 12), 1);
        core.Rip = BareCore.Code + 0xFFE;
        core.Run().Kind.ShouldBe(CoreExitKind.Syscall);

        // and whatever else says that the mapping may have changed leaves them as they are.
        core[Register.RAX].ShouldBe(28UL);
        core.Core.Mmu.InvalidateAll();
        core.Rip = BareCore.Code + 0xFFE;
        core.Run().Kind.ShouldBe(CoreExitKind.Syscall);
        core[Register.RAX].ShouldBe(48UL);
    }

    [Fact]
    public void A_store_over_the_edge_of_two_code_pages_changes_both()
    {
        using BareCore core = new();
        new byte[] { 0x83, AddEaxImmediate8, 1, 0x83, AddEaxImmediate8, 1, 0x0F, 0x05 }.CopyTo(core.Ram.SliceToWrite(new PhysAddr(0x40_0FFD), 8));
        new byte[] { 0x66, 0xC7, 0x03, 40, 0x90, 0xEB, 0 }.CopyTo(core.Ram.SliceToWrite(new PhysAddr(0x40_0000), 7));
        core.Rip = BareCore.Code + 0xFFD;
        core.Run().Kind.ShouldBe(CoreExitKind.Syscall);
        core[Register.RAX].ShouldBe(2UL);

        // When a store covers the last byte of one page and the first of the next
        core.Rip = BareCore.Code;
        core[Register.RBX] = BareCore.Code + 0xFFF;
        core.Run(1).Kind.ShouldBe(CoreExitKind.BudgetSpent);

        // Then the first page has its new immediate, and the second its new opcode: NOP, then ROL AL,1-like bytes
        core.Rip = BareCore.Code + 0xFFD;
        core[Register.RAX] = 0;
        core.Run(2);
        core[Register.RAX].ShouldBe(40UL);
        core.Rip.ShouldBe(BareCore.Code + 0x1001);
    }

    [Fact]
    public void Code_that_the_runner_writes_is_fetched_anew()
    {
        using BareCore core = new BareCore().Load([0x83, AddEaxImmediate8, 1, 0x0F, 0x05]);
        core.Run();
        core.Ram.WriteByte(new PhysAddr(0x40_0002), 9);
        core.Core.Vcpu.CodeWritten(new PhysAddr(0x40_0002), 1);
        core.Rip = BareCore.Code;
        core[Register.RAX] = 0;

        core.Run();

        core[Register.RAX].ShouldBe(9UL);
    }

    [Fact]
    public void A_push_onto_code_and_a_string_store_over_code_take_effect()
    {
        using BareCore core = new BareCore().Assemble(a =>
        {
            a.mov(rsp, BareCore.Code + 0x108);
            a.push(rax);
            a.mov(rdi, BareCore.Code + 0x108);
            a.mov(rax, 0x050F_9090_9090_9090);
            a.stosq();
            a.jmp(BareCore.Code + 0x100);
        });
        core[Register.RAX] = 0x9090_9090_9009_C083;

        core.Run(100).Kind.ShouldBe(CoreExitKind.Syscall);

        core.Rip.ShouldBe(BareCore.Code + 0x110);
        (core[Register.RAX] & 0xFF).ShouldBe(0x99UL);
    }

    [Fact]
    public void An_instruction_that_crosses_into_a_page_unmapped_since_it_was_decoded_faults_at_the_second_page()
    {
        // Given an instruction over the edge of two pages that has run once
        using BareCore core = new();
        new byte[] { 0x83, AddEaxImmediate8, 1, 0x0F, 0x05 }.CopyTo(core.Ram.SliceToWrite(new PhysAddr(0x40_0FFE), 5));
        core.Rip = BareCore.Code + 0xFFE;
        core.Run().Kind.ShouldBe(CoreExitKind.Syscall);

        // When the second page goes
        core.Map(BareCore.Code + 0x1000, 0x401, PteBits.None);
        core.Core.Mmu.InvalidatePage(new VirtAddr(BareCore.Code + 0x1000));
        core.Rip = BareCore.Code + 0xFFE;
        CoreExit exit = core.Run();

        // Then the fetch faults there, and RIP stays at the instruction
        exit.Kind.ShouldBe(CoreExitKind.PageFault);
        exit.Fault.ShouldBe(new PageFault(new VirtAddr(BareCore.Code + 0x1000), PageFaultCode.US | PageFaultCode.ID));
        core.Core.Vcpu.Control.Cr2.ShouldBe(BareCore.Code + 0x1000);
        core.Rip.ShouldBe(BareCore.Code + 0xFFE);
        core[Register.RAX].ShouldBe(1UL);
    }

    [Fact]
    public void A_page_of_code_replaced_by_another_frame_runs_the_new_frame_after_the_invalidation()
    {
        using BareCore core = new BareCore().Load([0x83, AddEaxImmediate8, 1, 0x0F, 0x05]);
        new byte[] { 0x83, AddEaxImmediate8, 5, 0x0F, 0x05 }.CopyTo(core.Ram.SliceToWrite(new PhysAddr(0x90_0000), 5));
        core.Run();
        core.Map(BareCore.Code, 0x900, Writable);
        core.Core.Mmu.InvalidatePage(new VirtAddr(BareCore.Code));
        core.Rip = BareCore.Code;
        core[Register.RAX] = 0;

        core.Run();

        core[Register.RAX].ShouldBe(5UL);
    }
}
