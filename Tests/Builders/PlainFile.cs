using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Frames;
using MmuEmu.Kernel.Memory;
using MmuEmu.Kernel.Mm;
using MmuEmu.Kernel.Vmas;

namespace MmuEmu.Tests.Builders;

/// <summary>The simplest file: a few pages in memory, each filled with one byte, never evicted.</summary>
internal sealed class PlainFile : IBacking
{
    private readonly MemorySystem _mem;
    private readonly Dictionary<ulong, PageFrame> _pages = [];

    public PlainFile(MemorySystem mem, ulong pages, byte content)
    {
        _mem = mem;
        Mapping = mem.Rmap.NewFileMapping(this);
        SizeBytes = pages * 4096;
        Content = content;
    }

    public FileMapping Mapping { get; }

    public BackingKind Kind => BackingKind.Shmem;

    public string Name => "/plain";

    public ulong SizeBytes { get; }

    public byte Content { get; }

    public Result<PageFrame> GetPage(ulong pageIndex)
    {
        if (pageIndex * 4096 >= SizeBytes)
        {
            return Errno.EFAULT;
        }

        if (!_pages.TryGetValue(pageIndex, out PageFrame? frame))
        {
            frame = _mem.Source.TryTake(FrameContent.Any)!;
            _mem.Ram.PageToWrite(frame.Pfn).Fill(Content);
            (frame.Mapping, frame.Index) = (MappingWord.OfFile(Mapping.Id), pageIndex);
            frame.Set(OnDisk ? PageFlags.UpToDate : PageFlags.SwapBacked | PageFlags.UpToDate);
            _mem.Lru.Add(frame);
            _pages.Add(pageIndex, frame);
        }

        frame.RefCount++;
        return frame;
    }

    public PageFrame? FindPage(ulong pageIndex) => _pages.GetValueOrDefault(pageIndex);

    public void CollectPages(ulong first, ulong last, List<PageFrame> pages) =>
        pages.AddRange(_pages.Where(page => page.Key >= first && page.Key <= last).OrderBy(page => page.Key).Select(page => page.Value));

    /// <summary>Its pages are on a disk too, so reclaim may drop them; they are on the file lists then.</summary>
    public bool OnDisk { get; init; }

    public bool TryEvict(PageFrame frame)
    {
        if (!OnDisk || frame.RefCount != 2)
        {
            return false;
        }

        Punch(frame.Index);
        return true;
    }

    /// <summary>Makes a hole: the page and the file's reference to it are gone, and the next touch finds a fresh one.</summary>
    public void Punch(ulong pageIndex)
    {
        if (_pages.Remove(pageIndex, out PageFrame? frame))
        {
            _mem.Source.Release(frame);
        }
    }

    public void MappingOpened()
    {
    }

    public void MappingClosed()
    {
    }
}

/// <summary>The verbs of memory management as a test calls them, in the running space.</summary>
[ShouldlyMethods]
internal static class MmVerbs
{
    public static VirtAddr MapFile(this MmHarness mm, IBacking file, MapFlags type, ulong at = 0, ulong fromPage = 0)
    {
        MapRequest request = new()
        {
            Address = new VirtAddr(at),
            LengthBytes = file.SizeBytes - (fromPage * 4096),
            PageOffset = fromPage,
            Flags = at == 0 ? type : type | MapFlags.Fixed,
            Backing = file,
        };
        Map.Place(mm.Mem, mm.Current(), request).Ok(out VirtAddr start, out Errno errno).ShouldBeTrue($"{errno}");
        return start;
    }

    public static Errno Advise(this MmHarness mm, VirtAddr start, ulong pages, Advice advice) =>
        MmuEmu.Kernel.Mm.Advise.Range(mm.Mem, mm.Current(), new AdviseRequest(start, pages * 4096, advice)).Errno;

    /// <summary>madvise by a program that declares the proposals: <paramref name="number"/> means theirs where they claim it.</summary>
    public static Errno AdviseNumber(this MmHarness mm, VirtAddr start, ulong pages, int number) =>
        mm.Advise(start, pages, ProposalTable.InForce(mm.Mem.Profile, Proposals.All).AdviceOf(number));

    /// <summary>remap_anon_pages: bytes moved, or minus an errno.</summary>
    public static long RemapAnon(this MmHarness mm, VirtAddr destination, VirtAddr source, ulong pages, ulong flags = 0) =>
        RemapAnonPages.Move(mm.Mem, mm.Current(), new RemapAnonRequest(destination, source, pages * 4096, flags)).Rax;

    /// <summary>The child of the running space; it runs when told to.</summary>
    public static AddressSpace Fork(this MmHarness mm)
    {
        MmuEmu.Kernel.Mm.Fork.Copy(mm.Mem, mm.Current()).Ok(out AddressSpace? child, out Errno errno).ShouldBeTrue($"{errno}");
        return child!;
    }

    /// <summary>Swaps out all that can be swapped.</summary>
    public static MmHarness SwapAll(this MmHarness mm)
    {
        _ = mm.Age().Age().ReclaimAll();
        return mm;
    }

    /// <summary>A signal of the kind that a hole with MADV_USERFAULT or a purged page raises.</summary>
    public static bool IsBusErrorAt(this Touched touched, VirtAddr address) =>
        touched.Signal == new SigInfo(Signal.SIGBUS, SigCode.BusAdrErr, address);
}
