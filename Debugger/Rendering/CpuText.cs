using MmuEmu.Emulator.Models;
using MmuEmu.Emulator.Timing;

namespace MmuEmu.Debugger.Rendering;

/// <summary>Processor models in words: a table of all, or one in full.</summary>
internal static class CpuText
{
    private const int NameWidth = 14;

    /// <summary>One row for each feature, one column for each model.</summary>
    public static void WriteTable(TextWriter writer, IReadOnlyList<CpuModel> models)
    {
        writer.WriteLine($"{"feature",-NameWidth}  {string.Join("  ", models.Select(m => m.Name))}");
        foreach (CpuFeatureRow row in CpuFeatureTable.Rows)
        {
            IEnumerable<string> marks = models.Select(m => (m.Has(row.Feature) ? "yes" : "-").PadRight(m.Name.Length));
            writer.WriteLine($"{row.Name,-NameWidth}  {string.Join("  ", marks)}  {row.What}");
        }

        writer.WriteLine($"The default is {CpuModels.Default.Name}. Switch single features: --cpu v3,-avx2,+sha,maxphyaddr=40");
        writer.WriteLine($"The vendor is {CpuModels.Default.VendorName}. Choose the other one: --cpu v3,vendor=intel");
        writer.WriteLine("Try: mmuemu cpu v3,vendor=intel");
    }

    /// <summary>What one model is and has, as CPUID shows it, and its vendor's habits.</summary>
    public static void WriteOne(TextWriter writer, CpuModel model, MachinePreset preset)
    {
        CpuSignature who = model.Signature;
        writer.WriteLine($"{model.Name}: \"{model.Brand}\", vendor {model.VendorName}, {model.PhysicalBits}-bit physical addresses");
        writer.WriteLine($"  family {who.Family}, model {who.Model}, stepping {who.Stepping} (CPUID.01H:EAX = {who.Leaf1:X8}H)");
        foreach (CpuFeatureRow row in CpuFeatureTable.Rows.Where(r => model.Has(r.Feature)))
        {
            writer.WriteLine($"  {row.Name,-NameWidth}  {string.Join(' ', row.Bits.Select(Place)),-60}  {row.What}");
        }

        CpuFeatures absent = CpuFeatureTable.Rows.Aggregate(CpuFeatures.None, (all, row) => all | row.Feature) & ~model.Features;
        writer.WriteLine($"  without: {CpuFeatureTable.NamesOf(absent)}");
        writer.WriteLine($"Bits of {model.VendorName} alone:");
        foreach (CpuVendorBitRow row in CpuVendorBitTable.Rows.Where(r => r.Vendor == model.Vendor && model.Has(r.With)))
        {
            writer.WriteLine($"  {Place(row.Bit),-NameWidth}  {row.What}");
        }

        writer.WriteLine($"Caches and TLBs of {preset.Name} (--preset chooses), as CPUID tells them:");
        foreach (CpuidArray array in CpuidArrays.Of(model))
        {
            writer.WriteLine($"  {array.Name,-NameWidth}  {array.Text,-60}  CPUID.{array.Place}");
        }

        WriteHabits(writer, model);
    }

    /// <summary>What <paramref name="row"/> says of the vendor of <paramref name="model"/>.</summary>
    public static string Habit(CpuModel model, CpuHabitRow row) => model.Vendor == CpuVendor.Intel ? row.Intel : row.Amd;

    private static void WriteHabits(TextWriter writer, CpuModel model)
    {
        CpuHabitRow[] habits = [.. CpuHabitTable.Rows.Where(row => model.Has(row.Habit))];
        if (habits.Length == 0)
        {
            return;
        }

        writer.WriteLine($"Habits of {model.VendorName}, where the architecture leaves a choice:");
        foreach (CpuHabitRow row in habits)
        {
            writer.WriteLine($"  {row.Subject}: {Habit(model, row)}");
        }
    }

    private static string Place(CpuidBit bit) =>
        $"CPUID.{bit.Leaf:X2}H{(bit.Leaf is 7 or 0xD ? $".{bit.Subleaf}" : "")}:{bit.Register.ToString().ToUpperInvariant()}[{bit.Bit}]";
}
