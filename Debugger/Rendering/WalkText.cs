using MmuEmu.Debugger.Matrix;
using MmuEmu.Emulator.Paging;
using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Faults;
using MmuEmu.Kernel.Tables;

namespace MmuEmu.Debugger.Rendering;

/// <summary>A walk as lines: one entry each, the way down shown by the indent.</summary>
/// <remarks>Before an entry, <c>*</c> says that the walk read it, <c>~</c> that a paging-structure cache spared it that; then the line shows what the tables hold.</remarks>
internal static class WalkText
{
    /// <summary>Stands before an entry that a walk read.</summary>
    public const char Read = '*';

    /// <summary>Stands before an entry that a walk did not read, because a paging-structure cache served it.</summary>
    public const char Served = '~';

    /// <summary>The lines of <paramref name="path"/>, a walk from the root, for <paramref name="address"/>; without a format, what the kernel means by entries that are not present is left out.</summary>
    /// <example><code>
    ///   PML4E[0ff] @0x1ff7f8   0x0000000000200067  P W U A
    /// </code></example>
    public static IEnumerable<string> Lines(VirtAddr address, WalkPath path, SoftPteFormat? format, Paint paint)
    {
        for (int i = 0; i < path.Count; i++)
        {
            yield return Line(address, path[i], i, format, paint);
        }
    }

    /// <summary>The whole ladder of a fault, each entry with its sign.</summary>
    public static IEnumerable<string> Lines(FaultDetail fault, SoftPteFormat format, Paint paint)
    {
        VirtAddr address = fault.Fault.Cr2;
        int depth = 0;
        for (; depth < fault.Above.Count; depth++)
        {
            yield return $"{Served} {Line(address, fault.Above[depth], depth, format, paint)}";
        }

        if (depth > 0 && !UpperEntries.LeadTo(fault.Above, fault.Path))
        {
            yield return $"{Served} (stale: the cache still leads to the table at {fault.Path[0].Slot.Frame.Base})";
        }

        for (int i = 0; i < fault.Path.Count; i++)
        {
            yield return $"{Read} {Line(address, fault.Path[i], depth + i, format, paint)}";
        }
    }

    /// <summary>The entries from the root on, as a debugger reads them, each with the sign that a walk of the processor would give it now.</summary>
    /// <param name="address">The address.</param>
    /// <param name="path">The entries.</param>
    /// <param name="start">Where a walk would begin now.</param>
    /// <param name="format">What non-present entries mean.</param>
    /// <param name="paint">Colours.</param>
    public static IEnumerable<string> Lines(VirtAddr address, WalkPath path, WalkStart start, SoftPteFormat format, Paint paint)
    {
        for (int i = 0; i < path.Count; i++)
        {
            yield return $"{(path[i].Level > start.Level ? Served : Read)} {Line(address, path[i], i, format, paint)}";
        }

        if (IsStale(path, start))
        {
            yield return $"{Served} (stale: the cache still leads to the {start.Level.ToString().ToUpperInvariant()} at {start.Table.Base})";
        }
    }

    /// <summary>True when a walk would begin in another table than the one that the entries of <paramref name="path"/>, read from the root, lead to.</summary>
    public static bool IsStale(in WalkPath path, in WalkStart start)
    {
        if (path.Count == 0 || start.Level == path[0].Level)
        {
            return false;
        }

        int at = path[0].Level - start.Level;
        return at >= path.Count || path[at].Slot.Frame != start.Table;
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

    private static string Line(VirtAddr address, in WalkStep step, int depth, SoftPteFormat? format, Paint paint)
    {
        string name = $"{new string(' ', depth)}{step.Level.EntryName()}[{step.Level.IndexOf(address):x3}]";
        string line = $"{name,-15} @{step.Slot,-12} {step.Entry}  {EntryText.Of(step.Entry, step.Level, format)}";
        return step.Entry.Present ? line : paint.Bad(line);
    }
}
