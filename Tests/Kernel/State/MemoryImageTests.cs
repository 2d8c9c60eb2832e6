using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Files;
using MmuEmu.Kernel.Frames;
using MmuEmu.Kernel.State;
using MmuEmu.Kernel.Swap;
using MmuEmu.Tests.Builders;

namespace MmuEmu.Tests.Kernel.State;

/// <summary>Memory management, saved and restored, is what it was to the last field, and goes on as it did.</summary>
public sealed class MemoryImageTests
{
    [Theory]
    [InlineData(1, 512)]
    [InlineData(2, 512)]
    [InlineData(3, 300)]
    [InlineData(4, 4096)]
    public void Restored_it_is_what_it_was_and_goes_on_as_it_did(int seed, int ramPages)
    {
        using RandomVerbs verbs = new((ulong)ramPages);
        verbs.Do(seed, 1500);
        verbs.Mm.ShouldBeSound();
        RandomVerbs.Image image = verbs.Save();
        ObjectGraph graph = ObjectGraph.Of(verbs.Mem, LeftOut.OfMemory);
        graph.Differences().ShouldBeEmpty();
        List<string> told = verbs.Do(seed + 100, 1500);
        graph.Differences().Count.ShouldBeGreaterThan(100);

        verbs.Restore(image);

        graph.Differences().ShouldBeEmpty();
        verbs.Mm.ShouldBeSound();
        verbs.Do(seed + 100, 1500).ShouldBe(told);
        verbs.Mm.ShouldBeSound();
    }

    /// <summary>Huge pages, spare tables, the huge zeros and the pool come back too.</summary>
    [Theory]
    [InlineData(5, 6000)]
    [InlineData(6, 4500)]
    public void So_it_is_with_huge_pages(int seed, int ramPages)
    {
        using RandomVerbs verbs = new((ulong)ramPages, huge: HugeMode.Always);
        verbs.Do(seed, 1000);
        verbs.Mm.ShouldBeSound();
        RandomVerbs.Image image = verbs.Save();
        ObjectGraph graph = ObjectGraph.Of(verbs.Mem, LeftOut.OfMemory);
        graph.Differences().ShouldBeEmpty();
        List<string> told = verbs.Do(seed + 100, 1000);
        (verbs.Mm.Count(MmCounter.ThpFaultAlloc) > 0, verbs.Mm.Count(MmCounter.ThpSplitPage) > 0).ShouldBe((true, true));

        verbs.Restore(image);

        graph.Differences().ShouldBeEmpty();
        verbs.Mm.ShouldBeSound();
        verbs.Do(seed + 100, 1000).ShouldBe(told);
        verbs.Mm.ShouldBeSound();
    }

    [Fact]
    public void The_verbs_reach_all_of_memory_management()
    {
        using RandomVerbs verbs = new();
        verbs.Do(1, 3000);

        MmCounter[] needed =
        [
            MmCounter.PswpOut, MmCounter.PswpIn, MmCounter.CowBreak, MmCounter.CowReuse, MmCounter.PgLazyFree, MmCounter.PgLazyFreed,
            MmCounter.PgDiscardDirect, MmCounter.TlbFlushOne, MmCounter.TlbFlushAll,
        ];
        needed.Where(counter => verbs.Mm.Count(counter) == 0).ShouldBeEmpty();
    }

    [Fact]
    public void Older_newer_and_older_again()
    {
        using RandomVerbs verbs = new();
        verbs.Do(1, 600);
        List<(RandomVerbs.Image Image, ObjectGraph Graph, List<string> Next)> moments = [];
        for (int i = 0; i < 5; i++)
        {
            RandomVerbs.Image image = verbs.Save(moments.Count > 0 ? moments[^1].Image : null);
            ObjectGraph graph = ObjectGraph.Of(verbs.Mem, LeftOut.OfMemory);
            moments.Add((image, graph, verbs.Do(10 + i, 300)));
        }

        foreach (int i in (int[])[0, 4, 1, 3, 3, 0, 2, 4])
        {
            verbs.Restore(moments[i].Image);
            moments[i].Graph.Differences().ShouldBeEmpty($"moment {i}");
            verbs.Do(10 + i, 300).ShouldBe(moments[i].Next, $"moment {i}");
        }
    }

    [Fact]
    public void Images_of_another_past_stay_good()
    {
        using RandomVerbs verbs = new();
        verbs.Do(1, 600);
        RandomVerbs.Image first = verbs.Save();
        verbs.Do(2, 300);
        RandomVerbs.Image one = verbs.Save(first);
        ObjectGraph ones = ObjectGraph.Of(verbs.Mem, LeftOut.OfMemory);
        verbs.Restore(first);
        verbs.Do(3, 300);
        RandomVerbs.Image other = verbs.Save(one);
        ObjectGraph others = ObjectGraph.Of(verbs.Mem, LeftOut.OfMemory);

        verbs.Restore(one);
        ones.Differences().ShouldBeEmpty();
        verbs.Restore(other);
        others.Differences().ShouldBeEmpty();
        verbs.Mm.ShouldBeSound();
    }

