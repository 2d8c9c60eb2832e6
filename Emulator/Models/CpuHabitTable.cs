namespace MmuEmu.Emulator.Models;

/// <summary>A habit, and who has it.</summary>
/// <param name="Habit">The habit, one bit.</param>
/// <param name="Has">The vendors whose processors have it.</param>
/// <param name="Subject">What differs, for people.</param>
/// <param name="Amd">What AMD's processors do.</param>
/// <param name="Intel">What Intel's processors do.</param>
/// <param name="Source">How it is known: a manual by its title, or what was measured.</param>
public sealed record CpuHabitRow(CpuHabits Habit, CpuVendor Has, string Subject, string Amd, string Intel, string Source);

/// <summary>Every habit: the one table behind the vendors, printed in docs/vendors.md.</summary>
public static class CpuHabitTable
{
    /// <summary>The habits, by subject.</summary>
    public static IReadOnlyList<CpuHabitRow> Rows { get; } = [];

    /// <summary>The habits of <paramref name="vendor"/>.</summary>
    public static CpuHabits Of(CpuVendor vendor)
    {
        CpuHabits all = CpuHabits.None;
        foreach (CpuHabitRow row in Rows)
        {
            all |= row.Has == vendor ? row.Habit : CpuHabits.None;
        }

        return all;
    }
}
