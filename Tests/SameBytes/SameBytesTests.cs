using System.Text;
using MmuEmu.Tests.Golden;
using MmuEmu.Tests.Guests;
using MmuEmu.Tests.House;

namespace MmuEmu.Tests.SameBytes;

/// <summary>A program that ships gives the same bytes everywhere: from any folder, in any configuration, on any processor of the host.</summary>
/// <remarks>The committed digests tie hosts and configurations together; the other tests compare processes with this one.</remarks>
public sealed class SameBytesTests
{
    /// <summary>What a user's environment may hold, none of which a guest sees.</summary>
    private static readonly (string Name, string Value)[] Elsewhere =
        [("LANG", "tr_TR.UTF-8"), ("LC_ALL", "tr_TR.UTF-8"), ("TZ", "Asia/Kolkata"), ("COLUMNS", "200"), ("HOME", "/nowhere"), ("TERM", "vt100"), ("MMUEMU_ANY", "1")];

    public static TheoryData<string> Guests => [.. SameRun.Guests];

    [Fact]
    public void Ten_programs_give_the_committed_digests()
    {
        StringBuilder lines = new();
        foreach (SameRun run in SameRun.All)
        {
            lines.Append(run.Line()).Append('\n');
        }

        GoldenFile.Check("same-bytes.txt", lines.ToString());
    }

    [Theory]
    [MemberData(nameof(Guests))]
    public async Task The_folder_and_the_environment_do_not_matter(string guest)
    {
        // Given the folder in which a file of that very name lies, and one with a long path
        string near = Path.Combine(SourceTree.Root, "Guests", "built");
        DirectoryInfo far = Directory.CreateTempSubdirectory("same-bytes");
        string deep = Directory.CreateDirectory(Path.Combine(far.FullName, new string('d', 90), new string('e', 90))).FullName;
        try
        {
            foreach (string cpu in SameRun.CpuTexts)
            {
                SameRun run = new(guest, cpu, 4);
                string here = run.Json();

                // When the command runs in each, then it writes what it writes here
                (await MmuemuCommand.Run(new HostPlace(near), run.JsonArguments)).Output.ShouldBe(here);
                (await MmuemuCommand.Run(new HostPlace(deep) { Variables = Elsewhere }, run.JsonArguments)).Output.ShouldBe(here);
            }
        }
        finally
        {
            far.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task Where_the_command_is_installed_does_not_matter()
    {
        DirectoryInfo place = Directory.CreateTempSubdirectory("installed");
        try
        {
            string copy = Install(Path.Combine(place.FullName, new string('i', 120)));
            SameRun run = new("hello-glibc", SameRun.CpuTexts[0], 1);

            HostRun there = await HostProcess.Run(new HostPlace(place.FullName), "dotnet", [copy, .. run.JsonArguments]);

            there.Output.ShouldBe(run.Json(), there.Errors);
        }
        finally
        {
            place.Delete(recursive: true);
        }
    }

    [Theory]
    [InlineData("hello-glibc")]
    [InlineData("lost-update")]
    [InlineData("xstate-signals")]
    [InlineData("nbody 200")]
    [InlineData("pixels-avx2 1")]
    public async Task The_vector_instructions_of_the_host_do_not_matter(string guest)
    {
        foreach (string cpu in SameRun.CpuTexts)
        {
            SameRun run = new(guest, cpu, 1);
            HostPlace plain = new(SourceTree.Root) { Variables = [("DOTNET_EnableHWIntrinsic", "0")] };

            (await MmuemuCommand.Run(plain, run.JsonArguments)).Output.ShouldBe(run.Json());
        }
    }

    [Theory]
    [MemberData(nameof(Guests))]
    public async Task The_configuration_does_not_matter(string guest)
    {
        string? other = OtherConfiguration.Command();
        Assert.SkipWhen(other is null, $"needs the command of the other configuration, built from these sources: dotnet build Debugger -c {OtherConfiguration.Name}");
        foreach (string cpu in SameRun.CpuTexts)
        {
            SameRun run = new(guest, cpu, 4);

            HostRun there = await HostProcess.Run("dotnet", [other, .. run.JsonArguments]);

            there.Output.ShouldBe(run.Json(), there.Errors);
        }
    }

    /// <summary>Copies the command and the programs that ship; nothing of the tests.</summary>
    private static string Install(string folder)
    {
        string guests = Directory.CreateDirectory(Path.Combine(folder, "guests")).FullName;
        string[] wanted = ["mmuemu.*", "MmuEmu.Emulator.dll", "MmuEmu.Kernel.dll", "MmuEmu.Guests.dll", "Iced.dll", "BouncyCastle.Cryptography.dll", "System.CommandLine.dll", "Spectre.Console*.dll", "ZstdSharp.dll"];
        foreach (string file in wanted.SelectMany(pattern => Directory.EnumerateFiles(AppContext.BaseDirectory, pattern)))
        {
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
        }

        foreach (string file in Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "guests")))
        {
            File.Copy(file, Path.Combine(guests, Path.GetFileName(file)));
        }

        return Path.Combine(folder, "mmuemu.dll");
    }
}
