using MmuEmu.Emulator.Paging;
using MmuEmu.Emulator.Tracing;
using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Frames;
using MmuEmu.Kernel.Mm;
using MmuEmu.Kernel.Tables;

namespace MmuEmu.Tests.Builders;

/// <summary>Memory management with vrange in which every aligned 2 MiB of anonymous memory gets a huge page.</summary>
internal sealed class HugeHarness : IDisposable
{
    public const ulong Pages = 512;
    public const ulong Bytes = Pages * 4096;

    /// <summary>A place for mappings, 2 MiB aligned, with much room above.</summary>
    public static readonly VirtAddr Home = new(0x10_0000_0000);

    public HugeHarness(KernelProfile? profile = null, ulong ramBytes = 64UL << 20, int swapPages = 4096)
    {
        Vrange = new VrangeHarness(new MmOptions
        {
            RamBytes = ramBytes,
            SwapPages = swapPages,
            Profile = (profile ?? KernelProfile.Default) with { Thp = HugeMode.Always },
        });
    }

    public VrangeHarness Vrange { get; }

    public MmHarness Mm => Vrange.Mm;

    public MmuEmu.Kernel.Memory.MemorySystem Mem => Mm.Mem;

    /// <summary>Maps <paramref name="count"/> times 2 MiB at Home + <paramref name="place"/> times 2 MiB, all of them untouched.</summary>
    public VirtAddr Map(ulong place, ulong count = 1, Prot prot = Prot.Read | Prot.Write) =>
        Mm.Map(count * Pages, prot, (Home + (place * Bytes)).Raw);

    /// <summary>The same with a huge page in each, whose every page holds the byte <paramref name="value"/>.</summary>
    public VirtAddr Filled(ulong place, ulong count = 1, byte value = 0x41)
    {
        VirtAddr start = Map(place, count);
        Mm.Fill(start, count * Pages, value);
        for (ulong i = 0; i < count; i++)
        {
            IsHuge(start + (i * Bytes)).ShouldBeTrue();
        }

        return start;
    }

    /// <summary>2 MiB of small pages in a mapping that could hold a huge one.</summary>
    public VirtAddr Small(ulong place, byte value = 0x41)
    {
        VirtAddr start = Map(place);
        Mem.Huge.Mode = HugeMode.Never;
        Mm.Fill(start, Pages, value);
        Mem.Huge.Mode = HugeMode.Always;
        IsHuge(start).ShouldBeFalse();
        return start;
    }

    public bool IsHuge(VirtAddr address, MmuEmu.Kernel.Vmas.AddressSpace? space = null)
    {
        TableEntry at = Mem.Editor.Find((space ?? Mm.Current()).Tables, address);
        return at.Level == PagingLevel.Pd && SoftPteFormat.HasFrame(at.Entry);
    }

    /// <summary>The record of the huge page there.</summary>
    public PageFrame Head(VirtAddr address, MmuEmu.Kernel.Vmas.AddressSpace? space = null)
    {
        IsHuge(address, space).ShouldBeTrue();
        return Mem.Frames[Mm.PteOf(address, space).LeafFrame(PageSize.Size2M)];
    }

    public Errno Advise(VirtAddr start, ulong pages, Advice advice) =>
        MmuEmu.Kernel.Mm.Advise.Range(Mem, Mm.Current(), new AdviseRequest(start, pages * 4096, advice)).Errno;

    public long Remap(VirtAddr to, VirtAddr from, ulong pages, ulong flags = 0) =>
        RemapAnonPages.Move(Mem, Mm.Current(), new RemapAnonRequest(to, from, pages * 4096, flags)).Rax;

    /// <summary>Runs <paramref name="act"/> once, while memory management takes its next frame: as another thread would while this one waits.</summary>
    public void WhileTaking(Action act) => Mem.Report.Events = new Once(this, act);

    public ulong Count(MmCounter counter) => Mm.Count(counter);

    public void Dispose() => Vrange.Dispose();

    private sealed class Once(HugeHarness home, Action act) : ITraceSink
    {
        public void Take(in TraceEvent happened)
        {
            if (happened.Kind == MmuEmu.Kernel.Story.KernelEvent.FrameTaken)
            {
                home.Mem.Report.Events = home.Mm;
                act();
            }
        }
    }
}
