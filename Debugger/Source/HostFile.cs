namespace MmuEmu.Debugger.Source;

/// <summary>What is asked of a file of the host before it is opened.</summary>
internal static class HostFile
{
    /// <summary>True for a file with bytes. Devices and pipes, whose opening or reading may never end, have none.</summary>
    public static bool IsPlain(string path)
    {
        try
        {
            FileInfo file = new(Real(path));
            return file.Exists && file.Length > 0;
        }
        catch (Exception refused) when (IsRefusal(refused))
        {
            return false;
        }
    }

    /// <summary>The absolute path of <paramref name="path"/>; of a link, that of what it leads to in the end.</summary>
    public static string Real(string path)
    {
        try
        {
            return File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? Path.GetFullPath(path);
        }
        catch (Exception refused) when (IsRefusal(refused))
        {
            return path;
        }
    }

    private static bool IsRefusal(Exception refused) => refused is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException;
}
