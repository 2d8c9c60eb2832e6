using System.Security.Cryptography;
using MmuEmu.Tests.House;

namespace MmuEmu.Tests.Guests;

/// <summary>The programs that are measured are committed as they were built, and mmuemu runs them as the host does.</summary>
public sealed class MeasuredProgramTests
{
    private const string Rebuild = "run `sh Perf/Programs/build.sh` and commit Perf/Programs/built";
    private static readonly string Folder = Path.Combine(SourceTree.Root, "Perf", "Programs");

    public static TheoryData<string> Names =>
        [.. Directory.GetFiles(Path.Combine(Folder, "src"), "*.c").Select(file => Path.GetFileNameWithoutExtension(file))];

    [Fact]
    public void Every_file_is_what_it_was_when_they_were_built()
    {
        string[] recorded = File.ReadAllLines(Path.Combine(Folder, "built", "SOURCES.sha256"));

        string[] present =
        [
            "build.sh", .. Directory.GetFiles(Path.Combine(Folder, "src")).Select(file => $"src/{Path.GetFileName(file)}"),
            .. Names.Select(row => $"built/{row.Data}"),
        ];
        recorded.Select(line => line.Split("  ", 2)[1]).ShouldBe(present, ignoreOrder: true, Rebuild);
        recorded.ShouldBe(recorded.Select(line => Line(line.Split("  ", 2)[1])), Rebuild);
    }

    [Fact]
    public async Task The_same_compiler_gives_the_same_bytes()
    {
        Assert.SkipUnless(HostProcess.Exists("gcc") && HostProcess.Exists("musl-gcc"), "needs gcc and musl-gcc: apt-get install -y gcc musl-tools");
        DirectoryInfo rebuilt = Directory.CreateTempSubdirectory("mmuemu-programs-");
        try
        {
            HostRun run = await HostProcess.Run("/bin/sh", Path.Combine(Folder, "build.sh"), rebuilt.FullName);
            run.ExitCode.ShouldBe(0, run.Errors);
            rebuilt.GetFiles().Select(file => file.Name).ShouldBe(Names.Select(row => row.Data), ignoreOrder: true);

            // The guests' record of tools is the record of these too: both are built by the same ones
            HostRun tools = await HostProcess.Run("/bin/sh", Path.Combine(GuestFiles.Folder, "build.sh"), "--toolchain");
            bool sameTools = tools.Output == File.ReadAllText(Path.Combine(GuestFiles.Folder, "built", "TOOLCHAIN.txt"));
            IEnumerable<string> different = Names.Select(row => row.Data).Where(name =>
                !File.ReadAllBytes(Path.Combine(rebuilt.FullName, name)).SequenceEqual(File.ReadAllBytes(Path.Combine(Folder, "built", name))));
            (sameTools ? different : []).ShouldBeEmpty(Rebuild);
        }
        finally
        {
            rebuilt.Delete(recursive: true);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task It_prints_what_it_prints_on_the_host(string name)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && System.Runtime.InteropServices.RuntimeInformation.OSArchitecture == System.Runtime.InteropServices.Architecture.X64, "needs an x86-64 Linux host");
        string file = Path.Combine(Folder, "built", name);
        string count = name == "touch" ? "1" : "500";

        HostRun host = await HostProcess.Run(file, count);
        HostRun here = await MmuemuCommand.Run("run", "-q", file, count);

        (here.ExitCode, here.Output).ShouldBe((0, host.Output), here.Errors);
    }

    private static string Line(string file) => $"{Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(Path.Combine(Folder, file))))}  {file}";
}
