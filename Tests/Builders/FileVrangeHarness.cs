using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Files;
using MmuEmu.Kernel.Mm;
using MmuEmu.Kernel.Syscalls;
using MmuEmu.Kernel.Vmas;
using MmuEmu.Kernel.Volatile;

namespace MmuEmu.Tests.Builders;

/// <summary>A file in memory, which processes A, B, ... open, map and mark; a processor each.</summary>
internal sealed class FileVrangeHarness : IDisposable
{
    public const ulong Page = 4096;
    private readonly Inode _inode;

    public FileVrangeHarness(KernelProfile? profile = null, ulong pages = 8, int swapPages = 64, IFileContent? content = null)
    {
        V = new VrangeHarness(new MmOptions { Cpus = 3, SwapPages = swapPages, Profile = profile ?? KernelProfile.Default });
        Content = content as MemContent ?? new MemContent(V.Mm.Mem, "/tmp/file");
        _inode = new Inode(1, InodeKind.Regular, 0x1FF) { Content = Content };
        Content.Resize(pages * Page).ShouldBe(Errno.None);
        A = V.Space;
        B = V.Mm.NewSpaceOrFail();
        C = V.Mm.NewSpaceOrFail();
        _ = V.Mm.Run(B, cpu: 1).Run(C, cpu: 2);
    }

    public VrangeHarness V { get; }

    public MmHarness Mm => V.Mm;

    public MemContent Content { get; }

    public AddressSpace A { get; }

    public AddressSpace B { get; }

    public AddressSpace C { get; }

    /// <summary>The file's ranges in pages, purged ones with an exclamation mark.</summary>
    public string Ranges => Content.Mapping.Volatile is FileRanges ranges ? RangeTrees.TextOf(ranges.Tree) : "";

    public OpenFile Open() => new(_inode, OpenFlags.ReadWrite, "/tmp/file");

    /// <summary>Maps the file in <paramref name="space"/> from one of its pages on.</summary>
    public VirtAddr Map(AddressSpace space, MapFlags type = MapFlags.Shared, ulong fromPage = 0) =>
        In(space, () => Mm.MapFile(Content, type, fromPage: fromPage));

    /// <summary>Maps the file shared and puts <paramref name="value"/> into each of its pages.</summary>
    public VirtAddr MapFilled(AddressSpace space, byte value = 7)
    {
        VirtAddr start = Map(space);
        _ = In(space, () => Mm.Fill(start, Content.SizeBytes / Page, value));
        return start;
    }

    public long Mark(AddressSpace space, VirtAddr start, ulong pages) => In(space, () => V.Raw(start, pages * Page, VrangeMode.Volatile, default));

    public VrangeAnswer Keep(AddressSpace space, VirtAddr start, ulong pages)
    {
        int purged = -1;
        long rax = In(space, () =>
        {
            VirtAddr word = Mm.Map(1);
            long answer = V.Raw(start, pages * Page, VrangeMode.NonVolatile, word);
            purged = BitConverter.ToInt32(Mm.ReadPage(word));
            _ = Unmap.Range(Mm.Mem, space, word, Page);
            return answer;
        });
        return new VrangeAnswer(rax, purged);
    }

    /// <summary>mvrange in the name of <paramref name="space"/>.</summary>
    public long Mvrange(AddressSpace space, VirtAddr start, ulong pages, FileVrangeMode mode = FileVrangeMode.Volatile) =>
        new MvrangeWalk(V.Purger, Mm.Options.Profile.Files == FileMarks.K, mode).Run(space, VirtRange.Of(start, pages * Page)).Result.Rax;

    /// <summary>fvrange by whoever has the file open.</summary>
    public long Fvrange(ulong fromPage, ulong pages, FileVrangeMode mode = FileVrangeMode.Volatile) =>
        FileVrangeCalls.OfFile(V.Purger.RangesOf(Content), fromPage * Page, pages * Page, mode).Result.Rax;

    public Touched Touch(AddressSpace space, VirtAddr at, AccessKind kind = AccessKind.Read) => In(space, () => Mm.Touch(at, kind));

    public byte Read(AddressSpace space, VirtAddr at) => In(space, () => Mm.Read(at));

    public void Write(AddressSpace space, VirtAddr at, byte value) => In(space, () => Mm.Write(at, value));

    public string Picture(AddressSpace space, VirtAddr start, ulong pages) => V.Picture(start, pages, space);

    /// <summary>Whole ranges, oldest first, until so many frames came free.</summary>
    public ulong PurgeRanges(ulong frames) => V.Purger.PurgeRanges(frames, ReclaimReason.Direct);

    /// <summary>Everything that is volatile and may go, by ranges and page by page from the lists.</summary>
    public ulong PurgeEverything() => PurgeRanges(ulong.MaxValue) + Mm.ReclaimAll();

    public byte[] ReadFile(ulong page)
    {
        byte[] bytes = new byte[Page];
        Content.Read(page * Page, bytes).Ok(out int count, out _).ShouldBeTrue();
        count.ShouldBe((int)Page);
        return bytes;
    }

    public void End(AddressSpace space) => ExitSpace.TearDown(Mm.Mem, space);

    public void Sound() => Mm.ShouldBeSound();

    public void Dispose() => Mm.Dispose();

    private T In<T>(AddressSpace space, Func<T> act)
    {
        AddressSpace before = Mm.Current();
        _ = Mm.Run(space);
        try
        {
            return act();
        }
        finally
        {
            _ = Mm.Run(before);
        }
    }
}
