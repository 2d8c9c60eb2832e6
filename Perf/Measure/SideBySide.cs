namespace MmuEmu.Perf.Measure;

/// <summary>One program run by all who can, in turns, so that a slow moment of the host hits all alike: medians, in seconds.</summary>
/// <remarks>The order changes from round to round, because each run finds the host's memory as the one before left it.</remarks>
/// <param name="Linux">The host itself.</param>
/// <param name="Native">Our native program.</param>
/// <param name="Managed">Our managed command.</param>
/// <param name="Qemu">qemu-user.</param>
internal sealed record SideBySide(double? Linux, double? Native, double? Managed, double? Qemu)
{
    /// <summary>Runs the file with its arguments that many times in each way, and keeps what <paramref name="which"/> takes of each run.</summary>
    public static SideBySide Measure(string file, string[] arguments, int rounds, Func<ProcessTimes, double> which)
    {
        string[] guest = [file, .. arguments];
        Func<ProcessTimes?>[] ways =
        [
            () => HostProcess.TryTime(file, arguments),
            () => Command.TryTimeNative(guest),
            () => Command.TryTime(guest),
            () => Perf.Measure.Qemu.Path is null ? null : HostProcess.TryTime(Perf.Measure.Qemu.Path, ["-cpu", "max", .. guest]),
        ];
        int[][] orders = [[0, 1, 2, 3], [3, 2, 1, 0], [2, 0, 3, 1]];
        List<double>[] times = [[], [], [], []];
        for (int round = 0; round < rounds; round++)
        {
            foreach (int way in orders[round % orders.Length])
            {
                if (ways[way]() is { } taken)
                {
                    times[way].Add(which(taken));
                }
            }
        }

        return new SideBySide(Of(times[0]), Of(times[1]), Of(times[2]), Of(times[3]));
    }

    private static double? Of(List<double> times) => times.Count > 0 ? Median.Of(times) : null;
}
