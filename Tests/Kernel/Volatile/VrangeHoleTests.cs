using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Vmas;
using MmuEmu.Kernel.Volatile;
using MmuEmu.Tests.Builders;

namespace MmuEmu.Tests.Kernel.Volatile;

public sealed class VrangeHoleTests : IDisposable
{
    private const ulong Page = 4096;
    private static readonly VirtAddr Base = new(0x1000_0000);
    private readonly VrangeHarness _h = new();

    [Fact, Spec("V-044")]
    public void A_hole_between_mappings_is_skipped_and_counted()
    {
        Map(0, 2);
        Map(5, 1);

        _h.Mark(Base, 6).ShouldBe(6 * 4096);
        Ranges().ShouldBe("0+2 5+1");
    }

    [Fact, Spec("V-045")]
    public void A_hole_at_the_start_counts_from_the_start_of_the_request()
    {
        Map(3, 2);

        _h.Mark(Base, 5).ShouldBe(5 * 4096);
        Ranges().ShouldBe("3+2");
    }

    [Fact, Spec("V-046")]
    public void A_hole_at_the_end_makes_the_count_short()
    {
        Map(0, 2);

        _h.Mark(Base, 6).ShouldBe(2 * 4096);
        Ranges().ShouldBe("0+2");
    }

    [Fact, Spec("V-047")]
    public void Nothing_mapped_gives_0_and_changes_nothing()
    {
        Map(9, 1);

        _h.Mark(Base, 6).ShouldBe(0);
        Ranges().ShouldBe("");
    }

    [Theory, Spec("V-051")]
    [InlineData(VmFlags.Locked)]
    [InlineData(VmFlags.HugeTlb)]
    [InlineData(VmFlags.PfnMap)]
    [InlineData(VmFlags.DontExpand)]
    [InlineData(VmFlags.MixedMap)]
    public void A_special_mapping_in_front_gives_0_and_no_work_in_both_modes(VmFlags special)
    {
        Map(0, 1).Flags |= special;
        Map(1, 1, Prot.Read);

        _h.Mark(Base, 2).ShouldBe(0);
        _h.Keep(Base, 2).Rax.ShouldBe(0);
        Ranges().ShouldBe("");
    }

    [Fact, Spec("V-052")]
    public void A_locked_mapping_behind_makes_the_count_short()
    {
        Map(0, 2);
        Map(2, 2, Prot.Read).Flags |= VmFlags.Locked;

        _h.Mark(Base, 4).ShouldBe(2 * 4096);
        Ranges().ShouldBe("0+2");
    }

    [Theory, Spec("V-056")]
    [InlineData(Prot.None)]
    [InlineData(Prot.Read)]
    public void Access_rights_do_not_matter_for_marking(Prot prot)
    {
        Map(0, 1, prot);

        _h.Mark(Base, 1).ShouldBe(4096);
        Ranges().ShouldBe("0+1");
    }

    public void Dispose() => _h.Dispose();

    private Vma Map(ulong page, ulong count, Prot prot = Prot.Read | Prot.Write)
    {
        VirtAddr start = _h.Mm.Map(count, prot, (Base + (page * Page)).Raw);
        return _h.Mm.VmaAt(start);
    }

    private string Ranges() => string.Join(' ', Enumerable.Range(0, _h.Tree.Count).Select(at => Text(_h.Tree[at].Bytes)));

    private static string Text(ByteInterval bytes) => $"{(bytes.First - Base.Raw) / Page}+{bytes.LengthBytes / Page}";
}
