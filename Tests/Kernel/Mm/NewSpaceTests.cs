using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Mm;
using MmuEmu.Kernel.Vmas;
using MmuEmu.Tests.Builders;

namespace MmuEmu.Tests.Kernel.Mm;

public sealed class NewSpaceTests
{
    [Fact]
    public void Living_spaces_never_share_a_PCID_however_many_came_and_went()
    {
        using MmHarness mm = new();
        AddressSpace second = mm.NewSpaceOrFail();
        List<ushort> seen = [];

        for (int i = 0; i < 5000; i++)
        {
            AddressSpace passing = mm.NewSpaceOrFail();
            seen.Add(passing.Tag.Pcid);
            ExitSpace.TearDown(mm.Mem, passing);
        }

        seen.ShouldAllBe(pcid => pcid != 0 && pcid != mm.Space.Tag.Pcid && pcid != second.Tag.Pcid);
        seen.Distinct().Count().ShouldBe(4093);
    }

    [Fact]
    public void A_reused_PCID_brings_no_old_translation_along()
    {
        // Given translations of a space that ended
        using MmHarness mm = new();
        AddressSpace old = mm.NewSpaceOrFail();
        VirtAddr page = mm.Run(old).Map(1, at: 0x10_0000_0000);
        mm.Write(page, 1);
        mm.Run(mm.Space);
        ExitSpace.TearDown(mm.Mem, old);

        // When a later space gets its PCID
        AddressSpace again = mm.NewSpaceOrFail();
        while (again.Tag.Pcid != old.Tag.Pcid)
        {
            ExitSpace.TearDown(mm.Mem, again);
            again = mm.NewSpaceOrFail();
        }

        // Then the address means nothing there
        mm.Run(again).Touch(page).Signal.Code.ShouldBe(SigCode.SegvMapErr);
    }
}
