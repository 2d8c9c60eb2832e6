using System.Globalization;
using MmuEmu.Debugger.Matrix;
using MmuEmu.Debugger.Rendering;
using MmuEmu.Emulator.Paging;
using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Views;

namespace MmuEmu.Debugger.Monitor;

/// <summary>The tables: walks, and single entries.</summary>
internal static class WalkCommands
{
    private static readonly (string Word, AccessKind Kind)[] Accesses = [("r", AccessKind.Read), ("w", AccessKind.Write), ("x", AccessKind.Fetch)];

    private static readonly (string Word, PagingLevel Level)[] Levels =
    [
        ("pml5", PagingLevel.Pml5), ("pml4", PagingLevel.Pml4), ("pdpt", PagingLevel.Pdpt), ("pd", PagingLevel.Pd), ("pt", PagingLevel.Pt),
    ];

    /// <summary><c>walk</c>.</summary>
    public static IEnumerable<string> Walk(MonitorContext context, CommandWords words)
    {
        words.AtMost(2);
        string last = words[words.Count - (words.Count == 0 ? 0 : 1)];
        int wanted = Array.FindIndex(Accesses, access => access.Word == last);
        if (words.Count == 2 && wanted < 0)
        {
            throw words.Refusal("r, w or x for the access", last, $"walk {words[0]} w");
        }

        string text = wanted >= 0 && words.Count == 1 ? "" : words[0];
        VirtAddr address = new AddressReader(context).Read(text);
        string name = text is "" or "here" || AddressReader.IsNumber(text, out _) ? "" : OwnText.Printable(text);
        context.Focus = (context.Space(), address);
        WalkView view = context.Journey.Look(kernel => WalkLook.At(kernel, address, name));
        using StringWriter writer = new() { NewLine = "\n" };
        new WalkReport(view, context.Style.Format).WriteText(writer, context.Style.Paint);
        IEnumerable<string> lines = writer.ToString().TrimEnd('\n').Split('\n');
        return wanted < 0 || !view.IsCanonical ? lines : lines.Append(Verdict(view, new Access(address, Accesses[wanted].Kind, AccessOrigin.User)));
    }

    /// <summary><c>pte</c>.</summary>
    public static IEnumerable<string> Entry(MonitorContext context, CommandWords words)
    {
        bool chosen = words.Count > 0 && words[0].Contains('=', StringComparison.Ordinal);
        (VirtAddr address, PagingLevel? level) = chosen ? Chosen(context, words) : (new AddressReader(context).Read(words[0]), (PagingLevel?)null);
        if (!chosen)
        {
            words.AtMost(1);
        }

        EntryView entry = EntryReader.Read(context, address.ToString());
        context.Focus = (entry.Space, address);
        WalkStep step = entry.Path.Last;
        for (int i = 0; i < entry.Path.Count && level is not null; i++)
        {
            step = entry.Path[i].Level >= level ? entry.Path[i] : step;
        }

        byte width = context.Journey.Look(kernel => kernel.Core.Mmu.Mode.MaxPhyAddr);
        return EntryLines(context, entry, step, width);
    }

    private static IEnumerable<string> EntryLines(MonitorContext context, EntryView entry, WalkStep step, byte width)
    {
        string name = $"{step.Level.EntryName()}[{step.Level.IndexOf(entry.Address):x3}]";
        yield return $"{entry.Address}: {name} @{step.Slot} {step.Entry}  {EntryText.Of(step.Entry, step.Level, context.Style.Format)}";
        foreach (EntryField field in new EntryFields(step.Entry, step.Level, context.Style.Format, width).All())
        {
            string bits = field.High == field.Low ? Number(field.High) : $"{Number(field.High)}:{Number(field.Low)}";
            yield return $"  {bits,-6} {field.Name,-14} {field.Value,-14} {field.Meaning}".TrimEnd();
        }

        if (step.Slot == entry.Path.Last.Slot)
        {
            yield return $"  page   {PageWords.Of(entry.State)}";
        }
    }

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);

    /// <summary>The address whose walk uses the entries that are named; what is not named is as in the address at hand, or 0.</summary>
    private static (VirtAddr Address, PagingLevel? Level) Chosen(MonitorContext context, CommandWords words)
    {
        ulong raw = new AddressReader(context).AtHand()?.Raw ?? 0;
        PagingLevel? lowest = null;
        for (int i = 0; i < words.Count; i++)
        {
            string[] parts = words[i].Split('=');
            int at = Array.FindIndex(Levels, level => level.Word.Equals(parts[0], StringComparison.OrdinalIgnoreCase));
            if (at < 0 || parts.Length != 2 || !ulong.TryParse(parts[1], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ulong index) || index > 0x1FF)
            {
                throw words.Refusal("pml4=INDEX, pdpt=INDEX, pd=INDEX or pt=INDEX, each index hexadecimal up to 1ff", words[i], "pte pml4=0 pdpt=0 pd=2 pt=1");
            }

            PagingLevel level = Levels[at].Level;
            raw = (raw & ~(0x1FFUL << level.Shift())) | (index << level.Shift());
            lowest = lowest is null || level < lowest ? level : lowest;
        }

        int bits = context.Journey.Look(kernel => kernel.Core.Mmu.Mode.AddressBits);
        return (new VirtAddr((ulong)((long)(raw << (64 - bits)) >> (64 - bits))), lowest);
    }

    /// <summary>What one access would meet, and the entry that decides.</summary>
    private static string Verdict(WalkView view, Access access)
    {
        string who = $"a user {PteText.Of(access.Kind)}";
        for (int i = 0; i < view.Path.Count; i++)
        {
            WalkStep step = view.Path[i];
            AccessRule rule = PteText.RuleOf(step.Entry, step.Level, view.Mode, access);
            if (rule != AccessRule.None)
            {
                return $"  {who} would be #PF: {RuleText.Of(rule, step.Entry, step.Level, view.Mode, access)}. {RuleStory.Of(rule)}";
            }
        }

        return $"  {who} would pass: every level allows it";
    }
}
