using MmuEmu.Debugger.Matrix;
using MmuEmu.Emulator.Paging;
using MmuEmu.Emulator.Tlb;
using MmuEmu.Emulator.Translation;
using MmuEmu.Emulator.Values;

namespace MmuEmu.Debugger.Monitor;

/// <summary>What the processor at work remembers of the tables.</summary>
internal static class TlbCommands
{
    private static readonly (TlbArrayName Array, string Name)[] Arrays =
    [
        (TlbArrayName.Data, "L1 TLB, data"), (TlbArrayName.Code, "L1 TLB, code"), (TlbArrayName.Second, "L2 TLB"),
        (TlbArrayName.Pde, "PDE cache"), (TlbArrayName.Pdpte, "PDPTE cache"), (TlbArrayName.Pml4e, "PML4E cache"), (TlbArrayName.Pml5e, "PML5E cache"),
    ];

    /// <summary><c>tlb</c>.</summary>
    public static IEnumerable<string> Tlb(MonitorContext context, CommandWords words)
    {
        words.AtMost(1);
        VirtAddr? wanted = words.Count == 0 ? null : new AddressReader(context).Read(words[0]);
        return context.Journey.Look(kernel => Lines(kernel.Core.Mmu, wanted));
    }

    /// <summary>The entries of an array by address, then by PCID.</summary>
    public static IReadOnlyList<TlbEntry> EntriesOf(Mmu mmu, TlbArrayName array)
    {
        List<TlbEntry> entries = [];
        mmu.List(array, entries);
        return [.. entries.OrderBy(entry => entry.Address.Raw).ThenBy(entry => entry.Pcid)];
    }

    private static List<string> Lines(Mmu mmu, VirtAddr? wanted)
    {
        List<string> lines = [];
        foreach ((TlbArrayName array, string name) in Arrays)
        {
            IReadOnlyList<TlbEntry> entries = EntriesOf(mmu, array);
            TlbEntry[] shown = [.. entries.Where(entry => wanted is not { } address || Covers(entry, address, mmu.Mode))];
            if (wanted is null && entries.Count > 0)
            {
                lines.Add($"{name}: {entries.Count} {(entries.Count == 1 ? "entry" : "entries")}");
            }

            bool isTlb = array is TlbArrayName.Data or TlbArrayName.Code or TlbArrayName.Second;
            lines.AddRange(shown.Select(entry => $"{(wanted is null ? "  " : $"{name,-14} ")}{Line(entry, isTlb)}"));
        }

        if (lines.Count == 0)
        {
            lines.Add(wanted is null ? "nothing is cached"
                : !wanted.Value.IsCanonical(mmu.Mode.AddressBits) ? $"{wanted}: not canonical, so nothing is cached and no walk takes place: an access is refused with #GP before"
                : $"{wanted}: no TLB and no paging-structure cache has it for pcid {mmu.Mode.Pcid}, so the next access walks from the root");
        }

        return lines;
    }

    private static bool Covers(in TlbEntry entry, VirtAddr address, in PagingMode mode) =>
        address.Raw - entry.Address.Raw < entry.Level.Span() && (entry.Global || entry.Pcid == mode.Pcid);

    private static string Line(in TlbEntry entry, bool isTlb)
    {
        Rights rights = entry.Rights;
        string bits = $"{(rights.User ? 'U' : '-')}{(rights.Write ? 'W' : '-')}{(rights.Execute ? 'X' : '-')}";
        string where = $"{entry.Address,-18} pcid {entry.Pcid,-4} -> {entry.Frame.Base,-12} {bits}";
        return isTlb ? $"{where}{(entry.Dirty ? " D" : "  ")}{(entry.Global ? " G" : "")}  {PteText.Of(entry.Size)}" : $"{where}  table";
    }
}
