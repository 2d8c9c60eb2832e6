using System.Text.Json;
using MmuEmu.Debugger.Options;
using MmuEmu.Emulator.Paging;
using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Tables;

namespace MmuEmu.Debugger.Rendering;

/// <summary>What a debugger sees of an address at a point of a run.</summary>
/// <param name="Address">The address.</param>
/// <param name="Symbol">Its name, as typed; empty when a number was.</param>
/// <param name="Time">T.</param>
/// <param name="Mode">The control state.</param>
internal sealed record WalkView(VirtAddr Address, string Symbol, ulong Time, PagingMode Mode)
{
    /// <summary>The entries that the tables hold, root first; empty for an address that is not canonical.</summary>
    public required WalkPath Path { get; init; }

    /// <summary>The leaf; null when none is reached.</summary>
    public required Leaf? Leaf { get; init; }

    /// <summary>Where the processor would begin a walk now.</summary>
    public required WalkStart Start { get; init; }

    /// <summary>A TLB holds a translation for data.</summary>
    public required bool InDataTlb { get; init; }

    /// <summary>A TLB holds a translation for fetches.</summary>
    public required bool InCodeTlb { get; init; }

    /// <summary>Each kind of access with the error code of the fault that the tables give it; null when they allow it. Empty for an address that is not canonical.</summary>
    public required IReadOnlyList<(string Name, PageFaultCode? Code)> Meets { get; init; }

    /// <summary>False: no walk takes place.</summary>
    public bool IsCanonical => Address.IsCanonical(Mode.AddressBits);

    /// <summary>Where the address lies in RAM; null when no leaf is reached.</summary>
    public PhysAddr? Physical => Leaf is { } leaf ? leaf.FrameOf(Address).Base + (ulong)Address.PageOffset : null;
}

/// <summary>Writes a <see cref="WalkView"/>.</summary>
internal sealed class WalkReport(WalkView view, SoftPteFormat format)
{
    /// <summary>Writes lines for people.</summary>
    public void WriteText(TextWriter writer, Paint paint)
    {
        string name = view.Symbol.Length == 0 ? "" : $" ({view.Symbol})";
        string pcid = view.Mode.Has(PagingBits.Pcide) ? $" pcid {view.Mode.Pcid}" : "";
        writer.WriteLine($"{view.Address}{name} at t={view.Time}, CR3 {view.Mode.Root.Base}{pcid}");
        if (!view.IsCanonical)
        {
            writer.WriteLine("  not canonical: any access is #GP (or #SS through the stack segment); no walk takes place");
            return;
        }

        foreach (string line in WalkText.Lines(view.Address, view.Path, view.Start, format, paint))
        {
            writer.WriteLine($"  {line}");
        }

        if (view is { Physical: { } physical, Leaf: { } leaf })
        {
            writer.WriteLine($"  => {physical}, a page of {ByteCount.Show(leaf.Size.Bytes())}");
        }

        foreach ((string access, PageFaultCode? code) in view.Meets)
        {
            writer.WriteLine($"  {AccessText.Line(access, code)}");
        }

        if (view.Start.Level != view.Mode.RootLevel)
        {
            writer.WriteLine($"  {WalkText.Read} a walk would read it now   {WalkText.Served} a paging-structure cache would serve it");
        }
    }

    /// <summary>Writes schema <c>mmuemu.walk/1</c>.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="words">argv of the guest.</param>
    /// <param name="at">The point as it was typed, and whether the run came to it; otherwise its end is shown.</param>
    public void WriteJson(TextWriter writer, IReadOnlyList<string> words, (string Typed, bool Reached) at) => WalkJson.Write(writer, json =>
    {
        WriteHead(json, words);
        json.WriteString("at", at.Typed);
        json.WriteBoolean("reached", at.Reached);
        WriteLevels(json);
        WriteResult(json);
    });

    private void WriteHead(Utf8JsonWriter json, IReadOnlyList<string> words)
    {
        json.WriteString("schema", "mmuemu.walk/1");
        json.WriteString("guest", words[0]);
        json.WriteStartArray("arguments");
        foreach (string argument in words.Skip(1))
        {
            json.WriteStringValue(argument);
        }

        json.WriteEndArray();
        json.WriteNumber("t", view.Time);
        JsonEvents.Hex(json, "address", view.Address.Raw);
        json.WriteString("symbol", view.Symbol.Length == 0 ? null : view.Symbol);
        json.WriteBoolean("canonical", view.IsCanonical);
        JsonEvents.Hex(json, "cr3", view.Mode.Root.Base.Raw);
        json.WriteNumber("pcid", view.Mode.Has(PagingBits.Pcide) ? view.Mode.Pcid : 0);
    }

    private void WriteLevels(Utf8JsonWriter json)
    {
        json.WriteStartArray("walk");
        for (int i = 0; i < view.Path.Count; i++)
        {
            WalkStep step = view.Path[i];
            json.WriteStartObject();
            WalkJson.WriteEntry(json, view.Address, step, EntryText.Of(step.Entry, step.Level, format));
            json.WriteString("source", step.Level > view.Start.Level ? "pagingStructureCache" : "read");
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteBoolean("cacheIsStale", WalkText.IsStale(view.Path, view.Start));
        json.WriteBoolean("inDataTlb", view.InDataTlb);
        json.WriteBoolean("inCodeTlb", view.InCodeTlb);
    }

    private void WriteResult(Utf8JsonWriter json)
    {
        if (view is { Physical: { } physical, Leaf: { } leaf })
        {
            JsonEvents.Hex(json, "physical", physical.Raw);
            json.WriteNumber("pageBytes", leaf.Size.Bytes());
        }
        else
        {
            json.WriteNull("physical");
            json.WriteNull("pageBytes");
        }

        WalkJson.WriteAccesses(json, view.Meets);
    }
}
