using System.Buffers.Binary;
using MmuEmu.Debugger.Source;
using ZstdSharp;

namespace MmuEmu.Tests.Debugger.Source;

/// <summary>What is asked of a program's source, one question each.</summary>
public sealed class SourceMapTests : IDisposable
{
    private const int LoopLine = 27;
    private const int ForLine = 22;
    private const ulong Bias = 0x5555_5555_4000;

    private readonly SourcePrograms _folder = new();

    [Fact]
    public async Task A_line_has_the_addresses_at_which_it_begins()
    {
        using SourceMap map = new(await _folder.Build("gcc", "-g -O0"));

        LineAddresses found = map.AddressesOf("main.c", LoopLine);

        (found.Line, found.OtherFiles.Count).ShouldBe((LoopLine, 0));
        found.File.ShouldBe(SourcePath.Plain(_folder.At("main.c")));
        found.Addresses.ShouldNotBeEmpty();
        found.Addresses.ShouldAllBe(at => map.FramesAt(at)[0].Function == "main" && map.FramesAt(at)[0].Line == LoopLine);
    }

    [Fact]
    public async Task A_line_without_code_stands_for_the_next_that_has_some()
    {
        using SourceMap map = new(await _folder.Build("gcc", "-g -O0"));

        map.AddressesOf("sub/part.c", 1).Line.ShouldBe(4);
        map.AddressesOf("part.c", 1000).ShouldBe(LineAddresses.None);
        map.AddressesOf("art.c", 1).ShouldBe(LineAddresses.None);
    }

    [Fact]
    public async Task A_line_of_an_inlined_function_has_an_address_for_each_copy()
    {
        using SourceMap map = new(await _folder.Build("gcc", "-g -O2"));

        LineAddresses copies = map.AddressesOf("part.h", 3);

        copies.Addresses.Count.ShouldBeGreaterThan(3);
        copies.Addresses.SelectMany(map.FramesAt).ShouldContain(frame => frame.Function == "square" && frame.IsInlined);
    }

    [Fact]
    public async Task A_function_of_a_class_has_two_names()
    {
        using SourceMap map = new(await _folder.Build("g++", "-g -O0"));

        SourceFrame frame = map.FramesAt(map.AddressesOf("plus.cc", 9).Addresses[0])[0];

        (frame.Function, frame.Linkage).ShouldBe(("add", "_ZN4shop6Basket3addEi"));
    }

    [Fact]
    public async Task Sections_compressed_with_zstd_are_read()
    {
        await _folder.Build("gcc", "-g -O2 -no-pie");
        foreach (string name in (string[])["line", "info", "str"])
        {
            await _folder.Run("objcopy", "--dump-section", $".debug_{name}=plain", "program");
            byte[] plain = await File.ReadAllBytesAsync(_folder.At("plain"), TestContext.Current.CancellationToken);
            byte[] packed = Packed(plain);

            CompressedSection.TryExpand(packed, ulong.MaxValue, out byte[] again, out string reason).ShouldBeTrue(reason);
            again.ShouldBe(plain);
            CompressedSection.TryExpand(packed.AsSpan(0, packed.Length / 2), ulong.MaxValue, out _, out reason).ShouldBeFalse();
            reason.ShouldBe("its zstd data are damaged");
        }
    }

    [Fact]
    public async Task A_program_in_memory_answers_at_the_addresses_that_it_has_there()
    {
        string program = await _folder.Build("gcc", "-g -O2");
        using SourceMap file = new(program);
        using SourceMap memory = new(program, Bias);

        ulong[] here = [.. file.AddressesOf("main.c", LoopLine).Addresses];
        ulong[] there = [.. memory.AddressesOf("main.c", LoopLine).Addresses];

        there.ShouldBe(here.Select(at => at + Bias));
        there.Select(memory.FunctionAt).ShouldBe(here.Select(file.FunctionAt));
        there.SelectMany(memory.FramesAt).ShouldBe(here.SelectMany(file.FramesAt));
        there.SelectMany(memory.StatementAt).Select(range => range.Start - Bias).ShouldBe(here.SelectMany(file.StatementAt).Select(range => range.Start));
        memory.FramesAt(here[0]).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("-g")]
    [InlineData("-g -Wl,-z,noseparate-code")]
    [InlineData("-g -no-pie")]
    [InlineData("-g -shared -fPIC")]
    public async Task The_bias_follows_from_a_mapping_of_code(string options)
    {
        string program = await _folder.Build("gcc", options);
        ElfFile.TryOpen(program, out ElfFile? file, out _).ShouldBeTrue();
        using ElfFile opened = file;
        ElfSection text = file.Sections.Single(section => section.Name == ".text");
        ulong page = text.Offset & ~0xFFFUL;

        SourceMap.BiasOf(program, text.Address + Bias - (text.Offset - page), page).ShouldBe(Bias);
        SourceMap.BiasOf(program, Bias, file.Length + 0x1000).ShouldBeNull();
        SourceMap.BiasOf(_folder.At("main.c"), Bias, 0).ShouldBeNull();
    }

    [Fact]
    public async Task A_program_that_the_host_no_longer_has_is_read_from_its_content()
    {
        string program = await _folder.Build("gcc", "-g -O0");
        byte[] content = await File.ReadAllBytesAsync(program, TestContext.Current.CancellationToken);
        File.Delete(program);

        using SourceMap map = new(program) { Content = content };

        map.AddressesOf("main.c", LoopLine).Addresses.ShouldAllBe(at => map.FramesAt(at)[0].Line == LoopLine);
    }

