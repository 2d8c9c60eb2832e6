using MmuEmu.Emulator.Paging;
using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Frames;
using MmuEmu.Kernel.Run;
using MmuEmu.Kernel.Tables;
using MmuEmu.Kernel.Views;
using MmuEmu.Kernel.Vmas;
using MmuEmu.Tests.Builders;
using MmuEmu.Tests.Kernel.State;

namespace MmuEmu.Tests.Kernel.Views;

/// <summary>What the views tell of memory, against the processor's own walk through all tables.</summary>
public sealed class MemoryTruthTests
{
    private static readonly string[] Lines =
    [
        "--cpus 3 --quantum 500 cow-fork", "--ram 8M --swap 16M page-touch", "--ram 4M --swap 16M swap-through", "vrange-recover", "lazyfree-allocator",
    ];

    private static readonly int[] Percents = [40, 75];

    public static MatrixTheoryData<string, int> Moments => new(Lines, Percents);

    [Theory]
    [MemberData(nameof(Moments))]
    public void The_reverse_map_finds_what_a_walk_through_all_tables_finds(string line, int percent)
    {
        using SavedRun run = At(line, percent);
        KernelView view = new(run.Kernel);
        Dictionary<ulong, List<(int Space, ulong Address)>> truth = AllMappings(run.Kernel);

        for (ulong raw = 0; raw < view.Memory().TotalFrames; raw++)
        {
            FrameView frame = view.FrameOf(new Pfn(raw));
            List<(int Space, ulong Address)> expected = truth.GetValueOrDefault(raw, []);
            if (frame.Use is FrameUse.Zero or FrameUse.Kernel)
            {
                frame.Sites.ShouldBeEmpty();
                continue;
            }

            frame.MapCount.ShouldBe(expected.Count, $"frame {raw:x}");
            frame.Sites.Where(site => SoftPteFormat.HasFrame(site.Entry)).Select(site => (site.Space, site.Address.Raw)).ShouldBe(expected, ignoreOrder: true);
        }
    }

    [Theory]
    [MemberData(nameof(Moments))]
    public void The_way_to_an_entry_is_the_processors(string line, int percent)
    {
        using SavedRun run = At(line, percent);
        KernelView view = new(run.Kernel);
        int seen = 0;
        foreach (VmaView vma in view.Spaces().SelectMany(space => view.Vmas(space.Id)))
        {
            for (ulong page = 0; page < Math.Min(vma.Range.PageCount, 200); page++)
            {
                VirtAddr address = vma.Range.Start + ((page << 12) + 0x123);
                EntryView entry = view.EntryAt(vma.Space, address)!;
                bool ok = Walk(run.Kernel, view.SpaceOf(vma.Space)!.Root, address, out WalkPath path, out Leaf leaf);

                Steps(entry.Path).ShouldBe(Steps(path));
                entry.Rights.ShouldBe(ok ? leaf.Rights : default(Rights?));
                entry.Frame.ShouldBe(ok ? leaf.FrameOf(address) : entry.Kind == SoftPteKind.ProtNone ? entry.Entry.Frame : default(Pfn?));
                seen += ok ? 1 : 0;
            }
        }

        seen.ShouldBeGreaterThan(5);
    }

    [Theory]
    [MemberData(nameof(Moments))]
    public void Places_on_lists_are_those_of_the_lists_and_all_frames_are_somewhere(string line, int percent)
    {
        using SavedRun run = At(line, percent);
        KernelView view = new(run.Kernel);
        MemoryView memory = view.Memory();
        foreach (LruKind kind in Enum.GetValues<LruKind>())
        {
            IReadOnlyList<Pfn> frames = view.FramesOn(kind, int.MaxValue);
            frames.Count.ShouldBe(memory[kind]);
            view.FramesOn(kind, 3).ShouldBe(frames.Take(3));
            for (int i = 0; i < frames.Count; i++)
            {
                FrameView frame = view.FrameOf(frames[i]);
                (frame.List, frame.ListPlace, frame.ListLength).ShouldBe((kind, i + 1, frames.Count));
            }
        }

        List<FrameView> all = [.. Enumerable.Range(0, (int)memory.TotalFrames).Select(raw => view.FrameOf(new Pfn((ulong)raw)))];
        all.Count(frame => frame.Use == FrameUse.Free).ShouldBe((int)memory.FreeFrames);
        all.Where(frame => frame.Use == FrameUse.Free && frame.Block == frame.Frame).CountBy(frame => frame.Order).ShouldAllBe(
            block => block.Value == memory.FreeBlocks[block.Key]);
        all.Where(frame => frame.Use == FrameUse.Table).ShouldAllBe(frame => frame.TableSpace != null);
        all.Count(frame => frame.Use == FrameUse.Table).ShouldBe((int)view.Spaces().Sum(space => space.TablePages));
        all.Count(frame => frame.Swap != null).ShouldBe(memory.SwapCached);
        all.Count(frame => frame.IsLazyFree).ShouldBe(memory.LazyFreePages);
        all.Count(frame => frame.List != null).ShouldBe(memory.ListLengths.Sum());
    }

