using System.Buffers.Binary;
using System.Text;
using MmuEmu.Debugger.Source;
using MmuEmu.Guests;
using MmuEmu.Tests.Guests;

namespace MmuEmu.Tests.Debugger.Source;

/// <summary>The programs that ship have lines, from the debug files beside them.</summary>
public sealed class ShippedSourceTests : IDisposable
{
    private const int Addresses = 60;
    private const int Seed = 23;

    private readonly SourcePrograms _folder = new();

    public static TheoryData<string> All => GuestFiles.Names(_ => true);

    [Theory]
    [MemberData(nameof(All))]
    public async Task Rows_and_calls_are_those_that_binutils_read(string guest)
    {
        string debug = DebugFileOf(guest);
        using SourceMap map = new(FileOf(guest));

        map.DebugPath.ShouldBe(debug);
        LineOracle.Rows(map).Order(StringComparer.Ordinal).ShouldBe((await LineOracle.Rows(_folder, debug)).Order(StringComparer.Ordinal));
        Random random = new(Seed);
        ulong[] known = [.. map.Info.AllLines().SelectMany(table => table.Rows).Where(row => !row.IsEnd).Select(row => row.Address).Distinct()];
        ulong[] asked = [.. Enumerable.Range(0, Addresses).Select(_ => known[random.Next(known.Length)] + (ulong)random.Next(6)).Where(at => map.FramesAt(at).Count > 0)];
        string[] theirs = await LineOracle.Frames(_folder, "addr2line", debug, asked);
        asked.Select(at => LineOracle.Frames(map, at)).Zip(theirs).Where(pair => !LineOracle.Agree(pair.First, pair.Second)).ShouldBeEmpty();
        (map.Missing, map.Stale).ShouldBe(("", ""));
        map.Faults.ShouldBeEmpty();
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Its_own_code_is_described_and_its_source_lies_beside_it(string guest)
    {
        using SourceMap map = new(FileOf(guest));
        string source = $"{GuestFiles.Find(guest).Source}.c";

        ulong main = ElfSymbols.Of(FileOf(guest)).All.Single(symbol => symbol.Name == "main").Value;
        SourceFrame frame = map.FramesAt(main)[^1];
        (frame.Function, SourcePath.Plain(frame.File)).ShouldBe(("main", $"src/{source}"));
        map.SourceFileOf(frame.File).ShouldBe(Path.Combine(GuestCatalogue.Folder, "src", source));

        // Nothing else: the C library's source does not ship, and no host's folders are named.
        string[] files = [.. map.Info.AllLines().SelectMany(table => table.Rows.Select(row => SourcePath.Plain(table.FileOf(row.File)))).Distinct()];
        files.Where(file => file != $"src/{source}" && file != "include/mmuemu.h" && !file.StartsWith("usr/", StringComparison.Ordinal)).ShouldBeEmpty();
    }

    [Theory]
    [MemberData(nameof(All))]
    public void No_path_of_a_host_is_in_a_debug_file(string guest)
    {
        ElfFile.TryOpen(DebugFileOf(guest), out ElfFile? file, out string reason).ShouldBeTrue(reason);
        using (file)
        {
            DwarfSections sections = new(file!);
            string[] texts = [.. Texts(sections.Str), .. Texts(sections.LineStr)];

            texts.ShouldContain($"src/{GuestFiles.Find(guest).Source}.c");
            texts.Where(text => text.Contains("/home", StringComparison.Ordinal) || text.StartsWith('/') || text.Contains("Guests", StringComparison.Ordinal)).ShouldBeEmpty();
            sections.Faults.ShouldBeEmpty();
        }
    }

    [Fact]
    public void A_debug_file_of_another_build_is_told_and_not_used()
    {
        Directory.CreateDirectory(_folder.At("debug"));
        File.Copy(FileOf("hello"), _folder.At("hello"));
        File.Copy(DebugFileOf("fib"), _folder.At("debug/hello.debug"));

        using SourceMap map = new(_folder.At("hello"));

        ulong main = ElfSymbols.Of(_folder.At("hello")).All.Single(symbol => symbol.Name == "main").Value;
        map.Stale.ShouldBe($"{_folder.At("debug/hello.debug")} is the debug file of another build of hello");
        map.FramesAt(main).ShouldBeEmpty();
        map.FunctionAt(main)?.Name.ShouldBe("main");
    }

    [Fact]
    public void A_program_that_another_byte_was_put_into_has_no_debug_file()
    {
        byte[] content = File.ReadAllBytes(FileOf("hello"));
        content[^1] ^= 1;

        using SourceMap map = new(FileOf("hello")) { Content = content };

        map.Stale.ShouldContain("another build of hello");
        map.DebugPath.ShouldNotBe(DebugFileOf("hello"));
    }

    /// <summary>What gdb is given: all that is loaded stays as it is, and behind it are the lines.</summary>
    [Theory]
    [InlineData("vrange-recover")]
    [InlineData("hello-glibc")]
    [InlineData("hello-pie")]
    public async Task A_program_with_its_debug_sections_is_the_same_program(string guest)
    {
        byte[] program = await File.ReadAllBytesAsync(FileOf(guest), TestContext.Current.CancellationToken);
        byte[] joined = JoinedElf.Of(FileOf(guest), program);

        byte[] headerAside = [.. joined.AsSpan(0, program.Length)];
        program.AsSpan(40, 8).CopyTo(headerAside.AsSpan(40));
        program.AsSpan(60, 2).CopyTo(headerAside.AsSpan(60));
        headerAside.ShouldBe(program);
        await File.WriteAllBytesAsync(_folder.At("joined"), joined, TestContext.Current.CancellationToken);
        using SourceMap map = new(FileOf(guest));
        using SourceMap alone = new(_folder.At("joined"));
        alone.Info.AllLines().SelectMany(table => table.Rows).ShouldBe(map.Info.AllLines().SelectMany(table => table.Rows));
        (await LineOracle.Rows(_folder, _folder.At("joined"))).Length.ShouldBe(map.Info.AllLines().Sum(table => table.Rows.Count));
        ElfSymbols.Of(_folder.At("joined")).All.ShouldBe(ElfSymbols.Of(FileOf(guest)).All);
    }

    [Fact]
    public void A_program_without_a_debug_file_of_its_own_stays_as_it_is()
    {
        byte[] program = File.ReadAllBytes(FileOf("hello"));
        byte[] stripped = [.. program];
        BinaryPrimitives.WriteUInt16LittleEndian(stripped.AsSpan(60), 0);

        JoinedElf.Of(_folder.At("hello"), program).ShouldBeSameAs(program);
        JoinedElf.Of(FileOf("hello"), stripped).ShouldBeSameAs(stripped);
        JoinedElf.Of(FileOf("hello"), []).ShouldBeEmpty();
    }

    public void Dispose() => _folder.Dispose();

    private static string FileOf(string guest) => Path.Combine(GuestCatalogue.Folder, guest);

    private static string DebugFileOf(string guest) => Path.Combine(GuestCatalogue.Folder, "debug", $"{guest}.debug");

    private static string[] Texts(byte[] section) => Encoding.UTF8.GetString(section).Split('\0');
}
