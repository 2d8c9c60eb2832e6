using MmuEmu.Emulator.Paging;
using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Faults;
using MmuEmu.Kernel.Swap;
using MmuEmu.Kernel.Tables;
using MmuEmu.Tests.Builders;

namespace MmuEmu.Tests.Kernel.Volatile.Versions;

/// <summary>Touches of purged pages, posting by posting.</summary>
public sealed class VersionFaultTests
{
    private const ulong Page = 4096;

    [Fact, Spec("V-062", Profile = "v7-entry v8-entry")]
    public void The_mask_that_was_meant_is_no_purged_entry_and_the_number_works_because_it_has_P_in_it()
    {
        foreach (VrangeVersion version in (VrangeVersion[])[VrangeVersion.V7, VrangeVersion.V8])
        {
            SoftPteFormat format = EntryFormats.Of(version, ProfileSwitches.VrangeQuirks);

            (format.Purged.Raw | (ulong)PteBits.P).ShouldBe(7UL, "the number of bit PSE, taken for its mask");
            ((ulong)PteBits.PS).ShouldBe(0x80UL);
            (0x80UL | (ulong)PteBits.P).ShouldNotBe(0x80UL, "so no entry could have been recognised by the mask");
            format.KindOf(new Pte(0x80)).ShouldNotBe(SoftPteKind.Purged);
        }
    }

    [Fact, Spec("V-063", Profile = "v7 v8")]
    public void As_posted_an_entry_of_swap_area_3_can_pass_for_a_purged_one_and_its_data_are_lost()
    {
        foreach (VrangeVersion version in (VrangeVersion[])[VrangeVersion.V7, VrangeVersion.V8])
        {
            foreach (bool quirks in (bool[])[true, false])
            {
                // Given a page in slot 8 of the fourth area, which nobody made volatile
                using VrangeHarness h = VrangeHarness.Of(version, quirks, new MmOptions { SwapPages = 1 });
                h.Mm.Mem.Swap.AddArea(new SwapDevice(2));
                h.Mm.Mem.Swap.AddArea(new SwapDevice(2));
                h.Mm.Mem.Swap.AddArea(new SwapDevice(32));
                VirtAddr start = h.Filled(24, first: 1);
                _ = h.Mm.Age().Age().ReclaimAll();
                VirtAddr page = Enumerable.Range(0, 24).Select(i => start + ((ulong)i * Page)).Single(at => h.Mm.PteOf(at).Raw == 0x1006);
                byte expected = (byte)(1 + ((page.Raw - start.Raw) / Page));

                // When it is touched
                byte read = h.Mm.Read(page);

                // Then as posted it reads as zeros, silently, and its slot is never freed
                read.ShouldBe(quirks ? (byte)0 : expected);
                h.Mm.Mem.Swap.CountOf(new SwapEntry(3, 8)).ShouldBe(quirks ? 1 : h.Mm.Mem.Swap.CountOf(new SwapEntry(3, 8)));
                h.Mm.Write(page, 1);
                h.Mm.Mem.Swap.CountOf(new SwapEntry(3, 8)).ShouldBe(quirks ? 1 : 0);
            }
        }
    }

    [Fact, Spec("V-088", Profile = "v13 v14"), Spec("V-088", Profile = "v7 v8 v9 v10 v11 v12")]
    public void Unmarking_leaves_purged_entries_for_the_next_touch_up_to_v12_and_clears_them_from_v13_on()
    {
        foreach (VrangeVersion version in Enum.GetValues<VrangeVersion>())
        {
            using VrangeHarness h = VrangeHarness.Of(version);
            VirtAddr start = h.FilledAndVolatile(2);
            h.Purge(start, 2).ShouldBe(2UL);

            _ = h.Keep(start, 2);

            bool atOnce = version >= VrangeVersion.V13;
            h.Picture(start, 2).ShouldBe(atOnce ? "00" : "PP", $"{version}");
            h.Mm.Touch(start, AccessKind.Write).Faults.ShouldBe(atOnce ? 1 : 2);
            h.Mm.Read(start).ShouldBe((byte)0);
            h.Mm.ShouldBeSound();
        }
    }

