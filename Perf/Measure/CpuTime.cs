using System.Diagnostics;
using System.Runtime.InteropServices;

namespace MmuEmu.Perf.Measure;

/// <summary>Seconds that this thread has spent on a processor: what other programs take from the machine is not in it.</summary>
internal static class CpuTime
{
    private const int ThreadCpuClock = 3;

    public static double Now()
    {
        if (OperatingSystem.IsLinux() && GetTime(ThreadCpuClock, out TimeSpec time) == 0)
        {
            return time.Seconds + (time.Nanoseconds * 1e-9);
        }

        return Stopwatch.GetTimestamp() / (double)Stopwatch.Frequency;
    }

    [DllImport("libc", EntryPoint = "clock_gettime")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int GetTime(int clock, out TimeSpec time);

    [StructLayout(LayoutKind.Sequential)]
    private struct TimeSpec
    {
        public long Seconds;
        public long Nanoseconds;
    }
}
