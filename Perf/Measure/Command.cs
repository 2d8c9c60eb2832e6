namespace MmuEmu.Perf.Measure;

/// <summary>The <c>mmuemu</c> command as built beside this program.</summary>
internal static class Command
{
    /// <summary>The command's assembly; null when it is not built.</summary>
    public static string? Path { get; } = Find();

    /// <summary>Times <c>mmuemu run</c>; null when it could not be run or failed.</summary>
    public static ProcessTimes? TryTime(string[] guest)
    {
        if (Path is null)
        {
            return null;
        }

        string native = System.IO.Path.ChangeExtension(Path, null);
        return File.Exists(native)
            ? HostProcess.TryTime(native, ["run", .. guest])
            : HostProcess.TryTime("dotnet", ["exec", Path, "run", .. guest]);
    }

    private static string? Find()
    {
        // artifacts/bin/MmuEmu.Perf/release/ and artifacts/bin/MmuEmu.Debugger/release/ are neighbours.
        DirectoryInfo here = new(AppContext.BaseDirectory.TrimEnd(System.IO.Path.DirectorySeparatorChar));
        string? bin = here.Parent?.Parent?.FullName;
        string path = System.IO.Path.Combine(bin ?? ".", "MmuEmu.Debugger", here.Name, "mmuemu.dll");
        return File.Exists(path) ? path : null;
    }
}
