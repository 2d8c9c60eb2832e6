using MmuEmu.Emulator.Paging;
using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Files;
using MmuEmu.Kernel.Frames;
using MmuEmu.Kernel.Mm;
using MmuEmu.Kernel.Vmas;
using MmuEmu.Kernel.Volatile;
using MmuEmu.Tests.Builders;
using MapVerb = MmuEmu.Kernel.Mm.Map;
using RemapVerb = MmuEmu.Kernel.Mm.Remap;

namespace MmuEmu.Tests.Kernel.Huge;

/// <summary>Mappings of the pool of huge pages.</summary>
public sealed class HugeTlbTests
{
    private const ulong Bytes = HugeHarness.Bytes;

    [Fact]
    public void The_pool_is_filled_at_boot_grows_and_shrinks()
    {
        using HugeHarness h = new(KernelProfile.Default with { HugePages = 3 });
        HugePool pool = h.Mem.Huge.Pool;
        (pool.Total, pool.Free, pool.Reserved).ShouldBe((3, 3, 0));
        ulong free = h.Mem.Buddy.FreeCount;

        HugePoolSize.Set(h.Mem, 5);
        (pool.Total, h.Mem.Buddy.FreeCount).ShouldBe((5, free - 1024));
        HugePoolSize.Set(h.Mem, 0);
        (pool.Total, h.Mem.Buddy.FreeCount).ShouldBe((0, free + 1536));
        HugePoolSize.Set(h.Mem, 1000);
        pool.Total.ShouldBeInRange(20, 31, "what 64 MiB hold");
        h.Mm.ShouldBeSound();
    }

    [Fact]
    public void A_mapping_is_promised_its_pages_and_gives_all_back()
    {
        using HugeHarness h = new(KernelProfile.Default with { HugePages = 3 });
        HugePool pool = h.Mem.Huge.Pool;
        VirtAddr start = MapHuge(h, 2);
        (pool.Free, pool.Reserved).ShouldBe((3, 2));
        HugeContent.Create(h.Mem, "x", 2 * Bytes, h.Mm.Space, promise: true).Ok(out _, out Errno errno).ShouldBeFalse();
        errno.ShouldBe(Errno.ENOMEM);

        h.Mm.Write(start + 5, 7);
        (pool.Free, pool.Reserved, h.Mm.Space.Rss.HugeTlb, h.Mm.Space.Rss.AnonHuge).ShouldBe((2, 1, 1, 0));
        h.Mm.Read(start + 6).ShouldBe((byte)0);
        h.Mm.ShouldBeSound();

        Unmap.Range(h.Mem, h.Mm.Space, start, 2 * Bytes).ShouldBe(Errno.None);
        (pool.Free, pool.Reserved, h.Mm.Space.Rss.HugeTlb).ShouldBe((3, 0, 0));
        h.Mm.ShouldBeSound();
    }

    [Fact]
    public void Without_a_promise_an_empty_pool_is_SIGBUS()
    {
        using HugeHarness h = new(KernelProfile.Default with { HugePages = 1 });
        VirtAddr start = MapHuge(h, 2, promise: false);
        h.Mm.Write(start, 1);
        h.Mm.Touch(start + Bytes + 0x123, AccessKind.Write).ShouldBeBusErrorAt(start + Bytes + 0x123);
        h.Mm.Touch(start + Bytes + 0x123).ShouldBeBusErrorAt(start + Bytes + 0x123);
        h.Mm.Read(start).ShouldBe((byte)1);
        h.Mm.ShouldBeSound();
    }

    [Fact]
    public void Pressure_never_reaches_it()
    {
        using HugeHarness h = new(KernelProfile.Default with { HugePages = 2 });
        VirtAddr start = MapHuge(h, 1);
        h.Mm.Write(start + 0x12_3456, 0x55);
        h.Mm.Age().Age().ReclaimAll();

        h.Mm.PteOf(start).Present.ShouldBeTrue();
        h.Mm.Read(start + 0x12_3456).ShouldBe((byte)0x55);
        (h.Count(MmCounter.PswpOut) == 0, h.Count(MmCounter.ThpSplitPage)).ShouldBe((false, 0UL), "the harness's own page went out");
        h.Mm.ShouldBeSound();
    }