    [Theory]
    [InlineData("gcc", "-g -O0")]
    [InlineData("gcc", "-g -O2")]
    [InlineData("clang", "-g -O2")]
    public async Task The_statements_of_a_function_are_its_code_without_gaps(string compiler, string options)
    {
        using SourceMap map = new(await _folder.Build(compiler, options));
        ulong start = map.AddressesOf("part.c", 14).Addresses[0];
        List<AddressRange> all = [];

        for (ulong at = start; map.FunctionAt(at)?.Name == "far_away" && map.StatementAt(at) is { Count: > 0 } ranges; at = ranges.Single(range => range.Has(at)).End)
        {
            all.AddRange(ranges);
            ranges.ShouldAllBe(range => map.StatementAt(range.Start).SequenceEqual(ranges) && map.StatementAt(range.End - 1).SequenceEqual(ranges));
        }

        all.Count.ShouldBeGreaterThan(2);
        all.Distinct().OrderBy(range => range.Start).Aggregate(start, (end, range) => range.Start == end ? range.End : 0).ShouldBeGreaterThan(start);
    }

    /// <summary>At -O0 each row is a statement, and code of a line is code of its statement.</summary>
    [Fact]
    public async Task A_statement_has_all_code_of_its_line()
    {
        using SourceMap map = new(await _folder.Build("gcc", "-g -O0"));

        IReadOnlyList<AddressRange> loop = map.StatementAt(map.AddressesOf("main.c", ForLine).Addresses[0]);

        loop.Count.ShouldBe(2);
        loop.ShouldAllBe(range => Enumerable.Range(0, (int)(range.End - range.Start)).All(i => map.FramesAt(range.Start + (ulong)i)[0].Line == ForLine));
        loop.Select(range => range.Start).ShouldBe(map.AddressesOf("main.c", ForLine).Addresses);
        map.StatementAt(0x10).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_source_file_is_found_where_it_was_or_below_a_folder_that_is_named()
    {
        string program = await _folder.Build("gcc", "-g -O0");
        using SourceMap map = new(program);
        string moved = Directory.CreateDirectory(_folder.At("moved/sub")).FullName;
        string compiled = map.FramesAt(map.AddressesOf("part.c", 14).Addresses[0])[0].File;
        File.Copy(_folder.At("sub/part.c"), Path.Combine(moved, "part.c"));
        using SourceMap named = new(program) { SourceFolders = [_folder.At("nowhere"), _folder.At("moved")] };

        map.SourceFileOf(compiled).ShouldBe(_folder.At("sub/part.c"));
        named.SourceFileOf(compiled).ShouldBe(Path.Combine(moved, "part.c"));
        map.SourceFileOf("/build/far/sub/part.c").ShouldBe(_folder.At("sub/part.c"));
        map.SourceFileOf("/build/absent.c").ShouldBeNull();
        map.SourceFileOf("/dev/zero").ShouldBeNull();
        map.SourceFileOf("").ShouldBeNull();
    }

    [Fact]
    public async Task A_linker_that_compresses_with_zstd_is_understood()
    {
        string program = await _folder.Build("gcc", "-g -O2");
        Assert.SkipUnless((await _folder.Run("objcopy", "--help")).Contains("zstd", StringComparison.Ordinal), "needs an objcopy that writes zstd: apt-get install -y binutils (2.40 or later)");
        await _folder.Run("objcopy", "--compress-debug-sections=zstd", "program", "small");

        using SourceMap whole = new(program);
        using SourceMap small = new(_folder.At("small"));

        small.Info.AllLines().SelectMany(table => table.Rows).ShouldBe(whole.Info.AllLines().SelectMany(table => table.Rows));
        small.Faults.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_function_whose_entries_are_in_another_file_has_the_name_of_its_symbol()
    {
        using SourceMap map = new(await _folder.Build("gcc", "-g -O0 -gsplit-dwarf"));

        SourceFrame frame = map.FramesAt(map.AddressesOf("main.c", LoopLine).Addresses[0]).Single();

        (frame.Function, frame.Line).ShouldBe(("main", LoopLine));
        map.Faults.ShouldContain(fault => fault.Contains("such files are not read, lines are known", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_object_file_and_a_stripped_program_have_a_reason()
    {
        await _folder.Build("gcc", "-g -s -Wl,--build-id=none");
        await _folder.Run("gcc", "-g", "-c", "main.c", "-o", "main.o");

        using SourceMap stripped = new(_folder.At("program"));
        using SourceMap part = new(_folder.At("main.o"));

        stripped.Missing.ShouldContain("has no debug information (compile with -g)");
        part.Missing.ShouldContain("is not linked");
    }

    [Fact]
    public void A_kind_of_compression_that_is_unknown_is_told()
    {
        byte[] section = new byte[64];
        BinaryPrimitives.WriteInt32LittleEndian(section, 7);

        CompressedSection.TryExpand(section, ulong.MaxValue, out _, out string reason).ShouldBeFalse();

        reason.ShouldBe("its kind of compression, 7, is unknown");
    }

    public void Dispose() => _folder.Dispose();

    /// <summary>A section as an assembler with zstd writes it: header, then one frame.</summary>
    private static byte[] Packed(byte[] plain)
    {
        using Compressor zstd = new();
        byte[] header = new byte[24];
        BinaryPrimitives.WriteInt32LittleEndian(header, 2);
        BinaryPrimitives.WriteInt64LittleEndian(header.AsSpan(8), plain.Length);
        return [.. header, .. zstd.Wrap(plain)];
    }
}
