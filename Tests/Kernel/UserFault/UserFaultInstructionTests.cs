using Iced.Intel;
using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Abi;
using MmuEmu.Tests.Builders;
using static Iced.Intel.AssemblerRegisters;

namespace MmuEmu.Tests.Kernel.UserFault;

/// <summary>Real instructions that meet holes: precise signals, and instructions that go on where they stopped.</summary>
public sealed class UserFaultInstructionTests : IDisposable
{
    private const ulong Page = 4096;
    private readonly MmHarness _mm = new();
    private readonly CoreOnMm _core;
    private readonly VirtAddr _scratch;

    public UserFaultInstructionTests()
    {
        _core = new CoreOnMm(_mm);
        _scratch = _mm.Map(1);
    }

    [Fact, Spec("U-040", "U-042")]
    public void An_access_that_crosses_from_a_page_into_a_hole_names_the_holes_first_byte()
    {
        VirtAddr area = Area(2, filled: 1);
        _core.Assemble(c => c.mov(rax, __qword_ptr[rbx]))[Register.RBX] = (area + Page - 3).Raw;

        _core.Run(Repair);

        _core.Signals.ShouldBe([Bus(area + Page)]);
        _core[Register.RAX].ShouldBe(0xAAAA_AAAA_AA11_1111UL);
    }

    [Fact, Spec("U-043")]
    public void An_access_that_crosses_two_holes_takes_one_signal_for_each()
    {
        VirtAddr area = Area(2, filled: 0);
        _core.Assemble(c => c.mov(__qword_ptr[rbx], rax));
        (_core[Register.RBX], _core[Register.RAX]) = ((area + Page - 3).Raw, 0x8877_6655_4433_2211);

        _core.Run(Repair);

        _core.Signals.ShouldBe([Bus(area + Page - 3), Bus(area + Page)]);
        (_mm.Read(area + Page - 3), _mm.Read(area + Page + 4)).ShouldBe(((byte)0x11, (byte)0x88));
    }

    [Fact, Spec("U-044")]
    public void A_string_copy_stops_at_the_hole_with_its_registers_true_and_goes_on_without_losing_a_byte()
    {
        // Given a source of three pages whose second is a hole, and a place to copy to
        VirtAddr from = Area(3, filled: 1);
        _mm.RemapAnon(from + (2 * Page), Filled(0x33), 1).ShouldBe(4096);
        VirtAddr to = _mm.Map(3);
        _core.Assemble(c => c.rep.movsb());
        (_core[Register.RSI], _core[Register.RDI], _core[Register.RCX]) = (from.Raw, to.Raw, 3 * Page);
        ulong at = _core.Rip;

        // When it is copied with one REP MOVSB
        _core.Run(signal =>
        {
            _core.Rip.ShouldBe(at);
            (_core[Register.RSI] - from.Raw, _core[Register.RDI] - to.Raw, _core[Register.RCX]).ShouldBe((Page, Page, 2 * Page));
            Repair(signal);
        });

        // Then one signal came, and every byte arrived once
        _core.Signals.ShouldBe([Bus(from + Page)]);
        _mm.ReadPage(to).ShouldAllBe(value => value == 0x11);
        _mm.ReadPage(to + Page).ShouldAllBe(value => value == 0xAA);
        _mm.ReadPage(to + (2 * Page)).ShouldAllBe(value => value == 0x33);
        (_core[Register.RSI] - from.Raw, _core[Register.RDI] - to.Raw).ShouldBe((3 * Page, 3 * Page));
    }

    [Fact, Spec("U-045")]
    public void A_locked_exchange_on_a_hole_has_no_effect_before_the_signal_and_happens_once_after_it()
    {
        VirtAddr area = Area(1, filled: 0);
        _core.Assemble(c => c.@lock.cmpxchg(__qword_ptr[rbx], rcx));
        (_core[Register.RBX], _core[Register.RAX], _core[Register.RCX]) = (area.Raw, 0xAAAA_AAAA_AAAA_AAAA, 5);

        _core.Run(signal =>
        {
            (_core[Register.RAX], _core[Register.RCX]).ShouldBe((0xAAAA_AAAA_AAAA_AAAA, 5UL));
            Repair(signal);
        });

        _core.Signals.ShouldBe([Bus(area)]);
        byte[] page = _mm.ReadPage(area);
        page[..9].ShouldBe([5, 0, 0, 0, 0, 0, 0, 0, 0xAA]);
    }

    [Fact, Spec("R-080")]
    public void After_the_repair_registers_and_flags_are_what_they_were_and_the_instruction_completes()
    {
        VirtAddr area = Area(1, filled: 0);
        _core.Assemble(c =>
        {
            c.stc();
            c.mov(rdx, __qword_ptr[rbx]);
            c.adc(rsi, 0);
        });
        (_core[Register.RBX], _core[Register.RSI], _core[Register.RDI]) = (area.Raw, 10, 77);

        _core.Run(Repair);

        (_core[Register.RDX], _core[Register.RSI], _core[Register.RDI]).ShouldBe((0xAAAA_AAAA_AAAA_AAAA, 11UL, 77UL));
        _core.Signals.Count.ShouldBe(1);
    }

    public void Dispose()
    {
        _core.Dispose();
        _mm.Dispose();
    }

    /// <summary>Pages with the flag; the first ones hold 0x11, the rest are holes.</summary>
    private VirtAddr Area(ulong pages, ulong filled)
    {
        VirtAddr area = _mm.Map(pages);
        _mm.Fill(area, filled, 0x11);
        _mm.Advise(area, pages, Advice.UserFault).ShouldBe(Errno.None);
        return area;
    }

    private VirtAddr Filled(byte value)
    {
        _mm.Fill(_scratch, 1, value);
        return _scratch;
    }

    private void Repair(SigInfo signal) => _mm.RemapAnon(signal.Address.PageBase, Filled(0xAA), 1).ShouldBe(4096);

    private static SigInfo Bus(VirtAddr at) => new(Signal.SIGBUS, SigCode.BusAdrErr, at);
}
