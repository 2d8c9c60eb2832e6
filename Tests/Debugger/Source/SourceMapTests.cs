using System.Buffers.Binary;
using MmuEmu.Debugger.Source;
using MmuEmu.Tests.House;
using ZstdSharp;

namespace MmuEmu.Tests.Debugger.Source;

/// <summary>What is asked of a program's source, one question each.</summary>
public sealed class SourceMapTests : IDisposable
{
    private const int LoopLine = 27;

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
    public async Task An_object_file_and_a_stripped_program_have_a_reason()
    {
        await _folder.Build("gcc", "-g -s -Wl,--build-id=none");
        await _folder.Run("gcc", "-g", "-c", "main.c", "-o", "main.o");

        using SourceMap stripped = new(_folder.At("program"));
        using SourceMap part = new(_folder.At("main.o"));

        stripped.Missing.ShouldContain("has no debug information (compile with -g)");
        part.Missing.ShouldContain("is not linked");
    }

    /// <summary>What ships is compiled without -g; only the C library's start has lines.</summary>
    [Fact]
    public void The_code_of_a_guest_that_ships_is_known_by_its_symbols()
    {
        string hello = Path.Combine(SourceTree.Root, "Guests", "built", "hello");
        ulong main = ElfSymbols.Of(hello).All.Single(symbol => symbol.Name == "main").Value;

        using SourceMap map = new(hello);

        map.FramesAt(main).ShouldBeEmpty();
        (map.FunctionAt(main + 5)?.Name, map.FunctionAt(main + 5)?.Offset).ShouldBe(("main", 5UL));
        map.Faults.ShouldBeEmpty();
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