    [Theory]
    [MemberData(nameof(Moments))]
    public void Mappings_count_what_their_pages_are_and_spaces_what_their_mappings_count(string line, int percent)
    {
        using SavedRun run = At(line, percent);
        KernelView view = new(run.Kernel);
        foreach (SpaceView space in view.Spaces())
        {
            IReadOnlyList<VmaView> vmas = view.Vmas(space.Id);
            foreach (VmaView vma in vmas)
            {
                PageState[] pages = new PageState[vma.Range.PageCount];
                view.PagesFrom(space.Id, vma.Range.Start, pages).ShouldBe(pages.Length);
                pages.ShouldAllBe(page => page.HasFlag(PageState.Mapped));
                Count(pages, PageState.Swapped).ShouldBe(vma.SwapPages);
                Count(pages, PageState.Purged).ShouldBe(vma.PurgedPages);
                Count(pages, PageState.LazyFree).ShouldBe(vma.LazyFreePages);
                (Count(pages, PageState.Present) + Count(pages, PageState.ProtNone) - Uncounted(vma, pages)).ShouldBe(vma.ResidentPages);
                Count(pages, PageState.Volatile).ShouldBe(vma.Volatile.Sum(range => (long)range.Range.PageCount));
            }

            vmas.Count.ShouldBe(space.VmaCount);
            vmas.Sum(vma => (long)vma.Range.LengthBytes).ShouldBe((long)space.MappedBytes);
            vmas.Sum(vma => vma.ResidentPages).ShouldBe(space.ResidentPages);
            vmas.Sum(vma => vma.SwapPages).ShouldBe(space.SwapPages);
            space.Pids.ShouldNotBeEmpty();
        }
    }

    [Fact]
    public void A_table_knows_its_level_its_space_and_where_it_begins()
    {
        using SavedRun run = At("--cpus 3 --quantum 500 cow-fork", 50);
        KernelView view = new(run.Kernel);
        foreach (VmaView vma in view.Spaces().SelectMany(space => view.Vmas(space.Id)))
        {
            WalkPath path = view.EntryAt(vma.Space, vma.Range.Start)!.Path;
            for (int i = 0; i < path.Count; i++)
            {
                FrameView table = view.FrameOf(path[i].Slot.Frame);
                (table.Use, table.TableLevel, table.TableSpace).ShouldBe((FrameUse.Table, path[i].Level, vma.Space));
                ulong span = path[i].Level == PagingLevel.Pml4 ? 1UL << 48 : path[i].Level.Span() << 9;
                table.TableStart.Raw.ShouldBe(vma.Range.Start.Raw & ~(span - 1));
            }
        }
    }

    /// <summary>Some of the moments have something of each kind to tell.</summary>
    [Fact]
    public void Together_the_moments_show_every_common_state()
    {
        PageState seen = PageState.None;
        foreach ((string line, int percent) in Lines.SelectMany(line => Percents.Select(percent => (line, percent))))
        {
            using SavedRun run = At(line, percent);
            KernelView view = new(run.Kernel);
            foreach (VmaView vma in view.Spaces().SelectMany(space => view.Vmas(space.Id)))
            {
                PageState[] pages = new PageState[vma.Range.PageCount];
                view.PagesFrom(vma.Space, vma.Range.Start, pages);
                seen = pages.Aggregate(seen, (all, page) => all | page);
            }
        }

        PageState common = PageState.Mapped | PageState.Present | PageState.Writable | PageState.Accessed | PageState.Dirty | PageState.File
            | PageState.Shared | PageState.Swapped | PageState.LazyFree | PageState.Volatile;
        (seen & common).ShouldBe(common);
    }

    private static long Count(PageState[] pages, PageState bit) => pages.Count(page => page.HasFlag(bit));

    /// <summary>Entries that no frame counts: those of the zero page and of the kernel's own pages.</summary>
    private static long Uncounted(VmaView vma, PageState[] pages) =>
        Count(pages, vma.Flags.HasFlag(VmFlags.PfnMap) ? PageState.Present : PageState.Zero);

    private static SavedRun At(string line, int percent)
    {
        ulong whole;
        using (SavedRun first = new(line))
        {
            first.Run();
            whole = first.Kernel.Time;
        }

        SavedRun run = new(line);
        run.Run(StopAt.Time(whole * (ulong)percent / 100));
        return run;
    }

    private static List<WalkStep> Steps(WalkPath path) => [.. Enumerable.Range(0, path.Count).Select(i => path[i])];

    private static bool Walk(MiniKernel kernel, Pfn root, VirtAddr address, out WalkPath path, out Leaf leaf)
    {
        PagingMode mode = kernel.Core.Mmu.Mode with { Root = root };
        PageWalker.TryWalk(kernel.Ram, mode, WalkStart.AtRoot(mode), An.UserRead(address.Raw), out path, out leaf, out _);
        return leaf != default;
    }

    /// <summary>By frame, every 4 KiB entry of the lower half that holds it, read table by table.</summary>
    private static Dictionary<ulong, List<(int Space, ulong Address)>> AllMappings(MiniKernel kernel)
    {
        Dictionary<ulong, List<(int Space, ulong Address)>> found = [];
        foreach (SpaceView space in new KernelView(kernel).Spaces())
        {
            Descend(space.Root, PagingLevel.Pml4, 0);

            void Descend(Pfn table, PagingLevel level, ulong start)
            {
                for (int i = 0; i < (level == PagingLevel.Pml4 ? 256 : 512); i++)
                {
                    Pte entry = new(kernel.Ram.ReadUInt64(table.EntryAt(i)));
                    ulong address = start + ((ulong)i << level.Shift());
                    if (level > PagingLevel.Pt && entry.Present)
                    {
                        Descend(entry.Frame, level - 1, address);
                    }
                    else if (level == PagingLevel.Pt && SoftPteFormat.HasFrame(entry))
                    {
                        (found.TryGetValue(entry.Frame.Raw, out List<(int Space, ulong Address)>? list) ? list : found[entry.Frame.Raw] = []).Add((space.Id, address));
                    }
                }
            }
        }

        return found;
    }
}
