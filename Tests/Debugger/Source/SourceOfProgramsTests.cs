using MmuEmu.Debugger.Source;

namespace MmuEmu.Tests.Debugger.Source;

/// <summary>What compilers write, against what binutils and LLVM read: all rows of the line tables, and the calls at 300 addresses.</summary>
public sealed class SourceOfProgramsTests : IDisposable
{
    private const int Addresses = 300;
    private const int Seed = 20;
    private const string Gnu = "addr2line";
    private const string Llvm = "llvm-addr2line";

    private readonly SourcePrograms _folder = new();

    /// <summary>A compiler, its options, and the tool that knows the calls of what it makes.</summary>
    /// <remarks>
    /// binutils 2.40 reads all rows, but loses calls and files of clang's range lists by number, of C++ headers, of 64-bit DWARF and of .zdebug
    /// sections; LLVM's tool reads those.
    /// </remarks>
    public static TheoryData<string, string, string> Builds
    {
        get
        {
            TheoryData<string, string, string> builds = [];
            foreach ((string compiler, string tool) in ((string, string)[])[("gcc", Gnu), ("clang", Llvm)])
            {
                foreach (string version in (string[])["2", "3", "4", "5"])
                {
                    builds.Add(compiler, $"-g -gdwarf-{version} -O0", tool);
                    builds.Add(compiler, $"-g -gdwarf-{version} -O2", tool);
                }

                builds.Add(compiler, "-g -O2 -gz=zlib", tool);
                builds.Add(compiler, "-g -O2 -static", tool);
                builds.Add(compiler, "-g -O2 -static-pie -fPIE", tool);
                builds.Add(compiler, "-g -O2 -no-pie -ffunction-sections -Wl,--gc-sections", tool);
                builds.Add(compiler, "-g -O2 -fdebug-types-section", tool);
            }

            builds.Add("gcc", "-g -O2 -gz=zlib-gnu", Llvm);
            builds.Add("gcc", "-g -O2 -gdwarf64", Llvm);
            builds.Add("gcc", "-g -O2 -gno-as-locview-support", Gnu);
            builds.Add("gcc", "-g -O3 -flto=1", Gnu);
            builds.Add("g++", "-g -O0", Llvm);
            builds.Add("g++", "-g -O2", Llvm);
            builds.Add("g++", "-g -O2 -gdwarf-4", Llvm);
            builds.Add("g++", "-g -O2 -fdebug-types-section", Llvm);
            builds.Add("clang++", "-g -O2", Llvm);
            return builds;
        }
    }

    [Theory]
    [MemberData(nameof(Builds))]
    public async Task Rows_and_calls_are_those_that_others_read(string compiler, string options, string tool)
    {
        string program = await _folder.Build(compiler, options);

        using SourceMap map = new(program);

        await ShouldAgree(map, program, tool);
    }

    [Fact]
    public async Task Debug_information_that_was_split_off_is_found_by_its_link()
    {
        string program = await _folder.Build("gcc", "-g -O2 -Wl,--build-id=none");
        await _folder.Run("objcopy", "--only-keep-debug", "program", "program.debug");
        await _folder.Run("objcopy", "--strip-all", "--add-gnu-debuglink=program.debug", "program", "bare");
        Directory.CreateDirectory(_folder.At(".debug"));
        File.Move(_folder.At("program.debug"), _folder.At(".debug/program.debug"));

        using SourceMap map = new(_folder.At("bare"));

        map.DebugPath.ShouldBe(_folder.At(".debug/program.debug"));
        await ShouldAgree(map, program, Gnu);
    }

    [Fact]
    public async Task Debug_information_that_was_split_off_is_found_by_its_build_id()
    {
        string program = await _folder.Build("gcc", "-g -O2 -Wl,--build-id=0xabcdef0123");
        Directory.CreateDirectory(_folder.At("debug/.build-id/ab"));
        await _folder.Run("objcopy", "--only-keep-debug", "program", "debug/.build-id/ab/cdef0123.debug");
        await _folder.Run("objcopy", "--strip-all", "program", "bare");

        using SourceMap map = new(_folder.At("bare")) { DebugFolders = [_folder.At("debug")] };

        map.DebugPath.ShouldBe(_folder.At("debug/.build-id/ab/cdef0123.debug"));
        await ShouldAgree(map, program, Gnu);
    }

    public void Dispose() => _folder.Dispose();

    private async Task ShouldAgree(SourceMap map, string program, string tool)
    {
        map.Missing.ShouldBe("");
        LineOracle.Rows(map).Order(StringComparer.Ordinal).ShouldBe((await LineOracle.Rows(_folder, program)).Order(StringComparer.Ordinal));
        ulong[] addresses = Sample(map);

        string[] theirs = await LineOracle.Frames(_folder, tool, program, addresses);

        addresses.Select(at => LineOracle.Frames(map, at)).Zip(theirs).Where(pair => !LineOracle.Agree(pair.First, pair.Second)).Distinct()
            .Select(pair => $"ours {pair.First}\ntheirs {pair.Second}").ShouldBeEmpty();
        map.Faults.ShouldBeEmpty();
    }

    /// <summary>Addresses between the first and the last row of what is code, where the compiler's own code is.</summary>
    private static ulong[] Sample(SourceMap map)
    {
        Random random = new(Seed);
        ulong[] known = [.. map.Info.AllLines().SelectMany(table => table.Rows).Where(row => !row.IsEnd && map.FramesAt(row.Address).Count > 0).Select(row => row.Address).Distinct()];
        known.ShouldNotBeEmpty();
        return [.. Enumerable.Range(0, Addresses).Select(_ => known[random.Next(known.Length)] + (ulong)random.Next(6)).Where(at => map.FramesAt(at).Count > 0)];
    }
}
