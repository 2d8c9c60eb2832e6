namespace MmuEmu.Kernel.Windows;

/// <summary>The counts of windows and copies by name, in the order of <see cref="WindowCounter"/>.</summary>
internal static class WindowCounterNames
{
    private static readonly string[] Names =
    [
        "kmap_high",
        "kmap_flush",
        "flush_ipi",
        "kmap_atomic",
        "invlpg",
        "copies",
        "prefaults",
        "pinned",
        "most_pinned",
        "atomic_faults",
        "atomic_sleeps",
        "short_copies",
        "slow_copies",
        "fix_ups",
        "stolen",
        "oopses",
        "lock_cycles",
        "dont_unmap_checks",
        "dont_unmap_kept",
        "kills_refused",
        "allocator_waits",
    ];

    /// <summary>Every count with its name.</summary>
    public static IReadOnlyList<(string Name, ulong Count)> Of(WindowCounters counters)
    {
        (string, ulong)[] all = new (string, ulong)[Names.Length];
        for (int i = 0; i < all.Length; i++)
        {
            all[i] = (Names[i], counters[(WindowCounter)i]);
        }

        return all;
    }
}
