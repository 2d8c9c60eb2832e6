using MmuEmu.Tests.Guests;

namespace MmuEmu.Tests.Packages;

/// <summary>A home folder with nothing in it: no tools, no packages, no settings, and outside of the source tree.</summary>
internal sealed class EmptyHome : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("home");

    /// <summary>The folder.</summary>
    public string Path => _folder.FullName;

    /// <summary>The tool's command, where <c>dotnet tool install --global</c> puts it.</summary>
    public string Mmuemu => System.IO.Path.Combine(Path, ".dotnet", "tools", "mmuemu");

    /// <summary>Runs <c>dotnet</c> with this home, in a folder inside it.</summary>
    public async Task<HostRun> Dotnet(string folder, params string[] arguments)
    {
        string inside = Directory.CreateDirectory(System.IO.Path.Combine(Path, folder)).FullName;
        HostPlace place = new(inside) { Variables = Variables };
        HostRun run = await HostProcess.Run(place, "dotnet", arguments);
        run.ExitCode.ShouldBe(0, $"dotnet {string.Join(' ', arguments)}\n{run.Output}\n{run.Errors}");
        return run;
    }

    /// <summary>A file below the home.</summary>
    public void Write(string name, string text)
    {
        string file = System.IO.Path.Combine(Path, name);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
    }

    /// <summary>Feeds for what is built below it: our packages from where they were packed, those of others from what the build restored.</summary>
    public void UseFeeds() => Write("nuget.config", $"""
        <configuration>
          <packageSources>
            <clear />
            <add key="built" value="{BuiltPackages.Folder}" />
            <add key="restored" value="{RestoredPackages}" />
          </packageSources>
          <packageSourceMapping>
            <clear />
            <packageSource key="built"><package pattern="MmuEmu.*" /></packageSource>
            <packageSource key="restored"><package pattern="*" /></packageSource>
          </packageSourceMapping>
        </configuration>
        """);

    public void Dispose() => _folder.Delete(recursive: true);

    private static string RestoredPackages =>
        Environment.GetEnvironmentVariable("NUGET_PACKAGES")
        ?? System.IO.Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");

    private (string, string)[] Variables =>
    [
        ("HOME", Path), ("DOTNET_CLI_HOME", Path), ("NUGET_PACKAGES", System.IO.Path.Combine(Path, "packages")),
        ("DOTNET_CLI_TELEMETRY_OPTOUT", "1"), ("DOTNET_NOLOGO", "1"), ("DOTNET_CLI_UI_LANGUAGE", "en"),
        ("MSBUILDDISABLENODEREUSE", "1"), ("UseSharedCompilation", "false"),
    ];
}
