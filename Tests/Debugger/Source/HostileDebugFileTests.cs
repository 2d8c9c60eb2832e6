using System.Buffers.Binary;
using System.Diagnostics;
using MmuEmu.Debugger.Source;

namespace MmuEmu.Tests.Debugger.Source;

/// <summary>Files that are made to take the reader's time or memory: little bytes that stand for much.</summary>
public sealed class HostileDebugFileTests
{
    private const long MostBytes = 1L << 30;
    private const string TooOften = "refers to the same bytes too often";
    private static readonly TimeSpan MostTime = TimeSpan.FromSeconds(60);

    /// <summary>Version 4, 32-bit, addresses of 8 bytes, abbreviations at 0; the root has a line table at 0 and a folder.</summary>
    [Fact]
    public void Many_files_in_a_long_folder_cost_no_more_than_their_bytes()
    {
        byte[] folder = [.. Enumerable.Repeat((byte)'d', 1 << 20), 0];
        byte[] files = [.. Enumerable.Repeat<byte[]>([(byte)'f', 0, 0, 0, 0], 200_000).SelectMany(file => file)];
        byte[] header = [1, 1, 1, 0xFB, 14, 13, 0, 1, 1, 1, 1, 0, 0, 0, 1, 0, 0, 1, 0, .. files, 0];
        byte[] file = ElfImage.Of(
            (".debug_abbrev", [1, 0x11, 0, 0x10, 0x17, 0x1B, 0x08, 0, 0, 0]),
            (".debug_info", Sized([4, 0, 0, 0, 0, 0, 8, 1, 0, 0, 0, 0, .. folder])),
            (".debug_line", Sized([4, 0, .. Sized(header)])));

        ShouldStayCheap(file, map =>
        {
            _ = map.Info.AllLines().Count();
            map.Faults.ShouldContain(fault => fault.Contains(TooOften, StringComparison.Ordinal));
        });
    }

    /// <summary>Entries of one byte each, whose ranges are a list of rows that are no ranges; both long.</summary>
    [Fact]
    public void Many_functions_with_one_long_list_of_ranges_cost_no_more_than_their_bytes()
    {
        byte[] entries = [.. Enumerable.Repeat((byte)2, 300_000)];
        byte[] list = [.. new byte[12], .. Enumerable.Repeat<byte[]>([1, 0], 300_000).SelectMany(row => row), 0];
        byte[] file = ElfImage.Of(
            (".debug_abbrev", [1, 0x11, 1, 0, 0, 2, 0x2E, 0, 0x55, 0x21, 12, 0, 0, 0]),
            (".debug_info", Sized([5, 0, 1, 8, 0, 0, 0, 0, 1, .. entries, 0])),
            (".debug_line", [0]),
            (".debug_rnglists", list));

        ShouldStayCheap(file, map =>
        {
            map.FramesAt(0x1000).ShouldBeEmpty();
            map.Faults.ShouldContain(fault => fault.Contains(TooOften, StringComparison.Ordinal));
        });
    }

    /// <summary>Hundreds of symbol tables over the same names, whose last has no end.</summary>
    [Fact]
    public void Symbols_are_read_once()
    {
        byte[] names = [0, .. Enumerable.Repeat((byte)'n', 1 << 20)];
        byte[] table = [.. Enumerable.Repeat<byte[]>([1, 0, 0, 0, 0x12, 0, 1, 0, .. new byte[16]], 40_000).SelectMany(row => row)];
        byte[] file = ElfImage.Of([.. Enumerable.Repeat((".symtab", table), 20), (".strtab", names)]);
        int rows = BinaryPrimitives.ReadInt32LittleEndian(file.AsSpan(40));
        for (int i = 2; i < 22; i++)
        {
            BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(rows + (i * 64) + 4), 2);
            BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(rows + (i * 64) + 40), 22);
        }

        ShouldStayCheap(file, map => map.FunctionAt(0x1000).ShouldBeNull());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void A_size_that_no_debug_information_shrinks_from_is_not_believed(int kind)
    {
        byte[] section = new byte[1 << 12];
        BinaryPrimitives.WriteInt32LittleEndian(section, kind);
        BinaryPrimitives.WriteInt64LittleEndian(section.AsSpan(8), 1 << 29);

        CompressedSection.TryExpand(section, ulong.MaxValue, out _, out string reason).ShouldBeFalse();
        reason.ShouldBe("its size without compression, 536870912 bytes, is not believed");
    }

    /// <summary>The length of what follows, then that.</summary>
    private static byte[] Sized(byte[] bytes)
    {
        byte[] length = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(length, bytes.Length);
        return [.. length, .. bytes];
    }

    private static void ShouldStayCheap(byte[] file, Action<SourceMap> ask)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        long started = Stopwatch.GetTimestamp();
        using SourceMap map = new("hostile") { Content = file };

        ask(map);

        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(MostBytes);
        Stopwatch.GetElapsedTime(started).ShouldBeLessThan(MostTime);
    }
}
