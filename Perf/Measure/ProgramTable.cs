namespace MmuEmu.Perf.Measure;

/// <summary>The programs that are measured whole.</summary>
internal static class ProgramTable
{
    public static IReadOnlyList<MeasuredProgram> Rows { get; } =
    [
        new("demand", 30_000, 300_000) { CountsEvents = true, MostMicroseconds = 0.6 },
        new("touch", 12, 120) { MostTimesNative = 4, IsJudgedShort = true },
        new("madvise", 6_000, 50_000) { MostTimesNative = 5 },
        new("fork-cow", 100, 800) { MostTimesNative = 4 },
        new("mappings", 6_500, 65_000) { MostTimesNative = 20 },
        new("segv", 8_000, 60_000) { CountsEvents = true, MostTimesNative = 3 },
        new("selfmod", 400_000, 2_500_000) { CountsEvents = true, MostTimesNative = 18 },
        new("mutex", 1_500_000, 12_000_000),
        new("hash", 1_500_000, 8_000_000),
        new("strings", 60_000, 250_000),
        new("quicksort", 100_000, 400_000),
        new("chase", 500_000, 2_000_000),
        new("stream", 300, 3_000),
    ];
}
