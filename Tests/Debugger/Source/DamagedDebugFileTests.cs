using MmuEmu.Debugger.Source;

namespace MmuEmu.Tests.Debugger.Source;

/// <summary>No content of a file brings the reader of debug information down, or keeps it busy.</summary>
public sealed class DamagedDebugFileTests : IDisposable
{
    private const int Mutations = 2000;
    private const long MostBytesEach = 64 << 20;
    private static readonly TimeSpan MostTime = TimeSpan.FromMinutes(3);
    private static readonly byte[] Favourites = [0x00, 0x01, 0x7F, 0x80, 0xFF];

    private readonly SourcePrograms _folder = new();

    [Theory]
    [InlineData("gcc", "-g -O2 -gdwarf-5", 1)]
    [InlineData("gcc", "-g -O2 -gdwarf-4", 2)]
    [InlineData("clang", "-g -O2", 3)]
    [InlineData("gcc", "-g -O2 -gz=zlib", 4)]
    public async Task A_damaged_file_gives_what_can_be_read_of_it(string compiler, string options, int seed)
    {
        byte[] whole = await File.ReadAllBytesAsync(await _folder.Build(compiler, options), TestContext.Current.CancellationToken);
        (int Start, int Length)[] parts = Parts(_folder.At("program"));
        string file = _folder.At("damaged");
        Random random = new(seed);
        long started = Environment.TickCount64;
        long most = 0;

        for (int i = 0; i < Mutations / 4; i++)
        {
            await File.WriteAllBytesAsync(file, Mutated(whole, parts, random), TestContext.Current.CancellationToken);
            long before = GC.GetAllocatedBytesForCurrentThread();
            Ask(file, random);
            most = Math.Max(most, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        most.ShouldBeLessThan(MostBytesEach);
        TimeSpan.FromMilliseconds(Environment.TickCount64 - started).ShouldBeLessThan(MostTime);
    }

    [Fact]
    public void A_file_of_another_kind_has_a_reason()
    {
        File.WriteAllText(_folder.At("text"), "no program");

        using SourceMap text = new(_folder.At("text"));
        using SourceMap none = new(_folder.At("missing"));
        using SourceMap folder = new(_folder.Folder);

        text.Missing.ShouldContain("is no 64-bit ELF file");
        none.Missing.ShouldContain("cannot be read");
        folder.Missing.ShouldContain("cannot be read");
        text.FramesAt(0x401000).ShouldBeEmpty();
        text.FunctionAt(0x401000).ShouldBeNull();
        text.AddressesOf("main.c", 1).Addresses.ShouldBeEmpty();
    }

    public void Dispose() => _folder.Dispose();

    /// <summary>Asks everything that can be asked.</summary>
    private static void Ask(string file, Random random)
    {
        using SourceMap map = new(file);
        for (int i = 0; i < 20; i++)
        {
            ulong address = 0x1000 + (ulong)random.Next(0x800);
            _ = map.FramesAt(address);
            _ = map.FunctionAt(address);
        }

        foreach (LineTable table in map.Info.AllLines())
        {
            foreach (LineRow row in table.Rows.Take(50))
            {
                _ = map.FramesAt(row.Address);
            }
        }

        _ = map.AddressesOf("main.c", random.Next(40));
        map.Faults.Count.ShouldBeLessThanOrEqualTo(16);
    }

    /// <summary>The places that the reader looks at: sections of debug information and symbols, and the table of sections.</summary>
    private static (int Start, int Length)[] Parts(string program)
    {
        ElfFile.TryOpen(program, out ElfFile? file, out _).ShouldBeTrue();
        using (file)
        {
            int table = (int)file.Length - (file.Sections.Count * 64);
            return
            [
                (table, file.Sections.Count * 64),
                (0, 64),
                .. file.Sections.Where(section => section.HasBytes && section.Size > 0 && (section.Name.StartsWith(".debug", StringComparison.Ordinal) || section.Type == 2))
                    .Select(section => ((int)section.Offset, (int)section.Size)),
            ];
        }
    }

    private static byte[] Mutated(byte[] whole, (int Start, int Length)[] parts, Random random)
    {
        byte[] bytes = [.. whole];
        for (int changes = random.Next(1, 9); changes > 0; changes--)
        {
            (int start, int length) = parts[random.Next(10) == 0 ? random.Next(2) : random.Next(2, parts.Length)];
            int at = start + random.Next(length);
            switch (random.Next(4))
            {
                case 0:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 1:
                    bytes[at] = Favourites[random.Next(Favourites.Length)];
                    break;
                case 2:
                    bytes.AsSpan(at, Math.Min(random.Next(1, 9), start + length - at)).Fill(Favourites[random.Next(Favourites.Length)]);
                    break;
                default:
                    int from = start + random.Next(length);
                    int count = Math.Min(random.Next(1, 33), start + length - Math.Max(at, from));
                    whole.AsSpan(from, count).CopyTo(bytes.AsSpan(at));
                    break;
            }
        }

        return random.Next(20) == 0 ? bytes[..random.Next(bytes.Length)] : bytes;
    }
}
