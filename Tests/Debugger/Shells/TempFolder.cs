namespace MmuEmu.Tests.Debugger.Shells;

/// <summary>A folder of the host for one test, with two files to complete, and one for what the test itself needs; both go at its end.</summary>
internal sealed class TempFolder : IDisposable
{
    private readonly DirectoryInfo _seen = Directory.CreateTempSubdirectory("mmuemu-shells-");
    private readonly DirectoryInfo _unseen = Directory.CreateTempSubdirectory("mmuemu-scripts-");

    public TempFolder()
    {
        File.WriteAllText(System.IO.Path.Combine(Path, "helper"), "");
        File.WriteAllText(System.IO.Path.Combine(Path, "mem.txt"), "");
    }

    /// <summary>Its path: what a shell sees as the working directory.</summary>
    public string Path => _seen.FullName;

    /// <summary>A file with the script that the command prints for <paramref name="shell"/>.</summary>
    public string Script(string shell)
    {
        string file = Unused(shell);
        File.WriteAllText(file, CommandHarness.Run("completions", shell).Out);
        return file;
    }

    /// <summary>The path of a file that is not there, out of the shell's sight.</summary>
    public string Unused(string name) => System.IO.Path.Combine(_unseen.FullName, name);

    /// <inheritdoc/>
    public void Dispose()
    {
        _seen.Delete(recursive: true);
        _unseen.Delete(recursive: true);
    }
}
