using MmuEmu.Debugger.Matrix;
using MmuEmu.Emulator.Paging;
using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Tables;

namespace MmuEmu.Debugger.Rendering;

/// <summary>A walk as lines: one entry each, the way down shown by the indent.</summary>
internal static class WalkText
{
    /// <summary>The lines of <paramref name="path"/> for <paramref name="address"/>; without a format, what the kernel means by entries that are not present is left out.</summary>
    /// <example><code>
    ///   PML4E[0ff] @0x1ff7f8   0x0000000000200067  P W U A D
    /// </code></example>
    public static IEnumerable<string> Lines(VirtAddr address, WalkPath path, SoftPteFormat? format, Paint paint)
    {
        if (path.Count > 0 && path[0].Level < PagingLevel.Pml4)
        {
            yield return $"(down to the {path[0].Level.ToString().ToUpperInvariant()} from a paging-structure cache: --tlb nocache shows every entry)";
        }

        for (int i = 0; i < path.Count; i++)
        {
            WalkStep step = path[i];
            string name = $"{new string(' ', i)}{step.Level.EntryName()}[{step.Level.IndexOf(address):x3}]";
            string line = $"{name,-15} @{step.Slot,-12} {step.Entry}  {EntryText.Of(step.Entry, step.Level, format)}";
            yield return step.Entry.Present ? line : paint.Bad(line);
        }
    }

    /// <summary>The error code bit by bit: upper case is set.</summary>
    public static string Code(PageFaultCode code) => PteText.CodeOf(code);

    /// <summary>What the access was, in words.</summary>
    public static string Access(PageFaultCode code)
    {
        string who = code.HasFlag(PageFaultCode.US) ? "user" : "kernel";
        string what = code.HasFlag(PageFaultCode.ID) ? "fetch" : code.HasFlag(PageFaultCode.WR) ? "write" : "read";
        return $"{who} {what}";
    }
}
