using MmuEmu.Kernel.Files;
using MmuEmu.Kernel.Memory;
using MmuEmu.Kernel.State;

namespace MmuEmu.Kernel.Tasks;

/// <summary>The page of numbers from which the vDSO makes the time.</summary>
/// <remarks>
/// <code>
///   0   1 when the time-stamp counter may be read, 0 when the vDSO has to make system calls
///   8   nanoseconds to add to the counter for CLOCK_MONOTONIC: the time in which everybody slept
///   16  nanoseconds to add to that for CLOCK_REALTIME
/// </code>
/// The counter counts instructions, and an instruction is a nanosecond, so that nothing is multiplied, and both ways give one time.
/// </remarks>
internal sealed class VdsoClock : IWholeOfParts
{
    private const int ModeAt = 0;
    private const int SkippedAt = 8;
    private const int EpochAt = 16;

    /// <summary>The page of a machine that has RDTSC or not.</summary>
    public VdsoClock(MemorySystem mem, bool hasCounter)
    {
        Page = new SpecialPage(mem, "[vvar]", new byte[EpochAt + 8]);
        Page[ModeAt] = hasCounter ? 1UL : 0;
        Page[EpochAt] = VirtualClock.EpochNs;
    }

    /// <summary>The page.</summary>
    public SpecialPage Page { get; }

    /// <summary>Time in which everybody slept has been skipped, <paramref name="skippedNs"/> in all.</summary>
    public void Tell(ulong skippedNs) => Page[SkippedAt] = skippedNs;

    void IStateful.SeeParts(StateVisitor visitor) => visitor.See(Page);
}
