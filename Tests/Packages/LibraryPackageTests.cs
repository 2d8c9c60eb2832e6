using System.Text.RegularExpressions;
using MmuEmu.Tests.Guests;
using MmuEmu.Tests.House;

namespace MmuEmu.Tests.Packages;

/// <summary>The libraries' packages, used by a program outside of the source tree: the one that the package's readme shows.</summary>
public sealed class LibraryPackageTests
{
    [Fact]
    public async Task The_paging_unit_does_what_its_readme_shows()
    {
        Assert.SkipUnless(BuiltPackages.AreFresh, BuiltPackages.HowToGet);
        using EmptyHome home = new();
        home.UseFeeds();
        Consume(home, "Emulator", "");

        HostRun run = await home.Dotnet("Emulator", "run", "-c", "Release");

        run.Output.ShouldEndWith("a read goes to 0x5000; the entry is now 0x0000000000005025\na write is refused: P, WR, US at 0x40000000\n");
    }

    [Fact]
    public async Task The_kernel_does_what_its_readme_shows_managed_and_compiled_with_every_member_kept()
    {
        Assert.SkipUnless(BuiltPackages.AreFresh, BuiltPackages.HowToGet);
        Assert.SkipUnless(HostProcess.Exists("gcc") || HostProcess.Exists("clang"), "needs a C compiler: apt-get install gcc");
        using EmptyHome home = new();
        home.UseFeeds();

        // Given a consumer that is compiled natively, warnings being errors, and keeps both libraries whole
        Consume(home, "Kernel", """
            <PublishAot>true</PublishAot>
            <TrimmerSingleWarn>false</TrimmerSingleWarn>
            </PropertyGroup>
            <ItemGroup>
            <TrimmerRootAssembly Include="MmuEmu.Emulator" />
            <TrimmerRootAssembly Include="MmuEmu.Kernel" />
            </ItemGroup>
            <PropertyGroup>
            """);
        string guest = GuestFiles.BuiltFileOf(GuestFiles.Find("hello"));

        HostRun managed = await home.Dotnet("Kernel", "run", "-c", "Release", "--", guest);
        await home.Dotnet("Kernel", "publish", "-c", "Release", "-o", Path.Combine(home.Path, "native"));
        HostRun native = await HostProcess.Run(new HostPlace(home.Path), Path.Combine(home.Path, "native", "Kernel"), guest);

        managed.Output.ShouldContain("Hello from a guest.\nExited with 0 after ");
        managed.Output.ShouldEndWith(native.Output, Case.Sensitive, native.Errors);
        native.Output.ShouldNotBeEmpty();
    }

    [Theory]
    [InlineData("Emulator")]
    [InlineData("Kernel")]
    public void A_library_has_its_docs_a_readme_and_an_icon(string name)
    {
        Assert.SkipUnless(BuiltPackages.AreFresh, BuiltPackages.HowToGet);
        string file = BuiltPackages.FileOf($"MmuEmu.{name}");

        BuiltPackages.Entries(file).ShouldBeSubsetOf(
            [
                .. BuiltPackages.Entries(file).Where(entry => entry.StartsWith("_rels", StringComparison.Ordinal) || entry.StartsWith("package/", StringComparison.Ordinal)),
                "[Content_Types].xml", $"MmuEmu.{name}.nuspec", "README.md", "icon.png", $"lib/net10.0/MmuEmu.{name}.dll", $"lib/net10.0/MmuEmu.{name}.xml",
            ]);
        string description = BuiltPackages.Read(file, $"MmuEmu.{name}.nuspec");
        description.ShouldContain("<readme>README.md</readme>");
        description.ShouldContain("<icon>icon.png</icon>");
        description.ShouldContain("<license type=\"expression\">MIT</license>");
    }

    /// <summary>A project whose program is the one C# example of the library's readme.</summary>
    private static void Consume(EmptyHome home, string library, string properties)
    {
        string readme = File.ReadAllText(Path.Combine(SourceTree.Root, library, "README.md"));
        home.Write($"{library}/Program.cs", Regex.Match(readme, "```csharp\n(.*?)```", RegexOptions.Singleline).Groups[1].Value);
        home.Write($"{library}/{library}.csproj", $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <TargetFramework>net10.0</TargetFramework>
                <Nullable>enable</Nullable>
                <ImplicitUsings>enable</ImplicitUsings>
                <InvariantGlobalization>true</InvariantGlobalization>
                <TreatWarningsAsErrors>true</TreatWarningsAsErrors>
                {properties}
              </PropertyGroup>
              <ItemGroup>
                <PackageReference Include="MmuEmu.{library}" Version="{BuiltPackages.Version}" />
              </ItemGroup>
            </Project>
            """);
    }
}
