using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Proc;
using MmuEmu.Kernel.Vmas;
using MmuEmu.Tests.Builders;

namespace MmuEmu.Tests.Kernel.Proc;

public sealed class VmStatTests
{
    [Fact, Spec("V-165", Profile = "v9 v10")]
    public void Purged_pages_are_counted_in_vmstat_by_who_purged_them()
    {
        foreach (VrangeVersion version in (VrangeVersion[])[VrangeVersion.V9, VrangeVersion.V10])
        {
            using VrangeHarness h = VrangeHarness.Of(version);
            _ = h.FilledAndVolatile(2);
            _ = h.FilledAndVolatile(3);

            _ = h.Purger.PurgeRanges(1, ReclaimReason.Balance);
            _ = h.Purger.PurgeRanges(1, ReclaimReason.Direct);

            string text = new VmStatText(h.Mm.Mem).Text();
            text.ShouldStartWith($"nr_free_pages {h.Mm.Mem.Buddy.FreeCount}\n");
            text.ShouldContain("\npgdiscard_kswapd 2\n");
            text.ShouldContain("\npgdiscard_direct 3\n");
        }
    }

    [Fact]
    public void Every_counter_has_one_name()
    {
        VmStatText.Names.Select(name => name.Counter).ShouldBe(Enum.GetValues<MmCounter>(), ignoreOrder: true);
        VmStatText.Names.Select(name => name.Name).ShouldBeUnique();
    }
}
