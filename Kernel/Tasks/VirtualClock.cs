using MmuEmu.Emulator.Machine;
using MmuEmu.Kernel.State;

namespace MmuEmu.Kernel.Tasks;

/// <summary>The guest's clocks: one nanosecond for each retired instruction, and jumps over the time in which everybody sleeps.</summary>
/// <remarks>No clock of the host is read, so equal runs read equal clocks.</remarks>
internal sealed class VirtualClock(CoreSet cores) : IStateful
{
    /// <summary>CLOCK_REALTIME when the machine starts, in nanoseconds since 1970: 2024-01-01 00:00:00 UTC.</summary>
    public const ulong EpochNs = 1_704_067_200_000_000_000;

    /// <summary>No point in time.</summary>
    public const ulong Never = ulong.MaxValue;

    /// <summary>Nanoseconds in which everybody slept, and no instruction ran.</summary>
    public ulong SkippedNs { get; private set; }

    /// <summary>CLOCK_MONOTONIC in nanoseconds: time since the machine started.</summary>
    public ulong NowNs => cores.Retired + SkippedNs;

    /// <summary>CLOCK_REALTIME in nanoseconds.</summary>
    public ulong RealtimeNs => EpochNs + NowNs;

    /// <summary>Nothing happens until <paramref name="momentNs"/>, which is not in the past.</summary>
    public void SkipTo(ulong momentNs)
    {
        if (momentNs > NowNs)
        {
            SkippedNs += momentNs - NowNs;
        }
    }

    /// <summary>The moment <paramref name="spanNs"/> from now; at most <see cref="Never"/>.</summary>
    public ulong After(ulong spanNs) => spanNs > Never - NowNs ? Never : NowNs + spanNs;

    object IStateful.Save(object? last) => SkippedNs;

    void IStateful.Restore(object state) => SkippedNs = (ulong)state;
}
