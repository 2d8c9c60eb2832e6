using System.Buffers.Binary;
using System.Security.Cryptography;
using MmuEmu.Guests;

namespace MmuEmu.Tests.Guests;

/// <summary>The built files are committed; these tests keep them, their sources and the catalogue together.</summary>
public sealed class BuiltGuestTests
{
    /// <summary>Behind the name of an expected output that only Intel's processors give.</summary>
    private const string Intel = ".intel";

    private const string Rebuild = "run `sh Guests/build.sh` and commit Guests/built";
    private const string Install = "needs gcc and musl-gcc: apt-get install -y gcc musl-tools";

    public static TheoryData<string> Recorded =>
        [.. File.ReadLines(Path.Combine(GuestFiles.Folder, "built", "SOURCES.sha256"))];

    public static TheoryData<string> All => GuestFiles.Names(_ => true);

    [Theory]
    [MemberData(nameof(Recorded))]
    public void A_file_is_what_it_was_when_the_guests_were_built(string line)
    {
        string[] parts = line.Split("  ", 2);
        byte[] content = File.ReadAllBytes(Path.Combine(GuestFiles.Folder, parts[1]));

        Convert.ToHexStringLower(SHA256.HashData(content)).ShouldBe(parts[0], $"{parts[1]}: {Rebuild}");
    }

    [Fact]
    public void Every_source_and_every_built_file_is_recorded()
    {
        IEnumerable<string> present =
        [
            "build.sh",
            .. FilesIn("include"),
            .. FilesIn("src"),
            .. FilesIn("built").Where(file => Path.GetExtension(file).Length == 0),
            .. FilesIn("built/debug"),
        ];
        IEnumerable<string> recorded = Recorded.Select(row => row.Data.Split("  ", 2)[1]);

        recorded.ShouldBe(present, ignoreOrder: true, Rebuild);
    }

    [Fact]
    public void Catalogue_sources_built_files_and_expected_outputs_name_the_same_programs()
    {
        string[] names = [.. GuestCatalogue.Programs.Select(program => program.Name)];

        names.ShouldBeUnique();
        NamesIn("built", string.Empty).ShouldBe(names, ignoreOrder: true);
        NamesIn("built/debug", ".debug").ShouldBe(names, ignoreOrder: true);
        string[] expected = [.. NamesIn("expected", ".txt")];
        expected.Where(name => !name.EndsWith(Intel, StringComparison.Ordinal)).ShouldBe(names, ignoreOrder: true);
        expected.Where(name => name.EndsWith(Intel, StringComparison.Ordinal)).Select(name => name[..^Intel.Length]).ShouldBeSubsetOf(names);
        NamesIn("src", ".c").ShouldBe(GuestCatalogue.Programs.Select(program => program.Source).Distinct(), ignoreOrder: true);
    }

    [Theory]
    [MemberData(nameof(All))]
    public void A_built_file_is_a_static_ELF64_of_the_announced_type(string name)
    {
        GuestProgram program = GuestFiles.Find(name);
        byte[] elf = File.ReadAllBytes(GuestFiles.BuiltFileOf(program));

        int type = BinaryPrimitives.ReadUInt16LittleEndian(elf.AsSpan(16));
        int machine = BinaryPrimitives.ReadUInt16LittleEndian(elf.AsSpan(18));
        bool usesGlibc = elf.AsSpan().IndexOf("glibc"u8) >= 0;

        (type, machine, usesGlibc, HasInterpreter(elf)).ShouldBe(
            (program.Build == GuestBuild.GlibcPie ? 3 : 2, 62, program.Build != GuestBuild.Musl, false));
    }

