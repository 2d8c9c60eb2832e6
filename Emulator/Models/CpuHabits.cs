namespace MmuEmu.Emulator.Models;

/// <summary>What processors do differently where the architecture leaves a choice: each bit is one habit.</summary>
/// <remarks>
/// A habit is looked at when code is decoded, like a feature, so that no handler asks again. Who has which, and how that is known, is
/// in <see cref="CpuHabitTable"/>.
/// </remarks>
[Flags]
public enum CpuHabits : ulong
{
    /// <summary>None.</summary>
    None = 0,
}
