using System.Globalization;
using MmuEmu.Debugger.Options;
using MmuEmu.Debugger.Rendering;
using MmuEmu.Emulator.Paging;
using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Frames;
using MmuEmu.Kernel.Views;

namespace MmuEmu.Debugger.Monitor;

/// <summary>Frames of RAM: what each is used for, who maps it, the lists of reclaim.</summary>
internal static class FrameCommands
{
    private const int MostListed = 4096;

    private static readonly (string Word, LruKind Kind)[] Lists =
    [
        ("inactive-anon", LruKind.InactiveAnon), ("active-anon", LruKind.ActiveAnon), ("inactive-file", LruKind.InactiveFile),
        ("active-file", LruKind.ActiveFile), ("unevictable", LruKind.Unevictable),
    ];

    /// <summary><c>frame</c>.</summary>
    public static IEnumerable<string> Frame(MonitorContext context, CommandWords words)
    {
        words.AtMost(1);
        Pfn frame = EntryReader.ReadFrame(context, words, 0, "PFN or ADDR");
        FrameView view = context.View(look => look.FrameOf(frame));
        return [$"frame {frame} @{frame.Base}: {UseOf(view)}", .. Details(view), .. SiteLines(context, view)];
    }

    /// <summary><c>rmap</c>.</summary>
    public static IEnumerable<string> Rmap(MonitorContext context, CommandWords words)
    {
        words.AtMost(1);
        Pfn frame = EntryReader.ReadFrame(context, words, 0, "PFN or ADDR");
        FrameView view = context.View(look => look.FrameOf(frame));
        return view.Sites.Count == 0
            ? [$"frame {frame}: no entry holds it ({UseOf(view)})"]
            : [$"frame {frame}: {view.Sites.Count} {(view.Sites.Count == 1 ? "entry" : "entries")}", .. SiteLines(context, view)];
    }

    /// <summary><c>lru</c>.</summary>
    public static IEnumerable<string> Lru(MonitorContext context, CommandWords words)
    {
        words.AtMost(2);
        if (words.Count == 0)
        {
            MemoryView memory = context.View(view => view.Memory());
            return Lists.Select(list => string.Create(CultureInfo.InvariantCulture, $"{list.Word,-14} {memory[list.Kind],8} pages")).Append("lru LIST [N] shows a list, the next victim first");
        }

        int at = Array.FindIndex(Lists, list => list.Word == words[0]);
        if (at < 0)
        {
            throw words.Refusal(string.Join(", ", Lists.Select(list => list.Word)), words[0], "lru inactive-anon 10");
        }

        int most = words.CountAt(1, 16, MostListed);
        return context.View(view => ListLines(view, Lists[at].Kind, Lists[at].Word, most));
    }

    /// <summary><c>free</c>.</summary>
    public static IEnumerable<string> Free(MonitorContext context, CommandWords words)
    {
        words.AtMost(0);
        MemoryView memory = context.View(view => view.Memory());
        string lists = string.Join(", ", Lists.Select(list => $"{memory[list.Kind]} {list.Word}"));
        string blocks = string.Join(' ', memory.FreeBlocks);
        return
        [
            $"RAM    {memory.TotalFrames} frames of 4 KiB ({ByteCount.Show(memory.TotalFrames << 12)}), {memory.ManagedFrames} can be handed out, {memory.FreeFrames} are free",
            $"marks  min {memory.MinWatermark}, low {memory.LowWatermark}, high {memory.HighWatermark} free frames: reclaim begins below low, an allocation must help at min",
            $"lists  {lists}; {memory.LazyFreePages} pages lazily free",
            $"swap   {memory.SwapUsed} of {memory.SwapSlots} slots used, {memory.SwapCached} pages in RAM have one",
            $"blocks {blocks}  (free blocks of 1, 2, 4 … 1024 frames)",
        ];
    }

    private static List<string> ListLines(KernelView view, LruKind kind, string name, int most)
    {
        IReadOnlyList<Pfn> frames = view.FramesOn(kind, most);
        List<string> lines = [$"{name}: {view.Memory()[kind]} pages, the next victim first"];
        for (int i = 0; i < frames.Count; i++)
        {
            FrameView frame = view.FrameOf(frames[i]);
            string where = frame.Sites.Count == 0 ? "no entry" : $"{frame.Sites[0].Address} of space {frame.Sites[0].Space}{(frame.Sites.Count > 1 ? $" and {frame.Sites.Count - 1} more" : "")}";
            lines.Add(string.Create(CultureInfo.InvariantCulture, $"  {i + 1,5}  frame {frames[i],-10} {where}{(frame.Flags.HasFlag(PageFlags.Referenced) ? ", referenced" : "")}{(frame.IsLazyFree ? ", lazily free" : "")}"));
        }

        return lines;
    }

    /// <summary>What a frame is used for, in words.</summary>
    public static string UseOf(FrameView frame) => frame.Use switch
    {
        FrameUse.Free => "free",
        FrameUse.Kernel => "the kernel's own",
        FrameUse.Anonymous => "anonymous memory",
        FrameUse.File => $"page {frame.Index} of {OwnText.Printable(frame.File ?? "a file")}",
        FrameUse.Zero => "the page of zeros that all reads of untouched memory share",
        FrameUse.Table when frame.TableLevel is { } level => $"a {level.ToString().ToUpperInvariant()} of space {frame.TableSpace}, for addresses from {frame.TableStart} on",
        FrameUse.Table => "a paging structure that no living space uses",
        FrameUse.Outside => "no RAM there",
    };

    /// <summary>What more there is to say of it, a line each.</summary>
    public static IEnumerable<string> Details(FrameView frame)
    {
        if (frame is { Use: FrameUse.Free, Block: { } block })
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"  block  {1 << frame.Order} frames from {block} (order {frame.Order})");
        }

        if (frame.Use is FrameUse.Anonymous or FrameUse.File)
        {
            string flags = frame.Flags == PageFlags.None ? "none" : frame.Flags.ToString();
            yield return string.Create(CultureInfo.InvariantCulture, $"  counts refcount {frame.RefCount}, mapcount {frame.MapCount}");
            yield return $"  flags  {flags}{(frame.IsLazyFree ? "; lazily free" : "")}";
        }

        if (frame.List is { } list)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"  list   {Array.Find(Lists, entry => entry.Kind == list).Word}, place {frame.ListPlace} of {frame.ListLength} (1 is the next victim)");
        }

        if (frame.Swap is { } swap)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"  swap   slot {swap.Offset} keeps a copy");
        }
    }

    private static IEnumerable<string> SiteLines(MonitorContext context, FrameView frame) => frame.Sites.Select(site =>
        $"  mapped space {site.Space} {site.Address}  {site.Entry}  {EntryText.Of(site.Entry, PagingLevel.Pt, context.Style.Format)}");
}