    [Theory]
    [MemberData(nameof(All))]
    public void A_program_is_found_by_its_name_beside_the_assembly(string name)
    {
        GuestCatalogue.TryFindFile(name, out string? path).ShouldBeTrue();

        File.ReadAllBytes(path!).ShouldBe(File.ReadAllBytes(GuestFiles.BuiltFileOf(GuestFiles.Find(name))));
        string source = $"{GuestFiles.Find(name).Source}.c";
        File.ReadAllBytes(Path.Combine(GuestCatalogue.Folder, "debug", $"{name}.debug")).ShouldBe(File.ReadAllBytes(Path.Combine(GuestFiles.Folder, "built", "debug", $"{name}.debug")));
        File.ReadAllBytes(Path.Combine(GuestCatalogue.Folder, "src", source)).ShouldBe(File.ReadAllBytes(Path.Combine(GuestFiles.Folder, "src", source)));
        File.Exists(Path.Combine(GuestCatalogue.Folder, "include", "mmuemu.h")).ShouldBeTrue();
    }

    [Theory]
    [InlineData("no-such-guest")]
    [InlineData("")]
    [InlineData("../mmuemu.dll")]
    public void A_name_that_does_not_ship_is_not_found(string name) =>
        (GuestCatalogue.TryFindFile(name, out _) || GuestCatalogue.TryFindFileAt(GuestCatalogue.GuestFolder + name, out _)).ShouldBeFalse();

    [Fact]
    public async Task The_recipe_still_builds_every_guest_and_the_same_compiler_gives_the_same_bytes()
    {
        Assert.SkipUnless(HostProcess.Exists("gcc") && HostProcess.Exists("musl-gcc"), Install);
        string script = Path.Combine(GuestFiles.Folder, "build.sh");
        string built = Path.Combine(GuestFiles.Folder, "built");
        DirectoryInfo rebuilt = Directory.CreateTempSubdirectory("mmuemu-guests-");
        try
        {
            // When everything is built again, elsewhere
            HostRun run = await HostProcess.Run("/bin/sh", script, rebuilt.FullName);
            run.ExitCode.ShouldBe(0, run.Errors);

            // Then there is a file for every program, and its debug file
            string[] names = [.. GuestCatalogue.Programs.Select(program => program.Name)];
            string[] debug = [.. names.Select(name => Path.Combine("debug", $"{name}.debug"))];
            rebuilt.GetFiles("*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(rebuilt.FullName, file.FullName))
                .ShouldBe([.. names, .. debug, "TOOLCHAIN.txt"], ignoreOrder: true);

            // And, if the tools are the same, it is the committed file
            bool sameTools = File.ReadAllText(Path.Combine(rebuilt.FullName, "TOOLCHAIN.txt"))
                == File.ReadAllText(Path.Combine(built, "TOOLCHAIN.txt"));
            IEnumerable<string> different = names.Concat(debug).Where(name => !SameBytes(name, built, rebuilt.FullName));
            (sameTools ? different : []).ShouldBeEmpty(Rebuild);
        }
        finally
        {
            rebuilt.Delete(recursive: true);
        }
    }

    private static bool SameBytes(string name, string folder, string otherFolder) =>
        File.ReadAllBytes(Path.Combine(folder, name)).SequenceEqual(File.ReadAllBytes(Path.Combine(otherFolder, name)));

    /// <summary>True when a program header is PT_INTERP (3), as in a dynamically linked file.</summary>
    private static bool HasInterpreter(byte[] elf)
    {
        int table = (int)BinaryPrimitives.ReadUInt64LittleEndian(elf.AsSpan(32));
        int size = BinaryPrimitives.ReadUInt16LittleEndian(elf.AsSpan(54));
        int count = BinaryPrimitives.ReadUInt16LittleEndian(elf.AsSpan(56));
        return Enumerable.Range(0, count)
            .Any(i => BinaryPrimitives.ReadUInt32LittleEndian(elf.AsSpan(table + (i * size))) == 3);
    }

    private static IEnumerable<string> FilesIn(string folder) =>
        Directory.GetFiles(Path.Combine(GuestFiles.Folder, folder)).Select(file => folder + "/" + Path.GetFileName(file));

    private static IEnumerable<string> NamesIn(string folder, string extension) =>
        FilesIn(folder).Where(file => Path.GetExtension(file) == extension).Select(Path.GetFileNameWithoutExtension)!;
}
