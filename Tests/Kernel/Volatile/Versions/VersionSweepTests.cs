using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Syscalls;
using MmuEmu.Kernel.Vmas;
using MmuEmu.Tests.Builders;

namespace MmuEmu.Tests.Kernel.Volatile.Versions;

/// <summary>What all postings have in common, or all but one: the same assertions over each of them.</summary>
public sealed class VersionSweepTests
{
    private const ulong Page = 4096;

    private static readonly VrangeVersion[] WithBytes =
        [VrangeVersion.V8, VrangeVersion.V9, VrangeVersion.V10, VrangeVersion.V11, VrangeVersion.V12, VrangeVersion.V13];

    [Fact, Spec("V-013", "V-014", "V-015", "V-016", "V-017", "V-018", Profile = "v8 v9 v10 v11 v12 v13")]
    public void Bytes_come_back_and_the_word_tells_of_losses_from_v8_to_v13()
    {
        foreach (VrangeVersion version in WithBytes)
        {
            using VrangeHarness h = VrangeHarness.Of(version);
            VirtAddr start = h.Filled(2);

            h.Keep(start, 2).ShouldBe(new VrangeAnswer(8192, 0), $"{version}");
            BitConverter.TryWriteBytes(h.Mm.Mem.Ram.PageToWrite(h.Mm.Touch(h.Word, AccessKind.Write).Where.Frame), 7).ShouldBeTrue();
            h.Vrange(start, 8192, VrangeMode.Volatile).ShouldBe(new VrangeAnswer(8192, 0));
            h.Keep(start, 2).ShouldBe(new VrangeAnswer(8192, 0));
            h.Mm.Read(start).ShouldBe((byte)'A');
            h.Raw(start, 8192, VrangeMode.Volatile, default).ShouldBe(8192);
            h.Purge(start, 1).ShouldBe(1UL);
            h.Keep(start, 2).ShouldBe(new VrangeAnswer(8192, 1));
            h.Mm.ShouldBeSound();
        }
    }

    [Fact, Spec("V-025", "V-026", "V-027", "V-028", "V-029", "V-030", "V-032", "V-034", "V-035", "V-036", Profile = "v8 v9 v10 v11 v12 v13")]
    public void Arguments_are_refused_alike_from_v8_to_v13()
    {
        foreach (VrangeVersion version in WithBytes)
        {
            using VrangeHarness h = VrangeHarness.Of(version);
            VirtAddr start = h.FilledAndVolatile(2);
            VirtAddr readOnly = h.Mm.Map(1, Prot.Read);

            foreach ((VirtAddr from, ulong length, VrangeMode mode) in ((VirtAddr, ulong, VrangeMode)[])
            [
                (start + 1, 4096, VrangeMode.Volatile), (start, 0, VrangeMode.Volatile), (start, 4095, VrangeMode.Volatile), (start, 4097, VrangeMode.NonVolatile),
                (start, unchecked((ulong)-4096), VrangeMode.NonVolatile), (new VirtAddr(0x7FFF_FFFF_F000), 4096, VrangeMode.NonVolatile), (start, 4096, VrangeMode.Unknown),
            ])
            {
                h.Raw(from, length, mode, h.Word).ShouldBe(-(long)Errno.EINVAL, $"{version} {from} {length} {mode}");
            }

            h.Raw(start, 4096, VrangeMode.NonVolatile, readOnly).ShouldBe(-(long)Errno.EFAULT);
            h.Raw(start + 1, 4096, VrangeMode.NonVolatile, readOnly).ShouldBe(-(long)Errno.EINVAL);
            h.Purge(start, 2).ShouldBe(2UL, "all of them changed nothing");
        }
    }

    [Fact, Spec("V-051", "V-052", "V-056", Profile = "v8 v9 v10 v11 v12 v13")]
    public void Locked_and_special_mappings_end_the_call_and_rights_do_not_matter()
    {
        foreach (VrangeVersion version in WithBytes)
        {
            foreach (VmFlags special in (VmFlags[])[VmFlags.Locked, VmFlags.HugeTlb, VmFlags.PfnMap, VmFlags.DontExpand, VmFlags.MixedMap])
            {
                using VrangeHarness h = VrangeHarness.Of(version);
                VirtAddr start = h.Mm.Map(2, Prot.None, at: 0x1000_0000);
                VirtAddr behind = h.Mm.Map(2, Prot.Read, at: start.Raw + (2 * Page));
                h.Mm.VmaAt(behind).Flags |= special;

                h.Mark(behind, 2).ShouldBe(0, $"{version} {special}");
                h.Keep(behind, 2).Rax.ShouldBe(0);
                h.Mark(start, 4).ShouldBe(2 * 4096);
            }
        }
    }

