using Iced.Intel;
using MmuEmu.Emulator.Cpu;
using MmuEmu.Emulator.Paging;
using MmuEmu.Emulator.Values;
using MmuEmu.Tests.Builders;
using static Iced.Intel.AssemblerRegisters;

namespace MmuEmu.Tests.Interpreter;

/// <summary>Stack, segments, loops, long repeats, and what the core costs the host's memory.</summary>
public sealed class StackAndFlowTests
{
    private const ulong Top = BareCore.StackTop - 0x800;

    [Fact]
    public void Push_rsp_stores_the_old_value_and_pop_rsp_takes_the_popped_one()
    {
        using BareCore core = At(Top, a =>
        {
            a.push(rsp);
            a.pop(rax);
            a.push(0x1234560);
            a.pop(rsp);
        });

        core.Run(4);

        core[Register.RAX].ShouldBe(Top);
        core[Register.RSP].ShouldBe(0x1234560UL);
    }

    [Fact]
    public void Pop_into_memory_computes_its_address_behind_the_value()
    {
        using BareCore core = At(Top, a =>
        {
            a.push(0x11);
            a.push(0x22);
            a.pop(__qword_ptr[rsp]);
            a.pop(rax);
        });

        core.Run(4);

        (core[Register.RAX], core[Register.RSP]).ShouldBe((0x22UL, Top));
    }

    [Fact]
    public void Sixteen_bit_pushes_move_the_stack_pointer_by_two()
    {
        using BareCore core = At(Top, a =>
        {
            a.push(ax);
            a.pushf();
            a.popf();
            a.pop(cx);
        });
        core[Register.RAX] = 0xAAAA_BEEF;
        core[Register.RCX] = ulong.MaxValue;

        core.Run(2);
        core[Register.RSP].ShouldBe(Top - 4);
        core.Run(2);

        (core[Register.RSP], core[Register.RCX]).ShouldBe((Top, 0xFFFF_FFFF_FFFF_BEEFUL));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(31)]
    [InlineData(33)]
    public void Enter_copies_its_display_and_leave_undoes_it(int level)
    {
        // Given an outer frame with a display
        using BareCore core = At(Top, a =>
        {
            a.enter(0x40, (sbyte)level);
            a.leave();
        });
        ulong outer = BareCore.StackTop - 0x100;
        core[Register.RBP] = outer;
        int depth = level & 31;
        for (int i = 1; i < depth; i++)
        {
            Stack(core, outer - (ulong)(8 * i)) = 0xD000UL + (ulong)i;
        }

        // When ENTER runs
        core.Run(1);

        // Then it has pushed RBP, the display and the new frame's address, and moved RSP
        core[Register.RBP].ShouldBe(Top - 8);
        core[Register.RSP].ShouldBe(Top - 8 - (ulong)(8 * depth) - 0x40);
        Stack(core, Top - 8).ShouldBe(outer);
        for (int i = 1; i < depth; i++)
        {
            Stack(core, Top - 8 - (ulong)(8 * i)).ShouldBe(0xD000UL + (ulong)i);
        }

        if (depth > 0)
        {
            Stack(core, Top - 8 - (ulong)(8 * depth)).ShouldBe(Top - 8);
        }

        core.Run(1);
        (core[Register.RBP], core[Register.RSP]).ShouldBe((outer, Top));
    }

    [Fact]
    public void Enter_whose_final_stack_top_cannot_be_written_leaves_no_trace()
    {
        using BareCore core = At(BareCore.StackTop - (BareCore.DataPages * 4096) + 0x20, a => a.enter(0x40, 0));

        CoreExit exit = core.Run();

        exit.Kind.ShouldBe(CoreExitKind.PageFault);
        core[Register.RSP].ShouldBe(BareCore.StackTop - (BareCore.DataPages * 4096) + 0x20);
        core[Register.RBP].ShouldBe(0UL);
    }

    [Theory]
    [InlineData("E2FE", 5UL, 0UL, 5)]
    [InlineData("67E2FE", 0xFFFF_FFFF_0000_0003UL, 0UL, 3)]
    [InlineData("E1FE", 5UL, Rflags.ZF, 5)]
    [InlineData("E1FE", 5UL, 0UL, 1)]
    [InlineData("E0FE", 5UL, 0UL, 5)]
    [InlineData("E0FE", 5UL, Rflags.ZF, 1)]
    public void Loops_count_down_and_stop(string bytes, ulong count, ulong flags, int rounds)
    {
        using BareCore core = new BareCore().Load([.. Convert.FromHexString(bytes), 0x0F, 0x05]);
        if (bytes.StartsWith("67", StringComparison.Ordinal))
        {
            core.Load([0x67, 0xE2, 0xFD, 0x0F, 0x05]);
        }

        core[Register.RCX] = count;
        core.SetFlags(flags);

        core.Run().Kind.ShouldBe(CoreExitKind.Syscall);

        core.Core.Retired.ShouldBe((ulong)rounds + 1);
    }

