using System.Text.Json;
using MmuEmu.Debugger.Images;
using MmuEmu.Debugger.Options;
using MmuEmu.Emulator.Paging;
using MmuEmu.Emulator.Values;

namespace MmuEmu.Debugger.Rendering;

/// <summary>A walk through an image as a document, schema <c>mmuemu.image-walk/1</c>.</summary>
internal static class ImageWalkJson
{
    /// <summary>Writes it.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="image">The image.</param>
    /// <param name="mode">What the walk went by.</param>
    /// <param name="address">The address.</param>
    /// <param name="walk">The walk; null for an address that is not canonical.</param>
    public static void Write(TextWriter writer, PhysicalImage image, ImageMode mode, VirtAddr address, ImageWalk? walk) => WalkJson.Write(writer, json =>
    {
        json.WriteString("schema", "mmuemu.image-walk/1");
        json.WriteString("image", image.Name);
        json.WriteString("kind", image.Content.Kind);
        JsonEvents.Hex(json, "address", address.Raw);
        json.WriteBoolean("canonical", walk is not null);
        JsonEvents.Hex(json, "cr3", mode.Mode.Root.Base.Raw);
        json.WriteNumber("pcid", mode.Mode.Pcid);
        WriteCpu(json, mode.Cpu);
        json.WriteString("control", ControlBitWords.TextOf(mode.Mode.Bits));
        json.WriteNumber("maxPhyAddr", mode.Mode.MaxPhyAddr);
        WriteEntries(json, walk);
        WriteResult(json, image, walk);
    });

    private static void WriteCpu(Utf8JsonWriter json, ImageCpu? cpu)
    {
        if (cpu is { } noted)
        {
            json.WriteNumber("cpu", noted.Number);
        }
        else
        {
            json.WriteNull("cpu");
        }
    }

    private static void WriteEntries(Utf8JsonWriter json, ImageWalk? walk)
    {
        json.WriteStartArray("walk");
        for (int i = 0; walk is not null && i < walk.Path.Count; i++)
        {
            WalkStep step = walk.Path[i];
            bool known = walk.Missing is null || i < walk.Path.Count - 1;
            json.WriteStartObject();
            if (known)
            {
                WalkJson.WriteEntry(json, walk.Address, step, EntryText.Of(step.Entry, step.Level, format: null));
            }
            else
            {
                WalkJson.WritePlace(json, walk.Address, step);
            }

            json.WriteBoolean("inImage", known);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteResult(Utf8JsonWriter json, PhysicalImage image, ImageWalk? walk)
    {
        if (walk is { Leaf: { } leaf })
        {
            PhysAddr physical = leaf.FrameOf(walk.Address).Base + (ulong)walk.Address.PageOffset;
            JsonEvents.Hex(json, "physical", physical.Raw);
            json.WriteNumber("pageBytes", leaf.Size.Bytes());
            json.WriteBoolean("physicalInImage", image.Has(physical));
        }
        else
        {
            json.WriteNull("physical");
            json.WriteNull("pageBytes");
            json.WriteNull("physicalInImage");
        }

        WalkJson.WriteAccesses(json, walk is { Missing: null } ? AccessText.All().Select(a => (a.Name, walk.Judge(a.Access.Kind, a.Access.Origin))) : []);
    }
}
