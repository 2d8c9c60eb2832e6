using MmuEmu.Debugger.Source;

namespace MmuEmu.Tests.Debugger.Source;

/// <summary>What compilers write, against what binutils read: all rows of the line tables, and the calls at 300 addresses.</summary>
public sealed class SourceOfProgramsTests : IDisposable
{
    private const int Addresses = 300;
    private const int Seed = 20;

    private readonly SourcePrograms _folder = new();

    public static TheoryData<string, string> Builds
    {
        get
        {
            TheoryData<string, string> builds = [];
            foreach (string compiler in (string[])["gcc", "clang"])
            {
                foreach (string version in (string[])["2", "3", "4", "5"])
                {
                    builds.Add(compiler, $"-g -gdwarf-{version} -O0");
                    builds.Add(compiler, $"-g -gdwarf-{version} -O2");
                }

                builds.Add(compiler, "-g -O2 -gz=zlib");
                builds.Add(compiler, "-g -O2 -static");
                builds.Add(compiler, "-g -O2 -static-pie -fPIE");
                builds.Add(compiler, "-g -O2 -no-pie -ffunction-sections -Wl,--gc-sections");
                builds.Add(compiler, "-g -O2 -fdebug-types-section");
            }

            builds.Add("gcc", "-g -O2 -gz=zlib-gnu");
            builds.Add("gcc", "-g -O2 -gdwarf64");
            builds.Add("gcc", "-g -O2 -gno-as-locview-support");
            builds.Add("gcc", "-g -O3 -flto=1");
            builds.Add("g++", "-g -O0");
            builds.Add("g++", "-g -O2");
            builds.Add("g++", "-g -O2 -gdwarf-4");
            builds.Add("clang++", "-g -O2");
            return builds;
        }
    }

    [Theory]
    [MemberData(nameof(Builds))]
    public async Task Rows_and_calls_are_those_that_binutils_read(string compiler, string options)
    {
        string program = await _folder.Build(compiler, options);

        using SourceMap map = SourceMap.Open(program);

        await ShouldAgree(map, program);
    }

    [Fact]
    public async Task Debug_information_that_was_split_off_is_found_by_its_link()
    {
        string program = await _folder.Build("gcc", "-g -O2 -Wl,--build-id=none");
        await _folder.Run("objcopy", "--only-keep-debug", "program", "program.debug");
        await _folder.Run("objcopy", "--strip-all", "--add-gnu-debuglink=program.debug", "program", "bare");
        Directory.CreateDirectory(_folder.At(".debug"));
        File.Move(_folder.At("program.debug"), _folder.At(".debug/program.debug"));

        using SourceMap map = SourceMap.Open(_folder.At("bare"));

        map.DebugPath.ShouldBe(_folder.At(".debug/program.debug"));
        await ShouldAgree(map, program);
    }

    [Fact]
    public async Task Debug_information_that_was_split_off_is_found_by_its_build_id()
    {
        string program = await _folder.Build("gcc", "-g -O2 -Wl,--build-id=0xabcdef0123");
        Directory.CreateDirectory(_folder.At("debug/.build-id/ab"));
        await _folder.Run("objcopy", "--only-keep-debug", "program", "debug/.build-id/ab/cdef0123.debug");
        await _folder.Run("objcopy", "--strip-all", "program", "bare");

        using SourceMap map = SourceMap.Open(_folder.At("bare"), _folder.At("debug"));

        map.DebugPath.ShouldBe(_folder.At("debug/.build-id/ab/cdef0123.debug"));
        await ShouldAgree(map, program);
    }

    public void Dispose() => _folder.Dispose();

    private async Task ShouldAgree(SourceMap map, string program)
    {
        map.Missing.ShouldBe("");
        LineOracle.Rows(map).Order(StringComparer.Ordinal).ShouldBe((await LineOracle.Rows(_folder, program)).Order(StringComparer.Ordinal));
        ulong[] addresses = Sample(map);

        string[] theirs = await LineOracle.Frames(_folder, program, addresses);

        addresses.Select(at => LineOracle.Frames(map, at)).Zip(theirs).Where(pair => pair.First != pair.Second).Distinct()
            .Select(pair => $"ours {pair.First}\ntheirs {pair.Second}").ShouldBeEmpty();
        map.Faults.ShouldBeEmpty();
    }

    /// <summary>Addresses between the first and the last row of what is code, where the compiler's own code is.</summary>
    private static ulong[] Sample(SourceMap map)
    {
        Random random = new(Seed);
        ulong[] known = [.. map.AllLines().SelectMany(table => table.Rows).Where(row => !row.IsEnd && map.FramesAt(row.Address).Count > 0).Select(row => row.Address).Distinct()];
        known.ShouldNotBeEmpty();
        return [.. Enumerable.Range(0, Addresses).Select(_ => known[random.Next(known.Length)] + (ulong)random.Next(6)).Where(at => map.FramesAt(at).Count > 0)];
    }
}
