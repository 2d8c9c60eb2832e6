using MmuEmu.Guests;
using MmuEmu.Tests.Guests;

namespace MmuEmu.Tests.Packages;

/// <summary>The tool's packages, installed, updated and removed as a user does it.</summary>
public sealed class ToolPackageTests
{
    [Fact]
    public async Task The_tool_installs_runs_without_NET_updates_and_goes()
    {
        Assert.SkipUnless(BuiltPackages.AreFresh, BuiltPackages.HowToGet);
        using EmptyHome home = new();
        string later = Path.Combine(home.Path, "later");
        BuiltPackages.CopyToolAs("99.0.0", later);

        // When it is installed from the folder of packages
        await home.Dotnet("work", "tool", "install", "--global", "MmuEmu", "--source", BuiltPackages.Folder);

        // Then it is a program of its own that runs from another folder, with nothing of .NET in its environment
        (await File.ReadAllBytesAsync(home.Mmuemu, TestContext.Current.CancellationToken))[..4].ShouldBe([0x7F, .. "ELF"u8]);
        await RunsAlone(home);
        await ShowsSource(home);

        // When a later version comes, then update takes it
        await home.Dotnet("work", "tool", "update", "--global", "MmuEmu", "--source", later);
        (await home.Dotnet("work", "tool", "list", "--global")).Output.ShouldContain("99.0.0");
        await RunsAlone(home);

        // When it is removed, then the command is gone
        await home.Dotnet("work", "tool", "uninstall", "--global", "MmuEmu");
        File.Exists(home.Mmuemu).ShouldBeFalse();
    }

    [Fact]
    public async Task A_platform_without_a_program_of_its_own_gets_the_one_that_NET_runs()
    {
        Assert.SkipUnless(BuiltPackages.AreFresh, BuiltPackages.HowToGet);
        using EmptyHome home = new();
        string feed = Path.Combine(home.Path, "feed");
        BuiltPackages.CopyToolWithoutNative(feed);

        await home.Dotnet("work", "tool", "install", "--global", "MmuEmu", "--source", feed);

        HostRun run = await HostProcess.Run(new HostPlace(home.Path), home.Mmuemu, "run", "vrange-recover");
        (run.ExitCode, run.Output).ShouldBe((0, Expected("vrange-recover")), run.Errors);
        await ShowsSource(home);
    }

    [Fact]
    public void Each_package_has_what_it_needs_and_no_more()
    {
        Assert.SkipUnless(BuiltPackages.AreFresh, BuiltPackages.HowToGet);

        string settings = BuiltPackages.Read(BuiltPackages.FileOf("MmuEmu"), "tools/any/any/DotnetToolSettings.xml");
        settings.ShouldContain("RuntimeIdentifier=\"linux-x64\"");
        settings.ShouldContain("RuntimeIdentifier=\"any\"");
        string[] native = BuiltPackages.Entries(BuiltPackages.FileOf("MmuEmu.linux-x64"));
        native.ShouldContain("tools/any/linux-x64/mmuemu");
        native.ShouldContain("tools/any/linux-x64/guests/vrange-recover");
        SourceOfGuests("tools/any/linux-x64").ShouldBeSubsetOf(native);
        SourceOfGuests("tools/net10.0/any").ShouldBeSubsetOf(BuiltPackages.Entries(BuiltPackages.FileOf("MmuEmu.any")));
        native.ShouldContain("tools/any/linux-x64/share/man/man1/mmuemu.1");
        native.ShouldContain("tools/any/linux-x64/share/bash-completion/completions/mmuemu");
        native.ShouldNotContain(name => name.EndsWith(".dll", StringComparison.Ordinal) || name.EndsWith(".dbg", StringComparison.Ordinal));
        BuiltPackages.Entries(BuiltPackages.FileOf("MmuEmu.any")).ShouldContain("tools/net10.0/any/mmuemu.dll");
    }

    /// <summary>What a debugger needs to show the source of the programs that ship.</summary>
    private static string[] SourceOfGuests(string folder) =>
    [
        .. GuestCatalogue.Programs.Select(program => $"{folder}/guests/debug/{program.Name}.debug"),
        .. GuestCatalogue.Programs.Select(program => $"{folder}/guests/src/{program.Source}.c"),
        $"{folder}/guests/include/mmuemu.h",
    ];

    private static async Task RunsAlone(EmptyHome home)
    {
        HostRun run = await HostProcess.Run(
            new HostPlace(Path.GetTempPath()), "/usr/bin/env", ["-i", "PATH=/nowhere", $"HOME={home.Path}", home.Mmuemu, "run", "vrange-recover"]);
        (run.ExitCode, run.Output).ShouldBe((0, Expected("vrange-recover")), run.Errors);
    }

    /// <summary>The installed command knows the lines of what it ships, and has their text.</summary>
    private static async Task ShowsSource(EmptyHome home)
    {
        home.Write("lines", "run to badfault\nsrc\n");
        HostRun run = await HostProcess.Run(new HostPlace(home.Path), home.Mmuemu, "debug", "-x", "lines", "vrange-recover");
        run.Output.ShouldContain(">   99          wrong += ", Case.Sensitive, run.Errors);
    }

    private static string Expected(string guest) => GuestFiles.ExpectedOutputOf(GuestFiles.Find(guest));
}
