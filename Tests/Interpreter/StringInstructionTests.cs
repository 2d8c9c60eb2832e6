using Iced.Intel;
using MmuEmu.Emulator.Cpu;
using MmuEmu.Emulator.Models;
using MmuEmu.Emulator.Paging;
using MmuEmu.Emulator.Values;
using MmuEmu.Tests.Builders;

namespace MmuEmu.Tests.Interpreter;

/// <summary>Repeated string instructions stop and resume exactly at a fault, and retire once.</summary>
public sealed class StringInstructionTests
{
    private const PteBits Writable = PteBits.P | PteBits.RW | PteBits.US | PteBits.XD;
    private const ulong Source = BareCore.Data;
    private const ulong Target = BareCore.Data + 0x4000;
    private const ulong TargetFrame = 0x604;

    [Theory]
    [InlineData(1, 0)]
    [InlineData(2, 1)]
    [InlineData(4, 3)]
    [InlineData(8, 0)]
    [InlineData(8, 5)]
    public void A_fault_in_the_middle_of_rep_movs_shows_the_steps_done_and_the_rest_follows(int bytes, int misaligned)
    {
        // Given a copy over three pages whose second target page is missing
        const int count = 1200;
        using BareCore core = Copying(bytes);
        Random random = new(bytes);
        random.NextBytes(core.DataBytes(0, 0x4000));
        core[Register.RSI] = Source;
        core[Register.RDI] = Target + (ulong)misaligned;
        core[Register.RCX] = count;
        core.Map(Target + 0x1000, TargetFrame + 1, PteBits.None);

        // When it runs into the hole
        CoreExit exit = core.Run();

        // Then the registers show what was done, and nothing has retired
        ulong done = (4096UL - (ulong)misaligned) / (ulong)bytes;
        if (done < count)
        {
            exit.Kind.ShouldBe(CoreExitKind.PageFault);
            exit.Fault.ShouldBe(new PageFault(new VirtAddr(Target + 0x1000), PageFaultCode.US | PageFaultCode.WR));
            core[Register.RCX].ShouldBe(count - done);
            core[Register.RSI].ShouldBe(Source + (done * (ulong)bytes));
            core[Register.RDI].ShouldBe(Target + (ulong)misaligned + (done * (ulong)bytes));
            core.Rip.ShouldBe(BareCore.Code);
            core.Core.Retired.ShouldBe(0UL);
            core.Map(Target + 0x1000, TargetFrame + 1, Writable);
            core.Core.Mmu.InvalidateAll();
            exit = core.Run();
        }

        // And once the page is there, all is copied and the instruction counts once
        exit.Kind.ShouldBe(CoreExitKind.Syscall);
        core.Core.Retired.ShouldBe(2UL);
        core[Register.RCX].ShouldBe(core.Rip);
        core.DataBytes(0x4000 + misaligned, count * bytes).SequenceEqual(core.DataBytes(0, count * bytes)).ShouldBeTrue();
    }

    [Theory]
    [InlineData(1, 3)]
    [InlineData(2, 2)]
    [InlineData(8, 8)]
    [InlineData(4, 1)]
    public void Overlapping_rep_movs_repeats_what_it_has_written(int bytes, int distance)
    {
        const int count = 500;
        using BareCore core = Copying(bytes);
        Span<byte> data = core.DataBytes(0, 0x2000);
        new Random(distance).NextBytes(data);
        byte[] expected = data.ToArray();
        for (int i = 0; i < count; i++)
        {
            byte[] element = expected[(i * bytes)..((i + 1) * bytes)];
            element.CopyTo(expected, (i * bytes) + distance);
        }

        core[Register.RSI] = Source;
        core[Register.RDI] = Source + (ulong)distance;
        core[Register.RCX] = count;
        core.Run();

        core.DataBytes(0, 0x2000).ToArray().ShouldBe(expected);
    }

    [Fact]
    public void Downward_strings_fault_at_the_element_they_have_reached()
    {
        using BareCore core = new BareCore().Assemble(a =>
        {
            a.std();
            a.rep.stosd();
        });
        core[Register.RAX] = 0x11223344;
        core[Register.RDI] = Target + 0x1000 + 0x20;
        core[Register.RCX] = 100;
        core.Map(Target, TargetFrame, PteBits.None);

        CoreExit exit = core.Run();

        exit.Fault.ShouldBe(new PageFault(new VirtAddr(Target + 0xFFC), PageFaultCode.US | PageFaultCode.WR));
        core[Register.RCX].ShouldBe(91UL);
        core[Register.RDI].ShouldBe(Target + 0xFFC);
        core.Core.Retired.ShouldBe(1UL);
    }

    [Theory]
    [Habit(CpuHabits.FaultRestoresComparedFlags)]
    [InlineData(CpuVendor.Amd, Rflags.ZF | Rflags.PF)]
    [InlineData(CpuVendor.Intel, Rflags.CF | Rflags.SF)]
    public void A_fault_in_repe_cmps_leaves_the_flags_of_the_last_step_or_of_before(CpuVendor vendor, ulong flags)
    {
        using BareCore core = new BareCore(CpuModels.Max.MadeBy(vendor)).Assemble(a => a.repe.cmpsb());
        core[Register.RSI] = Source;
        core[Register.RDI] = Target + 0xF00;
        core[Register.RCX] = 0x200;
        core.Map(Target + 0x1000, TargetFrame + 1, PteBits.None);
        core.SetFlags(Rflags.CF | Rflags.SF);

        CoreExit exit = core.Run();

        exit.Kind.ShouldBe(CoreExitKind.PageFault);
        core[Register.RCX].ShouldBe(0x100UL);
        (core.Flags & Rflags.Arithmetic).ShouldBe(flags);
    }

    [Fact]
    public void A_segment_override_moves_the_source_only()
    {
        using BareCore core = new BareCore().Load([0x64, 0xF3, 0xA4, 0x0F, 0x05]);
        unsafe
        {
            core.Core.Vcpu.State->Slots[CpuState.FsBaseSlot] = Source;
        }

        core.DataBytes(0x10, 4).Fill(0x5A);
        core[Register.RSI] = 0x10;
        core[Register.RDI] = Target;
        core[Register.RCX] = 4;

        core.Run().Kind.ShouldBe(CoreExitKind.Syscall);

        core.DataBytes(0x4000, 5).ToArray().ShouldBe([0x5A, 0x5A, 0x5A, 0x5A, 0]);
    }

    private static BareCore Copying(int bytes) => new BareCore().Assemble(a =>
    {
        switch (bytes)
        {
            case 1: a.rep.movsb(); break;
            case 2: a.rep.movsw(); break;
            case 4: a.rep.movsd(); break;
            default: a.rep.movsq(); break;
        }

        a.syscall();
    });
}