    [Fact, Spec("V-069", "V-074", "V-080", "V-081", "V-082", "V-086", "V-087", "V-089", "V-090", "V-098", "V-158", Profile = "v7 v8 v9 v10 v11 v12 v13 v14")]
    public void A_purged_page_is_SIGBUS_in_every_posting_and_zeros_after_its_range_was_kept()
    {
        foreach (VrangeVersion version in Enum.GetValues<VrangeVersion>())
        {
            using VrangeHarness h = VrangeHarness.Of(version);
            VirtAddr start = h.Filled(4);
            long anon = h.Space.Rss.Anon;
            _ = h.Mark(start, 4);
            h.Mm.Touch(start, AccessKind.Write).Faults.ShouldBe(0);

            // One page is pinned: its entry goes, its frame stays
            MmuEmu.Kernel.Frames.PageFrame pinned = h.Mm.FrameAt(start);
            pinned.RefCount++;
            h.Purge(start, 4).ShouldBe(3UL, $"{version}");
            pinned.RefCount.ShouldBe(1);
            h.Mm.Mem.Source.Release(pinned);
            (h.Picture(start, 4), h.Space.Rss.Anon).ShouldBe(("PPPP", anon - 4));

            foreach (AccessKind kind in (AccessKind[])[AccessKind.Read, AccessKind.Write])
            {
                h.Mm.Touch(start + 5, kind).ShouldBeBusErrorAt(start + 5);
            }

            _ = h.Keep(start + Page, 1);
            h.Mm.Read(start + Page).ShouldBe((byte)0);
            h.Mm.Write(start + Page, 9).Read(start + Page).ShouldBe((byte)9);
            h.Mm.Touch(start + (2 * Page)).ShouldBeBusErrorAt(start + (2 * Page));
            h.Mm.ShouldBeSound();
        }
    }

    [Fact, Spec("V-071", "V-072", "V-075", "V-140", "V-142", "V-143", "V-144", "V-159", Profile = "v7 v8 v9 v10 v11 v12 v13 v14")]
    public void Purged_entries_are_copied_kept_and_dropped_alike_and_neither_A_nor_D_nor_a_slot_saves_a_page()
    {
        foreach (VrangeVersion version in Enum.GetValues<VrangeVersion>())
        {
            using VrangeHarness h = VrangeHarness.Of(version);
            VirtAddr start = h.FilledAndVolatile(3);
            h.Picture(start, 3).ShouldBe("...", "no pressure, no purge");

            // A page in the swap cache, dirty and accessed, gives up its slot
            MmuEmu.Kernel.Frames.PageFrame cached = h.Mm.FrameAt(start);
            h.Mm.Mem.Swap.TryCacheNew(cached).ShouldBeTrue();
            long slots = h.Mm.Mem.Swap.FreeSlots;
            _ = h.Mm.Write(start, 1).Read(start);
            h.Purge(start, 2).ShouldBe(2UL, $"{version}");
            h.Mm.Mem.Swap.FreeSlots.ShouldBe(slots + 1);
            h.Mm.Count(MmCounter.PswpOut).ShouldBe(0UL);

            // Locked memory is left alone
            h.Mm.VmaAt(start + (2 * Page)).Flags |= VmFlags.Locked;
            h.Purge(start, 3).ShouldBe(0UL);

            // The child has the entries, rights change around them, and munmap drops them
            AddressSpace child = h.Fork();
            h.Mm.PteOf(start, child).ShouldBe(h.Mm.Mem.SoftPtes.Purged);
            _ = MmuEmu.Kernel.Mm.Protect.Change(h.Mm.Mem, h.Space, new(start, Page, Prot.Read));
            h.Mm.PteOf(start).ShouldBe(h.Mm.Mem.SoftPtes.Purged);
            MmuEmu.Kernel.Mm.Unmap.Range(h.Mm.Mem, h.Space, start, 3 * Page).ShouldBe(Errno.None);
            h.Mm.ShouldBeSound();
        }
    }
}
