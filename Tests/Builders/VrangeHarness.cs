using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Syscalls;
using MmuEmu.Kernel.Tables;
using MmuEmu.Kernel.UserCopy;
using MmuEmu.Kernel.Vmas;
using MmuEmu.Kernel.Volatile;

namespace MmuEmu.Tests.Builders;

/// <summary>What vrange answered: RAX, and the purged word.</summary>
internal readonly record struct VrangeAnswer(long Rax, int Purged);

/// <summary>Memory management with vrange in it, and a word of guest memory for the answer.</summary>
internal sealed class VrangeHarness : IDisposable
{
    public const ulong Page = 4096;

    public VrangeHarness(MmOptions? options = null)
    {
        Mm = new MmHarness(options);
        Purger = new RangePurger(Mm.Mem);
        Mm.Mem.Volatile = Purger;
        WhatRan.Now.Vrange(Mm.Options.Profile);
        Word = Mm.Map(1);
        Mm.Fill(Word, 1, 0xCC);
    }

    /// <summary>A kernel with one posting of vrange, with the bugs of its code or without.</summary>
    public static VrangeHarness Of(VrangeVersion version, bool quirks = false, MmOptions? options = null)
    {
        ProfileSwitches switches = quirks ? ProfileSwitches.VrangeQuirks : ProfileSwitches.None;
        return new((options ?? new MmOptions()) with { Profile = new KernelProfile { Vrange = version, Switches = switches } });
    }

    public MmHarness Mm { get; }

    public VrangeTraits Traits => Mm.Mem.Vrange;

    public RangePurger Purger { get; }

    /// <summary>Where the purged word is stored; the bytes around it are 0xCC at first.</summary>
    public VirtAddr Word { get; }

    public AddressSpace Space => Mm.Current();

    public VolatileTree Tree => TreeOf(Space);

    /// <summary>Maps and fills pages: page i holds the byte <paramref name="first"/> + i.</summary>
    public VirtAddr Filled(ulong pages, byte first = 0x41)
    {
        VirtAddr start = Mm.Map(pages);
        for (ulong page = 0; page < pages; page++)
        {
            Mm.Fill(start + (page * Page), 1, (byte)(first + page));
        }

        return start;
    }

    /// <summary>Maps, fills and marks pages in one go.</summary>
    public VirtAddr FilledAndVolatile(ulong pages, byte first = 0x41)
    {
        VirtAddr start = Filled(pages, first);
        Mark(start, pages).ShouldBe(Traits.Shape is VrangeShape.Behaviour or VrangeShape.Advice ? 0 : (long)(pages * Page));
        return start;
    }

    public long Mark(VirtAddr start, ulong pages) => Vrange(start, pages * Page, VrangeMode.Volatile).Rax;

    public VrangeAnswer Keep(VirtAddr start, ulong pages) => Vrange(start, pages * Page, VrangeMode.NonVolatile);

    public VrangeAnswer Vrange(VirtAddr start, ulong lengthBytes, VrangeMode mode)
    {
        long rax = Raw(start, lengthBytes, mode, Word);
        Touched touched = Mm.Touch(Word);
        return new VrangeAnswer(rax, touched.Ok ? BitConverter.ToInt32(Mm.Mem.Ram.Page(touched.Where.Frame)) : -1);
    }

    /// <summary>The call as the posting has it; v7 has no word, and v14 no call but advice.</summary>
    public long Raw(VirtAddr start, ulong lengthBytes, VrangeMode mode, VirtAddr purged) => Traits.Shape switch
    {
        VrangeShape.Advice => Advise(start, lengthBytes, mode == VrangeMode.Volatile ? Advice.Volatile : Advice.NonVolatile),
        VrangeShape.Behaviour => Call(new VrangeArgs(start, lengthBytes, mode, default)),
        _ => Call(new VrangeArgs(start, lengthBytes, mode, purged)),
    };

    /// <summary>vrange, whatever the posting calls it, with these arguments.</summary>
    public long Call(in VrangeArgs args) => new VrangeCall(Purger, new UserMemory(Mm.Mem, Mm.Mmu()) { Space = Space }).Vrange(Space, args).Rax;

