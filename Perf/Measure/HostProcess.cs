using System.Diagnostics;

namespace MmuEmu.Perf.Measure;

/// <summary>Other programs, timed from start to end.</summary>
internal static class HostProcess
{
    private const int LongestSeconds = 60;

    /// <summary>Wall time in seconds; null when the program could not be run, took too long or failed.</summary>
    public static double? TrySeconds(string program, params string[] arguments)
    {
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

        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        Task.WaitAll(output, error);
        return process.ExitCode == 0 ? seconds : null;
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
