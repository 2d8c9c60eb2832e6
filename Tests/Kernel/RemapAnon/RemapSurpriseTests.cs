using MmuEmu.Emulator.Paging;
using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Frames;
using MmuEmu.Kernel.Tables;
using MmuEmu.Tests.Builders;

namespace MmuEmu.Tests.Kernel.RemapAnon;

/// <summary>A page that cannot move behind pages that can: the call counts those, they stay moved, and the next call says why.</summary>
public sealed class RemapSurpriseTests : IDisposable
{
    private const ulong Page = 4096;
    private const ulong Good = 2;
    private readonly MmHarness _mm = new();
    private readonly VirtAddr _source;
    private readonly VirtAddr _destination;

    public RemapSurpriseTests()
    {
        _source = _mm.Map(4, at: 0x1000_0000);
        _destination = _mm.Map(4, at: 0x2000_0000);
    }

    private VirtAddr SourceAtFault => _source + (Good * Page);

    private VirtAddr DestinationAtFault => _destination + (Good * Page);

    [Theory, Spec("R-020", "R-022", "R-024", "R-026", "R-027", "R-028", "R-029", "R-031", "R-032", "R-034", "R-061", "R-064")]
    [InlineData("destination is present", 0, Errno.EEXIST)]
    [InlineData("destination is the zero page", 0, Errno.EEXIST)]
    [InlineData("destination is in swap", 0, Errno.EEXIST)]
    [InlineData("both are holes", 0, Errno.ENOENT)]
    [InlineData("source is a hole, destination is present", 1, Errno.EEXIST)]
    [InlineData("source is shared with a child", 0, Errno.EBUSY)]
    [InlineData("source is the zero page", 0, Errno.EBUSY)]
    [InlineData("source is a file's page", 0, Errno.EBUSY)]
    [InlineData("source is a merged page", 0, Errno.EBUSY)]
    [InlineData("source is in swap, shared with a child", 0, Errno.EBUSY)]
    [InlineData("source is in swap and in its cache", 0, Errno.EBUSY)]
    [InlineData("source is poisoned", 0, Errno.EFAULT)]
    [InlineData("source is a nonlinear file entry", 0, Errno.EFAULT)]
    public void A_surprise_at_the_third_page_is_a_short_count_and_then_its_errno(string what, ulong flags, Errno errno)
    {
        // Given four pages, the third of which cannot move
        PageFrame? pinned = Surprise(what);
        (Pte source, Pte destination) = (_mm.PteOf(SourceAtFault), _mm.PteOf(DestinationAtFault));
        _mm.Fill(_source + (3 * Page), 1, 4);
        Pte behind = _mm.PteOf(_source + (3 * Page));

        // When all are to move
        _mm.RemapAnon(_destination, _source, 4, flags).ShouldBe((long)(Good * Page), what);

        // Then the first two have moved and stay moved, the third is as it was, the fourth was not looked at
        for (ulong page = 0; page < Good; page++)
        {
            _mm.PteOf(_source + (page * Page)).ShouldBe(Pte.None);
            _mm.Read(_destination + (page * Page)).ShouldBe((byte)(page + 1));
        }

        (_mm.PteOf(SourceAtFault), _mm.PteOf(DestinationAtFault)).ShouldBe((source, destination));
        (_mm.PteOf(_source + (3 * Page)), _mm.PteOf(_destination + (3 * Page))).ShouldBe((behind, Pte.None));

        // And the rest of the call says why
        _mm.RemapAnon(DestinationAtFault, SourceAtFault, 2, flags).ShouldBe(-(long)errno, what);
        if (pinned is not null)
        {
            _mm.Mem.Source.Release(pinned);
        }
    }

    [Fact, Spec("R-023", "R-025", "R-030")]
    public void Holes_that_are_allowed_and_swapped_pages_are_no_surprise_behind_others()
    {
        _mm.Fill(SourceAtFault, 1, 3);
        _mm.SwapAll().KindOf(SourceAtFault).ShouldBe(SoftPteKind.Swap);
        Pte entry = _mm.PteOf(SourceAtFault);
        FillGood();

        _mm.RemapAnon(_destination, _source, 4, flags: 1).ShouldBe(4 * 4096);

        (_mm.PteOf(DestinationAtFault), _mm.PteOf(SourceAtFault), _mm.PteOf(_destination + (3 * Page))).ShouldBe((entry, Pte.None, Pte.None));
        (_mm.Read(_destination), _mm.Read(_destination + Page), _mm.Read(DestinationAtFault)).ShouldBe(((byte)1, (byte)2, (byte)3));
    }

