using MmuEmu.Debugger.Images;
using MmuEmu.Debugger.Matrix;
using MmuEmu.Debugger.Options;
using MmuEmu.Emulator.Paging;
using MmuEmu.Emulator.Values;

namespace MmuEmu.Debugger.Rendering;

/// <summary>A walk through an image as lines: those of a walk in a run, and what the image lacks.</summary>
internal static class ImageWalkText
{
    private const int MostOthers = 8;

    /// <summary>What is walked: address, file, root, control bits and whose they are.</summary>
    public static IEnumerable<string> Head(PhysicalImage image, VirtAddr address, ImageMode mode)
    {
        PagingMode bits = mode.Mode;
        string pcid = bits.Has(PagingBits.Pcide) ? $" pcid {bits.Pcid}" : "";
        string whose = mode.Cpu is { } cpu ? $" of CPU {cpu.Number}" : "";
        yield return $"{address} in {image.Name} ({image.Content.Kind}), CR3 {bits.Root.Base}{pcid}{whose}";
        string from = mode.Cpu is { } noted ? $"CR0 and CR4 of CPU {noted.Number}; nxe,page1g assumed" : "assumed";
        yield return $"  {ControlBitWords.TextOf(bits.Bits)} ({from}), maxphyaddr {bits.MaxPhyAddr}";
        string[] others = [.. image.Content.Cpus.Where(other => other.Number != mode.Cpu?.Number).Select(other => $"CPU {other.Number} 0x{other.Cr3:x}")];
        if (others.Length > 0)
        {
            yield return $"  other CR3: {string.Join(", ", others.Take(MostOthers))}{(others.Length > MostOthers ? ", ..." : "")}";
        }
    }

    /// <summary>The entries, what they come to, and what each access meets.</summary>
    public static IEnumerable<string> Lines(PhysicalImage image, ImageWalk walk, Paint paint)
    {
        string[] entries = [.. WalkText.Lines(walk.Address, walk.Path, format: null, paint)];
        if (walk.Missing is { } slot)
        {
            int last = walk.Path.Count - 1;
            PagingLevel level = walk.Path.Last.Level;
            string name = $"{new string(' ', last)}{level.EntryName()}[{level.IndexOf(walk.Address):x3}]";
            entries[last] = paint.Bad($"{name,-15} @{slot,-12} outside the image: what lies there, and below, is not known");
            return entries;
        }

        return [.. entries, .. Outcome(image, walk), .. AccessText.All().Select(a => AccessText.Line(a.Name, walk.Judge(a.Access.Kind, a.Access.Origin)))];
    }

    /// <summary>What is said of an address that no walk translates.</summary>
    public static string NotCanonical(in PagingMode mode) =>
        $"not canonical with {(mode.Has(PagingBits.La57) ? 5 : 4)} levels: any access is #GP (or #SS through the stack segment); no walk takes place";

    private static IEnumerable<string> Outcome(PhysicalImage image, ImageWalk walk)
    {
        if (walk.Leaf is { } leaf)
        {
            PhysAddr physical = leaf.FrameOf(walk.Address).Base + (ulong)walk.Address.PageOffset;
            string where = image.Has(physical) ? "" : ", outside the image";
            yield return $"=> {physical}, a page of {ByteCount.Show(leaf.Size.Bytes())}{where}";
        }
        else if (PteText.ViolationsOf(walk.Path.Last.Entry, walk.Path.Last.Level, walk.Mode) != 0)
        {
            yield return PteText.KindOf(walk.Path.Last.Entry, walk.Path.Last.Level, walk.Mode);
        }
    }
}
