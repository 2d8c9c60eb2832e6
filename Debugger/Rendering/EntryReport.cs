using System.Text.Json;
using MmuEmu.Debugger.Options;
using MmuEmu.Emulator.Paging;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Tables;

namespace MmuEmu.Debugger.Rendering;

/// <summary>One entry with every field named.</summary>
internal sealed class EntryReport(Pte entry, PagingLevel level, KernelProfile profile)
{
    private readonly SoftPteFormat _format = new(profile);

    /// <summary>Writes lines for people.</summary>
    public void WriteText(TextWriter writer)
    {
        writer.WriteLine($"{entry}  {level.EntryName()}  {EntryText.Of(entry, level, _format)}");
        foreach ((string name, string value, string meaning) in Fields())
        {
            writer.WriteLine($"  {name,-10} {value,-16} {meaning}");
        }
    }

    /// <summary>Writes schema <c>mmuemu.pte/1</c>.</summary>
    public void WriteJson(TextWriter writer)
    {
        using MemoryStream buffer = new();
        using (Utf8JsonWriter json = new(buffer, new JsonWriterOptions { Indented = true, NewLine = "\n" }))
        {
            json.WriteStartObject();
            json.WriteString("schema", "mmuemu.pte/1");
            json.WriteString("raw", entry.ToString());
            json.WriteString("level", LevelOption.NameOf(level));
            json.WriteString("meaning", EntryText.Of(entry, level, _format));
            json.WriteStartObject("fields");
            foreach ((string name, string value, _) in Fields())
            {
                json.WriteString(name, value);
            }

            json.WriteEndObject();
            json.WriteEndObject();
        }

        writer.WriteLine(System.Text.Encoding.UTF8.GetString(buffer.ToArray()));
    }

    private IEnumerable<(string Name, string Value, string Meaning)> Fields() => entry.Present ? PresentFields() : AbsentFields();

    private IEnumerable<(string Name, string Value, string Meaning)> PresentFields()
    {
        bool leaf = entry.IsLeafAt(level);
        yield return leaf && level <= PagingLevel.Pdpt
            ? ("frame", entry.LeafFrame(level.LeafSize()).ToString(), $"maps {ByteCount.Show(level.Span())} at {entry.LeafFrame(level.LeafSize()).Base}")
            : ("frame", entry.Frame.ToString(), $"the next table lies at {entry.Frame.Base}");
        yield return Bit("P", PteBits.P, "present", "not present");
        yield return Bit("RW", PteBits.RW, "writes allowed", "read-only; supervisor writes pass while CR0.WP is clear");
        yield return Bit("US", PteBits.US, "user accesses allowed", "supervisor only");
        yield return Bit("A", PteBits.A, "used for a translation", "not used since it was cleared");
        if (leaf)
        {
            yield return Bit("D", PteBits.D, "written through", "not written since it was cleared");
            yield return Bit("G", PteBits.G, "global while CR4.PGE is set", "belongs to one PCID");
            yield return ("PAT:PCD:PWT", MemoryType().ToString(System.Globalization.CultureInfo.InvariantCulture), "entry of the PAT register that gives the memory type");
            yield return ("key", entry.ProtectionKey.ToString(System.Globalization.CultureInfo.InvariantCulture), "protection key, with CR4.PKE");
        }

        if (level is PagingLevel.Pd or PagingLevel.Pdpt)
        {
            yield return Bit("PS", PteBits.PS, "maps a large page", "points to a table");
        }

        yield return Bit("XD", PteBits.XD, "no fetch, with EFER.NXE; otherwise reserved", "fetch allowed");
    }

    private IEnumerable<(string Name, string Value, string Meaning)> AbsentFields()
    {
        yield return ("P", "0", "the hardware ignores all other bits: #PF, nothing cached, no A or D");
        SoftPteKind kind = level == PagingLevel.Pt ? _format.KindOf(entry) : SoftPteKind.None;
        if (kind is SoftPteKind.Swap or SoftPteKind.MigrationRead or SoftPteKind.MigrationWrite or SoftPteKind.HwPoison)
        {
            yield return ("type", $"{SoftPteFormat.SwapOf(entry).Type}", "bits 5:1");
            yield return ("offset", $"0x{SoftPteFormat.SwapOf(entry).Offset:x}", "bits 63:9");
        }
    }

    private (string Name, string Value, string Meaning) Bit(string name, PteBits bit, string set, string clear) =>
        entry.Has(bit) ? (name, "1", set) : (name, "0", clear);

    private int MemoryType()
    {
        PteBits pat = level == PagingLevel.Pt ? PteBits.Pat4K : PteBits.PatLarge;
        return (entry.Has(pat) ? 4 : 0) + (entry.Has(PteBits.PCD) ? 2 : 0) + (entry.Has(PteBits.PWT) ? 1 : 0);
    }
}
