using System.Diagnostics;

namespace MmuEmu.Perf.Measure;

/// <summary>How long a program took, from start to end.</summary>
/// <param name="Wall">Seconds by the clock on the wall.</param>
/// <param name="Processor">Seconds of processor time; the wall's where the host does not say.</param>
internal readonly record struct ProcessTimes(double Wall, double Processor);

/// <summary>Other programs, timed.</summary>
internal static class HostProcess
{
    private const int LongestSeconds = 60;

    /// <summary>Runs a program to its end; null when it could not be run, took too long or failed.</summary>
    public static ProcessTimes? TryTime(string program, params string[] arguments)
    {
        double? before = CpuTime.OfChildren();
        long start = Stopwatch.GetTimestamp();
        using Process? process = Start(program, arguments);
        if (process is null)
        {
            return null;
        }

        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> error = process.StandardError.ReadToEndAsync();
        if (!process.WaitForExit(TimeSpan.FromSeconds(LongestSeconds)))
        {
            process.Kill();
            return null;
        }

        double wall = Stopwatch.GetElapsedTime(start).TotalSeconds;
        Task.WaitAll(output, error);
        return process.ExitCode == 0 ? new ProcessTimes(wall, CpuTime.OfChildren() - before ?? wall) : null;
    }

    /// <summary>The most memory a run had resident, in MiB, as GNU time tells it; null where that is absent.</summary>
    public static double? TryPeakMebibytes(string program, params string[] arguments)
    {
        using Process? process = Start("/usr/bin/time", ["-f", "%M", program, .. arguments]);
        string? told = process?.StandardError.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries).LastOrDefault();
        return double.TryParse(told, System.Globalization.CultureInfo.InvariantCulture, out double kibibytes) ? kibibytes / 1024 : null;
    }

    /// <summary>The first line a program prints; null when it prints none.</summary>
    public static string? FirstLine(string program, params string[] arguments)
    {
        using Process? process = Start(program, arguments);
        return process?.StandardOutput.ReadLine();
    }

    private static Process? Start(string program, string[] arguments)
    {
        ProcessStartInfo info = new(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        try
        {
            return Process.Start(info);
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }
}
