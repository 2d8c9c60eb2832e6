using Iced.Intel;
using MmuEmu.Emulator.Tlb;
using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Syscalls;
using MmuEmu.Tests.Builders;
using static Iced.Intel.AssemblerRegisters;

namespace MmuEmu.Tests.Kernel.Volatile;

/// <summary>The optimistic method with real instructions: touch, SIGBUS, repair, and the instruction completes.</summary>
public sealed class PurgedInstructionTests
{
    [Theory, Spec("V-085", "V-080", "V-081")]
    [InlineData(TlbMode.MaxStale)]
    [InlineData(TlbMode.Preset)]
    [InlineData(TlbMode.NoCache)]
    public void A_sum_over_purged_pages_comes_out_right_when_the_handler_makes_the_data_again(TlbMode mode)
    {
        // Given eight volatile pages of ones, of which the kernel took three
        using VrangeHarness h = new(new MmOptions { TlbMode = mode });
        using CoreOnMm core = new(h.Mm);
        VirtAddr start = h.Mm.Map(8);
        h.Mm.Fill(start, 8, 1);
        _ = h.Mark(start, 8);
        _ = h.Purge(start + (2 * 4096), 3);

        // When a program adds up all bytes, its handler repairing page by page
        core.Assemble(c =>
        {
            Label loop = c.CreateLabel();
            c.xor(rax, rax);
            c.Label(ref loop);
            c.movzx(edx, __byte_ptr[rbx]);
            c.add(rax, rdx);
            c.inc(rbx);
            c.dec(rcx);
            c.jnz(loop);
        });
        (core[Register.RBX], core[Register.RCX]) = (start.Raw, 8 * 4096);
        core.Run(signal =>
        {
            VirtAddr page = signal.Address.PageBase;
            h.Keep(page, 1).ShouldBe(new VrangeAnswer(4096, 1));
            h.Mm.Fill(page, 1, 1);
        });

        // Then the sum is right, with one signal for each lost page, at its first byte
        core[Register.RAX].ShouldBe(8UL * 4096);
        core.Signals.Select(signal => signal.Address).ShouldBe([start + 0x2000, start + 0x3000, start + 0x4000]);
        h.Mm.ShouldBeSound();
    }

    [Fact, Spec("V-095", Profile = "v10")]
    public void A_fault_that_an_unmarking_overtook_is_tried_again_without_a_signal()
    {
        using VrangeHarness h = new();
        VirtAddr start = h.FilledAndVolatile(1);
        _ = h.Purge(start, 1);
        h.Mm.Mmu().TryTranslate(new Access(start, AccessKind.Read, AccessOrigin.User), out _, out MmuEmu.Emulator.Paging.PageFault fault).ShouldBeFalse();

        _ = h.Vrange(start, 4096, VrangeMode.NonVolatile);

        MmuEmu.Kernel.Faults.FaultHandler.Handle(h.Mm.Mem, h.Space, fault).End.ShouldBe(MmuEmu.Kernel.Faults.FaultEnd.Resume);
        h.Mm.Read(start).ShouldBe((byte)0);
    }
}
