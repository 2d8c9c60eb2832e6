namespace MmuEmu.Perf.Measure;

/// <summary>The <c>mmuemu</c> command as built beside this program, managed and native.</summary>
internal static class Command
{
    /// <summary>What to say where the native one is absent.</summary>
    public const string HowToPublish = "no native program here: dotnet publish Debugger -c Release";

    /// <summary>The managed command's assembly; null when it is not built.</summary>
    public static string? Path { get; } = Existing("bin", System.IO.Path.GetFileName(Here), "mmuemu.dll");

    /// <summary>The native program; null when it was not published.</summary>
    public static string? Native { get; } = Existing("publish", "native", "mmuemu");

    private static string Here => AppContext.BaseDirectory.TrimEnd(System.IO.Path.DirectorySeparatorChar);

    /// <summary>Times <c>mmuemu run</c> of the managed command; null when it could not be run or failed.</summary>
    public static ProcessTimes? TryTime(string[] guest)
    {
        if (Path is null)
        {
            return null;
        }

        string host = System.IO.Path.ChangeExtension(Path, null);
        return File.Exists(host)
            ? HostProcess.TryTime(host, ["run", .. guest])
            : HostProcess.TryTime("dotnet", ["exec", Path, "run", .. guest]);
    }

    /// <summary>The same of the native program.</summary>
    public static ProcessTimes? TryTimeNative(string[] guest) => Native is null ? null : HostProcess.TryTime(Native, ["run", .. guest]);

    private static string? Existing(string kind, string pivot, string file)
    {
        // artifacts/bin/MmuEmu.Perf/release/ is where we are; the command lies below the same artifacts/.
        string artifacts = new DirectoryInfo(Here).Parent?.Parent?.Parent?.FullName ?? ".";
        string path = System.IO.Path.Combine(artifacts, kind, "MmuEmu.Debugger", pivot, file);
        return File.Exists(path) ? path : null;
    }
}
