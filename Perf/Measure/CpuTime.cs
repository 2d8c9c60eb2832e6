using System.Diagnostics;
using System.Runtime.InteropServices;

namespace MmuEmu.Perf.Measure;

/// <summary>Processor time: what other programs take from the machine is not in it.</summary>
internal static class CpuTime
{
    private const int ThreadCpuClock = 3;
    private const int Children = -1;

    /// <summary>Seconds that this thread has spent on a processor.</summary>
    public static double Now()
    {
        if (OperatingSystem.IsLinux() && GetTime(ThreadCpuClock, out TimeSpec time) == 0)
        {
            return time.Seconds + (time.Nanoseconds * 1e-9);
        }

        return Stopwatch.GetTimestamp() / (double)Stopwatch.Frequency;
    }

    /// <summary>Seconds that ended child processes have spent on a processor, all together; null where the host does not say.</summary>
    public static double? OfChildren()
    {
        if (!OperatingSystem.IsLinux() || GetUsage(Children, out Usage usage) != 0)
        {
            return null;
        }

        return usage.UserSeconds + usage.SystemSeconds + ((usage.UserMicroseconds + usage.SystemMicroseconds) * 1e-6);
    }

    [DllImport("libc", EntryPoint = "getrusage")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int GetUsage(int who, out Usage usage);

    [DllImport("libc", EntryPoint = "clock_gettime")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int GetTime(int clock, out TimeSpec time);

    [StructLayout(LayoutKind.Sequential)]
    private struct TimeSpec
    {
        public long Seconds;
        public long Nanoseconds;
    }

    // struct rusage of 64-bit Linux: two timevals, then fourteen longs that are not used here.
    [StructLayout(LayoutKind.Sequential, Size = 144)]
    private struct Usage
    {
        public long UserSeconds;
        public long UserMicroseconds;
        public long SystemSeconds;
        public long SystemMicroseconds;
    }
}