    [Fact, Spec("R-036", "R-061")]
    public void A_table_that_cannot_be_had_for_the_third_page_is_a_short_count_and_then_ENOMEM()
    {
        // Given a destination whose third page lies in the next page table, and a machine without a frame left for that
        const ulong Border = 0x2020_0000;
        using MmHarness mm = new(new MmOptions { RamBytes = 1UL << 20, SwapPages = 0 });
        VirtAddr source = mm.Map(4, at: 0x1000_0000);
        mm.Fill(source, 4, 7);
        VirtAddr destination = mm.Map(5, at: Border - (3 * Page));
        mm.Fill(destination, 1, 1);
        while (mm.Mem.Source.TryTake(FrameContent.Any) is not null)
        {
        }

        // When the pages are to move across the border
        mm.RemapAnon(destination + Page, source, 4).ShouldBe((long)(Good * Page));

        // Then two have, and the rest says why
        mm.RemapAnon(destination + (3 * Page), source + (Good * Page), 2).ShouldBe(-(long)Errno.ENOMEM);
        (mm.Read(destination + Page), mm.Read(source + (Good * Page))).ShouldBe(((byte)7, (byte)7));
    }

    public void Dispose() => _mm.Dispose();

    /// <summary>Makes the third page what the text says, and the first two movable; gives the frame that the test holds, if any.</summary>
    private PageFrame? Surprise(string what)
    {
        PageFrame? pinned = null;
        if (what.Contains("destination is", StringComparison.Ordinal))
        {
            PrepareDestination(what);
        }
        else if (what != "both are holes")
        {
            pinned = PrepareSource(what);
        }

        if (what.StartsWith("destination", StringComparison.Ordinal))
        {
            _mm.Fill(SourceAtFault, 1, 3);
        }

        FillGood();
        return pinned;
    }

    private void PrepareDestination(string what)
    {
        if (what.EndsWith("is the zero page", StringComparison.Ordinal))
        {
            _ = _mm.Read(DestinationAtFault);
            return;
        }

        _mm.Fill(DestinationAtFault, 1, 9);
        if (what.EndsWith("is in swap", StringComparison.Ordinal))
        {
            _mm.SwapAll().KindOf(DestinationAtFault).ShouldBe(SoftPteKind.Swap);
        }
    }

    private PageFrame? PrepareSource(string what)
    {
        switch (what)
        {
            case "source is the zero page":
                _ = _mm.Read(SourceAtFault);
                return null;
            case "source is poisoned":
                SetEntry(SourceAtFault, _mm.Mem.SoftPtes.OfHwPoison(new Pfn(5)));
                return null;
            case "source is a nonlinear file entry":
                SetEntry(SourceAtFault, new Pte(0x40));
                return null;
            case "source is in swap, shared with a child":
                _mm.Fill(SourceAtFault, 1, 3).SwapAll().KindOf(SourceAtFault).ShouldBe(SoftPteKind.Swap);
                _ = _mm.Fork();
                return null;
            case "source is in swap and in its cache":
                PageFrame pinned = _mm.Fill(SourceAtFault, 1, 3).FrameAt(SourceAtFault);
                pinned.RefCount++;
                _mm.SwapAll().KindOf(SourceAtFault).ShouldBe(SoftPteKind.Swap);
                return pinned;
            default:
                _mm.Fill(SourceAtFault, 1, 3);
                ChangePage(what);
                return null;
        }
    }

    private void ChangePage(string what)
    {
        PageFrame frame = _mm.FrameAt(SourceAtFault);
        if (what == "source is shared with a child")
        {
            _ = _mm.Fork();
            frame.MapCount.ShouldBe(2);
            return;
        }

        frame.Mapping = what switch
        {
            "source is a file's page" => MappingWord.OfFile(frame.Mapping.Id),
            "source is a merged page" => new MappingWord(frame.Mapping.Raw | MappingWord.Ksm),
            _ => throw new ArgumentException(what),
        };
    }

    /// <summary>The pages before the surprise: written after everything else, so that they are the space's own.</summary>
    private void FillGood()
    {
        for (ulong page = 0; page < Good; page++)
        {
            _mm.Fill(_source + (page * Page), 1, (byte)(page + 1));
        }
    }

    private void SetEntry(VirtAddr page, Pte entry)
    {
        _mm.Fill(_source, 1, 1);
        PhysAddr slot = _mm.SlotOf(page);
        _mm.Mem.Ram.WriteUInt64(slot, entry.Raw);
    }
}