    [Fact, Spec("V-095", Profile = "v14")]
    public void A_fault_that_an_unmarking_overtook_reads_the_entry_again()
    {
        using VrangeHarness h = VrangeHarness.Of(VrangeVersion.V14, options: new MmOptions { Cpus = 2 });
        VirtAddr start = h.FilledAndVolatile(1);
        _ = h.Purge(start, 1);
        h.Mm.Mmu(1).TryTranslate(new Access(start, AccessKind.Read, AccessOrigin.User), out _, out PageFault fault).ShouldBeFalse();

        _ = h.Keep(start, 1);

        FaultHandler.Handle(h.Mm.Mem, h.Space, fault).End.ShouldBe(FaultEnd.Resume);
        h.Mm.Read(start, cpu: 1).ShouldBe((byte)0);
    }

    [Fact, Spec("V-096", Profile = "v8 v9 v10 v11 v12 v13 v14")]
    public void A_purged_entry_that_outlived_its_volatility_counts_again_in_v11_and_v12_alone()
    {
        foreach (VrangeVersion version in Enum.GetValues<VrangeVersion>()[1..])
        {
            using VrangeHarness h = VrangeHarness.Of(version);
            VirtAddr start = h.FilledAndVolatile(2);
            _ = h.Purge(start, 1);
            _ = h.Keep(start, 2);
            _ = h.Mark(start, 2);

            bool again = version is VrangeVersion.V11 or VrangeVersion.V12;
            h.Mm.Touch(start).Ok.ShouldBe(!again, $"{version}");
            VrangeAnswer answer = h.Keep(start, 2);
            (h.Traits.Shape == VrangeShape.Advice ? answer.Rax : answer.Purged).ShouldBe(again ? 1 : 0, $"{version}");
        }
    }

    [Fact, Spec("V-100", Profile = "v7 v8 v9")]
    public void As_posted_up_to_v9_the_last_bytes_of_a_page_are_taken_for_its_purged_neighbour()
    {
        foreach (VrangeVersion version in (VrangeVersion[])[VrangeVersion.V7, VrangeVersion.V8, VrangeVersion.V9, VrangeVersion.V10])
        {
            foreach (bool quirks in (bool[])[true, false])
            {
                using VrangeHarness h = VrangeHarness.Of(version, quirks);
                VirtAddr start = h.FilledAndVolatile(2);
                h.Purge(start, 2).ShouldBe(2UL);
                _ = h.Keep(start, 1);

                bool wrongly = quirks && version != VrangeVersion.V10;
                h.Mm.Touch(start + 1).Ok.ShouldBe(!wrongly, $"{version}");
                h.Mm.Touch(start).Ok.ShouldBeTrue();
            }
        }
    }

    [Fact, Spec("V-206", Profile = "v8")]
    public void In_v8_a_private_copy_that_was_purged_comes_back_as_zeros_not_as_the_file()
    {
        using VrangeHarness h = VrangeHarness.Of(VrangeVersion.V8);
        PlainFile file = new(h.Mm.Mem, 1, 0x46);
        VirtAddr start = h.Mm.MapFile(file, MapFlags.Private);
        _ = h.Mm.Write(start, 1);
        _ = h.Mark(start, 1);
        h.Purge(start, 1).ShouldBe(1UL);
        h.Mm.Touch(start + 7).ShouldBeBusErrorAt(start + 7);

        h.Keep(start, 1).ShouldBe(new VrangeAnswer(4096, 1));

        h.Mm.ReadPage(start).ShouldAllBe(value => value == 0);
        h.Mm.Write(start, 2).Read(start).ShouldBe((byte)2);
        h.Mm.ShouldBeSound();
    }
}
