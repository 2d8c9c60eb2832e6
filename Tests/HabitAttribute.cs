using MmuEmu.Emulator.Models;

namespace MmuEmu.Tests;

/// <summary>Names the habits of processors that a test shows, on the makers that have them and on those that do not.</summary>
[AttributeUsage(AttributeTargets.Method | AttributeTargets.Class)]
public sealed class HabitAttribute(CpuHabits habits) : Attribute
{
    /// <summary>The habits, one bit or several.</summary>
    public CpuHabits Habits { get; } = habits;
}