    [Fact]
    public void Saving_changes_nothing()
    {
        using RandomVerbs quiet = new();
        using RandomVerbs saved = new();
        quiet.Do(5, 400).ShouldBe(saved.Do(5, 400));
        for (int i = 0; i < 4; i++)
        {
            _ = saved.Save();
            saved.Do(20 + i, 200).ShouldBe(quiet.Do(20 + i, 200));
        }
    }

    [Fact]
    public void What_did_not_change_is_shared()
    {
        using RandomVerbs verbs = new(4096);
        verbs.Do(1, 1000);
        IStateful frames = verbs.Mem.Frames;
        object first = frames.Save(null);

        frames.Save(first).ShouldBeSameAs(first);
        verbs.Mem.ZeroFrame.Index++;
        object next = frames.Save(first);

        ((FrameChunkImage?[])next).Zip((FrameChunkImage?[])first).Count(pair => pair.First != pair.Second).ShouldBe(1);
    }

    [Fact]
    public void A_pipe_and_what_watches_it_come_back()
    {
        Pipe pipe = new();
        Inode inode = new(1, InodeKind.Pipe, 0) { Content = pipe.ReadEnd };
        OpenFile file = new(inode, OpenFlags.ReadOnly, "pipe");
        InterestList list = new();
        list.Add(3, file, new Interest(PollEvents.In, InterestFlags.EdgeTriggered, 7)).ShouldBe(Errno.None);
        _ = pipe.WriteEnd.Write(0, "abc"u8);
        KernelImage image = KernelImage.Of(list, null);
        ObjectGraph graph = ObjectGraph.Of(list, LeftOut.OfMemory);

        list.Take(1).Count.ShouldBe(1);
        list.Take(1).ShouldBeEmpty();
        byte[] got = new byte[2];
        _ = pipe.ReadEnd.Read(0, got);
        _ = pipe.WriteEnd.Write(0, "xyz"u8);
        pipe.WriteEnd.Closed();
        file.Release();
        image.Restore();

        graph.Differences().ShouldBeEmpty();
        list.Take(1).Count.ShouldBe(1);
    }

    [Fact]
    public void Sockets_come_back_with_those_who_wait()
    {
        SocketNames names = new();
        StreamSocket listener = new(SocketFamily.Local, names);
        StreamSocket guest = new(SocketFamily.Local, names);
        SocketName name = new(SocketFamily.Local, "here", 0);
        listener.Bind(name).ShouldBe(Errno.None);
        listener.Listen(4).ShouldBe(Errno.None);
        guest.Connect(name).ShouldBe(Errno.None);
        _ = guest.Write(0, "hello"u8);
        KernelImage image = KernelImage.Of(guest, null);
        ObjectGraph graph = ObjectGraph.Of(guest, LeftOut.OfMemory);

        StreamSocket other = listener.Accept()!;
        _ = other.Read(0, new byte[5]);
        other.Closed();
        listener.Closed();
        image.Restore();

        graph.Differences().ShouldBeEmpty();
        listener.Accept().ShouldBeSameAs(other);
    }

    [Fact]
    public void A_files_pages_names_and_openings_come_back()
    {
        using MmHarness mm = new();
        FileSystem files = new(mm.Mem, HostDisk.Real, null);
        FileTable table = new();
        Inode inode = files.NewFile(0x1A4, "f");
        FolderVerbs.Create(new NamedSlot(files.Root, "f", null, MustBeFolder: false), inode).ShouldBe(Errno.None);
        OpenFile open = new(inode, OpenFlags.ReadWrite, "/f");
        table.Add(open, OnExec.Keep).Ok(out int fd, out _).ShouldBeTrue();
        _ = open.Write(new byte[10_000]);
        Everything root = new(mm.Mem, files, table);
        KernelImage image = KernelImage.Of(root, null);
        ObjectGraph graph = ObjectGraph.Of(root, LeftOut.OfMemory);

        table.SetOnExec(fd, OnExec.Close);
        _ = open.Write(new byte[50_000]);
        inode.Content!.Resize(3);
        inode.ModifiedNs = 5;
        files.Root.Inode.Folder!.Remove("f");
        table.Close(fd).ShouldBeTrue();
        ((MemContent)inode.Content).Unlinked();
        graph.Differences().Count.ShouldBeGreaterThan(10);
        image.Restore();

        graph.Differences().ShouldBeEmpty();
        inode.Content.SizeBytes.ShouldBe(10_000UL);
    }

    [Fact]
    public void A_swapped_page_in_an_image_does_not_change_with_its_slot()
    {
        SwapDevice device = new(100);
        int slot = device.TryTake();
        device.Write((ulong)slot, Enumerable.Repeat((byte)1, 4096).ToArray());
        KernelImage image = KernelImage.Of(device, null);
        device.Write((ulong)slot, Enumerable.Repeat((byte)2, 4096).ToArray());
        device.Uncache((ulong)slot);
        device.FreeSlots.ShouldBe(99);

        image.Restore();

        byte[] page = new byte[4096];
        device.Read((ulong)slot, page);
        page.ShouldAllBe(value => value == 1);
        device.FreeSlots.ShouldBe(98);
        device.IsUsed((ulong)slot).ShouldBeTrue();
    }

    private sealed class Everything(params IStateful[] parts) : IWholeOfParts
    {
        private readonly IStateful[] _parts = parts;

        void IStateful.SeeParts(StateVisitor visitor) => visitor.SeeAll(_parts);
    }
}