    /// <summary>vrange with these registers: RDI, RSI, RDX, R10, R8.</summary>
    public long CallWith(params ulong[] registers) => Call(VrangeArgs.OfRegisters(Traits, registers));

    public long Advise(VirtAddr start, ulong lengthBytes, Advice advice) =>
        MmuEmu.Kernel.Mm.AdviseVolatile.Range(Mm.Mem, Space, new MmuEmu.Kernel.Mm.AdviseRequest(start, lengthBytes, advice)).Rax;

    /// <summary>Mappings that touch the range, in pages from <paramref name="start"/>, with a v for volatile ones.</summary>
    public string Mappings(VirtAddr start, ulong pages, AddressSpace? space = null)
    {
        VirtRange range = VirtRange.Of(start, pages * Page);
        VmaTree vmas = (space ?? Space).Vmas;
        return string.Join(' ', Enumerable.Range(0, vmas.Count).Select(at => vmas[at]).Where(vma => vma.Range.Overlaps(range))
            .Select(vma => $"{(long)(vma.Start.Raw - start.Raw) / 4096}+{vma.Range.PageCount}{(vma.Has(VmFlags.Volatile) ? "v" : "")}"));
    }

    /// <summary>Purges what can be purged in the range, as the purge-now hook does.</summary>
    public ulong Purge(VirtAddr start, ulong pages) => Space.Volatile?.PurgeNow(VirtRange.Of(start, pages * Page)) ?? 0;

    public bool IsPurged(VirtAddr address, AddressSpace? space = null) => Mm.KindOf(address, space) == SoftPteKind.Purged;

    /// <summary>One letter a page: P purged, . in memory, s swapped, 0 none.</summary>
    public string Picture(VirtAddr start, ulong pages, AddressSpace? space = null)
    {
        string picture = "";
        for (ulong page = 0; page < pages; page++)
        {
            picture += Mm.KindOf(start + (page * Page), space) switch
            {
                SoftPteKind.Purged => 'P',
                SoftPteKind.Present or SoftPteKind.ProtNone => '.',
                SoftPteKind.Swap => 's',
                SoftPteKind.None => '0',
                _ => '?',
            };
        }

        return picture;
    }

    /// <summary>Takes all free memory with pages that nothing can take back; wants a machine without swap.</summary>
    public void ExhaustMemory()
    {
        while (Mm.Mem.Source.TryTake(MmuEmu.Kernel.Frames.FrameContent.Any) is not null)
        {
        }
    }

    /// <summary>Forks the running space; the child runs when told to.</summary>
    public AddressSpace Fork()
    {
        MmuEmu.Kernel.Mm.Fork.Copy(Mm.Mem, Space).Ok(out AddressSpace? child, out Errno errno).ShouldBeTrue($"{errno}");
        return child!;
    }

    /// <summary>The ranges of <paramref name="space"/> in pages from <paramref name="start"/>; an exclamation mark stands for purged.</summary>
    public string Ranges(VirtAddr start, AddressSpace? space = null)
    {
        VolatileTree tree = TreeOf(space ?? Space);
        return string.Join(' ', Enumerable.Range(0, tree.Count).Select(at => TextOf(tree[at], start)));
    }

    private VolatileTree TreeOf(AddressSpace space) => Purger.RangesOf(space).ShouldBeOfType<SpaceRanges>().Tree;

    private static string TextOf(VolatileRange range, VirtAddr start) =>
        $"{(long)(range.Bytes.First - start.Raw) / 4096}+{range.Bytes.LengthBytes / Page}{(range.Purged ? "!" : "")}";

    public void Dispose() => Mm.Dispose();
}

/// <summary>Assertions on accesses that end in a signal.</summary>
[ShouldlyMethods]
internal static class TouchedAssertions
{
    /// <summary>SIGBUS, BUS_ADRERR, at exactly <paramref name="address"/>.</summary>
    public static void ShouldBeBusErrorAt(this Touched touched, VirtAddr address) =>
        touched.Signal.ShouldBe(new SigInfo(Signal.SIGBUS, SigCode.BusAdrErr, address));
}