    [Fact]
    public void A_private_one_is_copied_after_fork_and_SIGBUS_when_the_pool_is_empty()
    {
        using HugeHarness h = new(KernelProfile.Default with { HugePages = 2 });
        VirtAddr start = MapHuge(h, 1);
        h.Mm.Write(start, 1);
        AddressSpace child = h.Vrange.Fork();
        h.Mm.ShouldBeSound();

        h.Mm.Run(child);
        h.Mm.Write(start, 2);
        h.Mm.Run(h.Mm.Space);
        h.Mm.Read(start).ShouldBe((byte)1);
        h.Mm.Write(start, 3);
        (h.Count(MmCounter.CowBreak), h.Count(MmCounter.CowReuse), h.Mem.Huge.Pool.Free).ShouldBe((1UL, 0UL, 0));
        h.Mm.ShouldBeSound();

        AddressSpace other = h.Vrange.Fork();
        h.Mm.Run(other).Touch(start, AccessKind.Write).ShouldBeBusErrorAt(start);
        ExitSpace.TearDown(h.Mem, child);
        h.Mm.Write(start, 4);
        h.Mm.ShouldBeSound();
    }

    [Fact]
    public void A_shared_one_is_one_for_all()
    {
        using HugeHarness h = new(KernelProfile.Default with { HugePages = 2 });
        VirtAddr start = MapHuge(h, 1, shared: true);
        AddressSpace child = h.Vrange.Fork();
        h.Mm.Write(start, 1);
        h.Mm.Run(child).Read(start).ShouldBe((byte)1);
        h.Mm.Write(start + 1, 2);
        h.Mm.Run(h.Mm.Space).Read(start + 1).ShouldBe((byte)2);
        h.Mem.Huge.Pool.Free.ShouldBe(1);
        h.Mm.ShouldBeSound();
    }

    /// <summary>As on the host, where a part of such a page can be neither unmapped nor protected.</summary>
    [Fact]
    public void No_verb_cuts_it()
    {
        using HugeHarness h = new(KernelProfile.Default with { HugePages = 2 });
        VirtAddr start = MapHuge(h, 2);
        h.Mm.Write(start, 1);
        Unmap.Range(h.Mem, h.Mm.Space, start, 4096).ShouldBe(Errno.EINVAL);
        Unmap.Range(h.Mem, h.Mm.Space, start + 4096, Bytes).ShouldBe(Errno.EINVAL);
        Protect.Change(h.Mem, h.Mm.Space, new ProtectRequest(start, 4096, Prot.Read)).ShouldBe(Errno.EINVAL);
        h.Advise(start, 1, Advice.DontFork).ShouldBe(Errno.EINVAL);
        h.Advise(start, 512, Advice.Free).ShouldBe(Errno.EINVAL);
        h.Advise(start, 512, Advice.Collapse).ShouldBe(Errno.EINVAL);
        RemapVerb.Move(h.Mem, h.Mm.Space, new RemapRequest(start, Bytes, 3 * Bytes, RemapFlags.MayMove, default)).Ok(out _, out Errno errno).ShouldBeFalse();
        errno.ShouldBe(Errno.EINVAL);
        Protect.Change(h.Mem, h.Mm.Space, new ProtectRequest(start, Bytes, Prot.Read)).ShouldBe(Errno.None);
        h.Mm.Touch(start, AccessKind.Write).Signal.Signal.ShouldBe(Signal.SIGSEGV);
        h.Mm.ShouldBeSound();
    }

    [Fact]
    [Spec("V-163")]
    public void It_is_never_purged_in_any_posting()
    {
        foreach (VrangeVersion version in Enum.GetValues<VrangeVersion>())
        {
            using HugeHarness h = new(KernelProfile.Default with { HugePages = 2, Vrange = version }, swapPages: 0);
            VirtAddr start = MapHuge(h, 1);
            h.Mm.Write(start, 0x55);

            // Past the call, which would refuse it: even a range that is marked does no harm.
            h.Vrange.Purger.RangesOf(h.Mm.Space).Mark(VirtRange.Of(start, Bytes)).ShouldBe(Errno.None);
            h.Mm.Space.Volatile!.PurgeNow(VirtRange.Of(start, Bytes)).ShouldBe(0UL);
            h.Mm.Age().Age().ReclaimAll();

            h.Mm.Read(start).ShouldBe((byte)0x55);
            h.Mm.ShouldBeSound();
        }
    }

    internal static VirtAddr MapHuge(HugeHarness h, ulong pages, bool promise = true, bool shared = false)
    {
        HugeContent.Create(h.Mem, "pool", pages * Bytes, shared ? null : h.Mm.Current(), promise).Ok(out HugeContent? content, out Errno errno).ShouldBeTrue($"{errno}");
        MapRequest request = new()
        {
            LengthBytes = (pages * Bytes) - 100,
            Flags = MapFlags.HugeTlb | (shared ? MapFlags.Shared : MapFlags.Private),
            Backing = content,
        };
        MapVerb.Place(h.Mem, h.Mm.Current(), request).Ok(out VirtAddr start, out errno).ShouldBeTrue($"{errno}");
        content!.Unlinked();
        (start.Raw % Bytes).ShouldBe(0UL);
        return start;
    }
}
