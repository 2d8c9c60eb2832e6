using System.Globalization;
using MmuEmu.Debugger.Options;
using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Views;
using MmuEmu.Kernel.Vmas;

namespace MmuEmu.Debugger.Monitor;

/// <summary>Mappings.</summary>
internal static class SpaceCommands
{
    private const int StripPages = 64;

    private static readonly (VmFlags Flag, string Word)[] Flags =
    [
        (VmFlags.Shared, "shared"), (VmFlags.GrowsDown, "grows down"), (VmFlags.Volatile, "volatile"), (VmFlags.Locked, "locked (mlock)"),
        (VmFlags.DontCopy, "not copied by fork"), (VmFlags.WipeOnFork, "emptied by fork"), (VmFlags.NoReserve, "not counted"),
        (VmFlags.UserFault, "a hole is SIGBUS (MADV_USERFAULT)"),
    ];

    /// <summary><c>maps</c>.</summary>
    public static IEnumerable<string> Maps(MonitorContext context, CommandWords words)
    {
        words.AtMost(0);
        int space = context.Space();
        (SpaceView about, IReadOnlyList<VmaView> vmas) = context.View(view => (view.SpaceOf(space)!, view.Vmas(space)));
        string pids = string.Join(", ", about.Pids);
        return [.. vmas.Select(vma => OwnText.Printable(vma.MapsLine).TrimEnd()),
            $"space {space} of pid {pids}: CR3 {about.Root.Base} pcid {about.Pcid}, {about.VmaCount} mappings of {ByteCount.Show(about.MappedBytes)}, {about.ResidentPages} pages in RAM, {about.SwapPages} in swap, {about.TablePages} of page tables"];
    }

    /// <summary><c>vma</c>.</summary>
    public static IEnumerable<string> Vma(MonitorContext context, CommandWords words)
    {
        words.AtMost(1);
        VirtAddr address = new AddressReader(context).Read(words[0]);
        int space = context.Space();
        return context.View(view => view.VmaAt(space, address)) is { } vma ? Lines(context, vma, address) : Missing(context, space, address);
    }

    private static List<string> Lines(MonitorContext context, VmaView vma, VirtAddr address)
    {
        string kind = vma.IsHeap ? "the heap" : vma.IsStack ? "a stack" : vma.IsAnonymous ? "anonymous memory" : vma.IsShared ? "a file, shared" : "a file, private";
        string[] flags = [.. Flags.Where(flag => (vma.Flags & flag.Flag) != 0).Select(flag => flag.Word)];
        List<string> lines =
        [
            OwnText.Printable(vma.MapsLine).TrimEnd(),
            $"  kind   {kind}{(flags.Length == 0 ? "" : $": {string.Join(", ", flags)}")}",
            string.Create(CultureInfo.InvariantCulture, $"  pages  {vma.Range.PageCount} in all, {vma.ResidentPages} in RAM, {vma.SwapPages} in swap, {vma.PurgedPages} purged, {vma.LazyFreePages} lazily free"),
        ];
        lines.AddRange(vma.Volatile.Select(part => $"  volatile {part.Range}{(part.Purged ? ", a page of it was purged" : "")}"));
        lines.AddRange(Strip(context, vma, address));
        return lines;
    }

    private static IEnumerable<string> Strip(MonitorContext context, VmaView vma, VirtAddr address)
    {
        ulong page = address.PageNumber - vma.Range.Start.PageNumber;
        ulong first = page - (page % StripPages);
        PageState[] states = new PageState[(int)Math.Min(StripPages, vma.Range.PageCount - first)];
        VirtAddr start = vma.Range.Start + (first << 12);
        context.View(view => view.PagesFrom(vma.Space, start, states));
        string strip = PageWords.Strip(states);
        yield return $"  from   {start}";
        yield return $"         {strip}";
        yield return $"         {new string(' ', (int)(page - first))}^ {address.PageBase}: {PageWords.Of(states[page - first])}";
        yield return $"         {PageWords.Legend(strip)}";
    }

    private static List<string> Missing(MonitorContext context, int space, VirtAddr address)
    {
        IReadOnlyList<VmaView> all = context.View(view => view.Vmas(space));
        List<string> lines = [$"{address}: no mapping covers it"];
        if (all.LastOrDefault(vma => vma.Range.End.Raw <= address.Raw) is { } below)
        {
            lines.Add($"  below  {OwnText.Printable(below.MapsLine).TrimEnd()}  ends {address.Raw - below.Range.End.Raw} bytes before it");
        }

        if (all.FirstOrDefault(vma => vma.Range.Start.Raw > address.Raw) is { } above)
        {
            lines.Add($"  above  {OwnText.Printable(above.MapsLine).TrimEnd()}  begins {above.Range.Start.Raw - address.Raw} bytes behind it");
        }

        return lines;
    }
}
