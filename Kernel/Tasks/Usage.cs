namespace MmuEmu.Kernel.Tasks;

/// <summary>What a task has used.</summary>
/// <param name="Instructions">Instructions retired, which are nanoseconds of user time; the kernel's own work takes no T.</param>
/// <param name="MinorFaults">Page faults that found all they needed in RAM.</param>
/// <param name="MajorFaults">Page faults that had a device read.</param>
/// <param name="PeakPages">The most pages that were resident at once, in any one of its address spaces.</param>
internal readonly record struct Usage(ulong Instructions, ulong MinorFaults, ulong MajorFaults, long PeakPages)
{
    /// <summary>Both together: counts add up, of the peaks the higher one stays.</summary>
    public static Usage operator +(Usage one, Usage other) => new(
        one.Instructions + other.Instructions,
        one.MinorFaults + other.MinorFaults,
        one.MajorFaults + other.MajorFaults,
        Math.Max(one.PeakPages, other.PeakPages));
}
