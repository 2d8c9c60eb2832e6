using System.Globalization;
using MmuEmu.Debugger.Monitor;
using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Views;
using MmuEmu.Kernel.Vmas;

namespace MmuEmu.Debugger.View;

/// <summary>Takes the mapping and the frame of an address out of a look at the machine.</summary>
/// <param name="view">The look.</param>
/// <param name="space">The number of the address space.</param>
/// <param name="address">The address.</param>
internal sealed class MapTaker(KernelView view, int space, VirtAddr address)
{
    private const int StripPages = 32;
    private const int MostSites = 4;

    private static readonly (VmFlags Flag, string Word)[] Flags =
    [
        (VmFlags.Volatile, "VOLATILE"), (VmFlags.UserFault, "USERFAULT"), (VmFlags.Locked, "locked"), (VmFlags.GrowsDown, "grows down"),
        (VmFlags.WipeOnFork, "emptied by fork"), (VmFlags.DontCopy, "not copied by fork"),
    ];

    /// <summary>The mapping.</summary>
    public MapScene Map() => view.VmaAt(space, address) is { } vma ? Covered(vma) : Bare();

    /// <summary>The frame.</summary>
    public IReadOnlyList<string> Frame()
    {
        EntryView? entry = view.EntryAt(space, address);
        if (entry?.Frame is not { } number)
        {
            string swap = entry?.Swap is { } slot ? string.Create(CultureInfo.InvariantCulture, $": swap slot {slot.Offset}") : "";
            return [$"no frame{swap}", entry is null ? "" : PageWords.Of(entry.State)];
        }

        FrameView frame = view.FrameOf(number);
        List<string> lines = [$"{number} @{number.Base}: {FrameCommands.UseOf(frame)}"];
        lines.AddRange(FrameCommands.Details(frame).Select(line => line.Trim()));
        lines.AddRange(frame.Sites.Take(MostSites).Select(site => $"mapped space {site.Space} {site.Address}"));
        if (frame.Sites.Count > MostSites)
        {
            lines.Add(string.Create(CultureInfo.InvariantCulture, $"       and by {frame.Sites.Count - MostSites} more"));
        }

        return lines;
    }

    private MapScene Covered(VmaView vma)
    {
        ulong page = address.PageNumber - vma.Range.Start.PageNumber;
        ulong first = page - (page % StripPages);
        PageState[] states = new PageState[(int)Math.Min(StripPages, vma.Range.PageCount - first)];
        _ = view.PagesFrom(space, vma.Range.Start + (first << 12), states);
        string strip = PageWords.Strip(states);
        return new MapScene(Lines(vma), strip, (int)(page - first), PageWords.Of(states[page - first]), PageWords.Legend(strip));
    }

    private static List<string> Lines(VmaView vma)
    {
        string kind = vma.IsHeap ? "heap" : vma.IsStack ? "stack" : vma.IsAnonymous ? "anonymous" : vma.IsShared ? "file, shared" : "file, private";
        string name = vma.Name.Length == 0 ? "" : $"  {OwnText.Printable(vma.Name)}";
        string flags = string.Concat(Flags.Where(flag => (vma.Flags & flag.Flag) != 0).Select(flag => $" {flag.Word}"));
        List<string> lines =
        [
            $"{vma.Range.Start}-{vma.Range.End} {Rights(vma.Flags)}",
            $"{kind}{name}{flags}",
            string.Create(CultureInfo.InvariantCulture, $"{vma.Range.PageCount} pages: {vma.ResidentPages} in RAM{Part(vma.SwapPages, "in swap")}{Part(vma.PurgedPages, "purged")}{Part(vma.LazyFreePages, "lazily free")}"),
        ];
        lines.AddRange(vma.Volatile.Take(3).Select(part => string.Create(CultureInfo.InvariantCulture, $"volatile {part.Range.Start} {part.Range.PageCount} pages{(part.Purged ? ", purged" : "")}")));
        return lines;
    }

    private static string Part(long count, string word) => count == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $", {count} {word}");

    private static string Rights(VmFlags flags) => string.Concat(
        flags.HasFlag(VmFlags.Read) ? 'r' : '-',
        flags.HasFlag(VmFlags.Write) ? 'w' : '-',
        flags.HasFlag(VmFlags.Exec) ? 'x' : '-',
        flags.HasFlag(VmFlags.Shared) ? 's' : 'p');

    /// <summary>No mapping: those next to the address.</summary>
    private MapScene Bare()
    {
        IReadOnlyList<VmaView> all = view.Vmas(space);
        List<string> lines = ["no mapping covers it"];
        if (all.LastOrDefault(vma => vma.Range.End.Raw <= address.Raw) is { } below)
        {
            lines.Add($"below {below.Range.Start}-{below.Range.End} {OwnText.Printable(below.Name)}".TrimEnd());
        }

        if (all.FirstOrDefault(vma => vma.Range.Start.Raw > address.Raw) is { } above)
        {
            lines.Add($"above {above.Range.Start}-{above.Range.End} {OwnText.Printable(above.Name)}".TrimEnd());
        }

        return new MapScene(lines, "", 0, "", "");
    }
}
