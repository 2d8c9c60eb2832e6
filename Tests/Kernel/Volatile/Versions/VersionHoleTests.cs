using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Vmas;
using MmuEmu.Tests.Builders;

namespace MmuEmu.Tests.Kernel.Volatile.Versions;

/// <summary>Holes and mappings that cannot be volatile, where volatility is a property of mappings.</summary>
public sealed class VersionHoleTests
{
    private const ulong Page = 4096;
    private static readonly VirtAddr Base = new(0x1000_0000);

    private static IEnumerable<VrangeHarness> V11AndV12 => Kernels(VrangeVersion.V11, VrangeVersion.V12);

    [Fact, Spec("V-048", Profile = "v11 v12")]
    public void A_hole_ends_the_call_with_what_was_done_before_it()
    {
        foreach (VrangeHarness h in V11AndV12)
        {
            Map(h, 0, 2);
            Map(h, 3, 2);

            h.Mark(Base, 5).ShouldBe(2 * 4096);
            h.Mappings(Base, 5).ShouldBe("0+2v 3+2");
            h.Keep(Base, 5).Rax.ShouldBe(2 * 4096);
        }
    }

    [Fact, Spec("V-049", Profile = "v11 v12")]
    public void A_hole_at_the_start_is_ENOMEM_and_nothing_at_all_above_is_0()
    {
        foreach (VrangeHarness h in V11AndV12)
        {
            Map(h, 3, 2);

            h.Mark(Base, 5).ShouldBe(-(long)Errno.ENOMEM);
            h.Mark(Base, 2).ShouldBe(-(long)Errno.ENOMEM, "the mapping above the request says that there is a hole");
            h.Mappings(Base, 5).ShouldBe("3+2");
            h.Mark(new VirtAddr(0x7FFF_FFFF_0000), 1).ShouldBe(0);
        }
    }

    [Fact, Spec("V-054", Profile = "v11 v12")]
    public void A_file_at_the_start_is_EINVAL_and_one_behind_makes_the_count_short()
    {
        foreach (VrangeHarness h in V11AndV12)
        {
            PlainFile file = new(h.Mm.Mem, 1, 1);
            VirtAddr mapped = h.Mm.MapFile(file, MapFlags.Private);
            Map(h, (mapped.Raw - Base.Raw - Page) / Page, 1);

            h.Mark(mapped, 1).ShouldBe(-(long)Errno.EINVAL);
            h.Mark(mapped - Page, 2).ShouldBe(4096);
            h.Mappings(mapped - Page, 2).ShouldBe("0+1v 1+1");
        }
    }

    [Fact, Spec("V-050", Profile = "v14")]
    public void In_v14_a_hole_anywhere_is_ENOMEM_and_nothing_is_marked()
    {
        using VrangeHarness h = VrangeHarness.Of(VrangeVersion.V14);
        Map(h, 0, 2);
        Map(h, 3, 2);

        h.Mark(Base, 5).ShouldBe(-(long)Errno.ENOMEM);
        h.Mark(Base + (2 * Page), 2).ShouldBe(-(long)Errno.ENOMEM);
        h.Mark(Base + (3 * Page), 3).ShouldBe(-(long)Errno.ENOMEM);
        h.Mappings(Base, 6).ShouldBe("0+2 3+2");
    }

    [Theory, Spec("V-053", Profile = "v14")]
    [InlineData(VmFlags.Locked)]
    [InlineData(VmFlags.HugeTlb)]
    [InlineData(VmFlags.PfnMap)]
    [InlineData(VmFlags.DontExpand)]
    [InlineData(VmFlags.MixedMap)]
    public void In_v14_a_mapping_that_must_stay_is_EINVAL_wherever_it_lies(VmFlags special)
    {
        using VrangeHarness h = VrangeHarness.Of(VrangeVersion.V14);
        Map(h, 0, 2);
        Map(h, 2, 1, Prot.Read).Flags |= special;

        h.Mark(Base, 3).ShouldBe(-(long)Errno.EINVAL);
        h.Keep(Base, 3).Rax.ShouldBe(-(long)Errno.EINVAL);
        h.Mappings(Base, 3).ShouldBe("0+2 2+1");
    }

    [Fact, Spec("V-055", Profile = "v14")]
    public void In_v14_a_file_anywhere_is_EINVAL_and_nothing_changes()
    {
        using VrangeHarness h = VrangeHarness.Of(VrangeVersion.V14);
        PlainFile file = new(h.Mm.Mem, 1, 1);
        VirtAddr mapped = h.Mm.MapFile(file, MapFlags.Private);
        Map(h, (mapped.Raw - Base.Raw - Page) / Page, 1);

        h.Mark(mapped, 1).ShouldBe(-(long)Errno.EINVAL);
        h.Mark(mapped - Page, 2).ShouldBe(-(long)Errno.EINVAL);
        h.Keep(mapped - Page, 2).Rax.ShouldBe(-(long)Errno.EINVAL);
        h.Mappings(mapped - Page, 2).ShouldNotContain('v');
    }

    [Fact]
    public void In_v7_addresses_are_marked_whatever_is_mapped_there()
    {
        using VrangeHarness h = VrangeHarness.Of(VrangeVersion.V7);
        Map(h, 2, 1);

        h.Mark(Base, 5).ShouldBe(0);

        h.Ranges(Base).ShouldBe("0+5");
    }

    private static IEnumerable<VrangeHarness> Kernels(params VrangeVersion[] versions)
    {
        foreach (VrangeVersion version in versions)
        {
            using VrangeHarness h = VrangeHarness.Of(version);
            yield return h;
        }
    }

    private static Vma Map(VrangeHarness h, ulong page, ulong count, Prot prot = Prot.Read | Prot.Write) =>
        h.Mm.VmaAt(h.Mm.Map(count, prot, (Base + (page * Page)).Raw));
}