    [Theory]
    [InlineData("E300", 0UL)]
    [InlineData("67E300", 0xFFFF_FFFF_0000_0000UL)]
    public void Jump_if_the_count_is_zero_looks_at_the_width_of_the_address(string bytes, ulong count)
    {
        byte[] code = [.. Convert.FromHexString(bytes), 0x0F, 0x0B, 0x0F, 0x05];
        code[bytes.Length / 2 - 1] = 2;
        using BareCore core = new BareCore().Load(code);
        core[Register.RCX] = count;

        core.Run().Kind.ShouldBe(CoreExitKind.Syscall);
    }

    [Fact]
    public void Segment_registers_take_null_and_flat_selectors_and_refuse_others()
    {
        using BareCore core = new BareCore().Assemble(a =>
        {
            a.mov(eax, ss);
            a.mov(ds, eax);
            a.mov(ecx, ds);
            a.mov(edx, 0x1B8);
            a.mov(es, edx);
        });

        CoreExit exit = core.Run();

        (core[Register.RAX], core[Register.RCX]).ShouldBe((0x2BUL, 0x2BUL));
        (exit.Vector, exit.ErrorCode).ShouldBe((ExceptionVector.GP, 0x1B8U));
    }

    [Fact]
    public void The_base_instructions_exist_only_where_the_kernel_allows_them()
    {
        using BareCore core = new BareCore().Assemble(a =>
        {
            a.wrfsbase(rax);
            a.rdfsbase(rcx);
            a.mov(rdx, __qword_ptr.fs[8]);
            a.wrgsbase(rbx);
        });
        core[Register.RAX] = BareCore.Data;
        core[Register.RBX] = 0x8000_0000_0000;
        BitConverter.TryWriteBytes(core.DataBytes(8, 8), 0xFEEDUL);
        core.Run().Vector.ShouldBe(ExceptionVector.UD);

        core.Core.Vcpu.Control.Cr4 |= 1 << 16;
        core.Run().Vector.ShouldBe(ExceptionVector.GP);

        (core[Register.RCX], core[Register.RDX]).ShouldBe((BareCore.Data, 0xFEEDUL));
    }

    [Fact]
    public void A_repeat_that_goes_on_and_on_lets_the_runner_have_a_say()
    {
        // Given a downward store over many pages that are all the same frame
        using BareCore core = new BareCore().Assemble(a =>
        {
            a.std();
            a.rep.stosb();
            a.syscall();
        });
        const ulong start = 0x1000_0000;
        for (ulong i = 0; i < 100; i++)
        {
            core.Map(start + (i << 12), 0x600, PteBits.P | PteBits.RW | PteBits.US);
        }

        core[Register.RDI] = start + (100 << 12) - 1;
        core[Register.RCX] = 100 << 12;

        // When it runs, then it pauses with its registers in the middle, unretired, and goes on
        CoreExit exit = core.Run();
        exit.Kind.ShouldBe(CoreExitKind.BudgetSpent);
        core.Core.Retired.ShouldBe(1UL);
        core[Register.RCX].ShouldBeInRange(1UL, (100UL << 12) - 1);
        core.Run().Kind.ShouldBe(CoreExitKind.Syscall);
        core[Register.RDI].ShouldBe(start - 1);
    }

    [Fact]
    public void Running_decoded_code_allocates_nothing()
    {
        using BareCore core = new BareCore().Assemble(a =>
        {
            Label loop = a.CreateLabel();
            Label function = a.CreateLabel();
            a.Label(ref loop);
            a.add(rax, __qword_ptr[rbx + 8]);
            a.mov(__dword_ptr[rbx + rax * 4 + 0xFFC - 0x1000], eax);
            a.and(eax, 0xFF);
            a.push(rax);
            a.call(function);
            a.pop(rdx);
            a.imul(edx, ecx);
            a.cmp(edx, 77);
            a.jne(loop);
            a.jmp(loop);
            a.Label(ref function);
            a.shl(rsi, 3);
            a.mov(__dword_ptr[rbx + 0xFFE], ecx);
            a.ret();
        });
        core[Register.RBX] = BareCore.Data + 0x1000;
        for (int i = 0; i < 1000; i++)
        {
            core.Run(101).Kind.ShouldBe(CoreExitKind.BudgetSpent);
        }

        long before = GC.GetAllocatedBytesForCurrentThread();
        core.Core.Run(1_000_000);
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        allocated.ShouldBe(0);
        core.Core.Retired.ShouldBe(1_101_000UL);
    }

    private static ref ulong Stack(BareCore core, ulong va) =>
        ref System.Runtime.InteropServices.MemoryMarshal.Cast<byte, ulong>(core.Ram.SliceToWrite(FrameOf(va), 8))[0];

    private static PhysAddr FrameOf(ulong va) => new(((0x700 + ((BareCore.StackTop - va - 1) >> 12)) << 12) + (va & 0xFFF));

    private static BareCore At(ulong rsp, Action<Assembler> write)
    {
        BareCore core = new BareCore().Assemble(write);
        core[Register.RSP] = rsp;
        return core;
    }
}
