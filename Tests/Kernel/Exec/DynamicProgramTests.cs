using MmuEmu.Kernel.Run;
using MmuEmu.Tests.Builders;
using MmuEmu.Tests.Guests;

namespace MmuEmu.Tests.Kernel.Exec;

/// <summary>The host's dynamically linked programs print under the mini-kernel what they print natively.</summary>
public sealed class DynamicProgramTests : IDisposable
{
    private const string Source =
        """
        #include <math.h>
        #include <pthread.h>
        #include <stdio.h>
        #include <stdlib.h>
        static __thread int mine = 5;
        static void *work(void *p) { mine += *(int *)p; *(int *)p = mine; return malloc(1000); }
        int main(int count, char **words)
        {
            int values[4] = { 1, 2, 3, 4 };
            pthread_t threads[4];
            for (int i = 0; i < 4; i++) pthread_create(&threads[i], 0, work, &values[i]);
            for (int i = 0; i < 4; i++) pthread_join(threads[i], 0);
            printf("%d %s %d %d %.6f\n", count, words[1], values[0], values[3], cos(count));
            return 7;
        }
        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("dynamic").FullName;

    public static TheoryData<string, string[]> Programs => new()
    {
        { "/bin/true", [] },
        { "/bin/ls", ["/"] },
        { "/bin/ls", ["-n", "--time-style=+", "/etc/passwd"] },
        { "/usr/bin/sort", ["-r", "/etc/passwd"] },
        { "/usr/bin/sha256sum", ["/bin/ls"] },
        { "/usr/bin/perl", ["-e", "use POSIX; print POSIX::floor(2.5), qq(\\n)"] },
        { "/usr/bin/perl", ["-e", "print qx(/bin/echo from a child)"] },
        { "/usr/bin/sqlite3", [":memory:", "select 1 + 1, upper('x')"] },
        { "/usr/bin/python3", ["-c", "import json; print(json.dumps({'a': [1, 2]}))"] },
        { "/bin/bash", ["-c", "for i in 1 2 3; do /bin/echo $i; done | sort -r; exit 3"] },
        { "/usr/bin/awk", ["BEGIN { print 1 / 3 }"] },
        { "/lib64/ld-linux-x86-64.so.2", ["/bin/echo", "by its loader"] },
    };

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [MemberData(nameof(Programs))]
    public async Task It_prints_and_ends_as_natively(string program, string[] arguments)
    {
        Assert.SkipUnless(File.Exists(program), $"{program} is not there: apt-get install -y coreutils perl-base sqlite3 python3 bash mawk libc6");

        await ShouldRunAsNatively(program, arguments);
    }

    [Theory]
    [InlineData("gcc", "libc6-dev gcc", "")]
    [InlineData("gcc", "libc6-dev gcc", "-no-pie")]
    [InlineData("gcc", "libc6-dev gcc", "-static-pie")]
    [InlineData("musl-gcc", "musl-tools", "")]
    public async Task What_a_compiler_makes_runs_as_it_is(string compiler, string packages, string option)
    {
        Assert.SkipUnless(HostProcess.Exists(compiler), $"needs {compiler}: apt-get install -y {packages}");
        string source = Path.Combine(_folder, "a.c");
        string program = Path.Combine(_folder, "a");
        await File.WriteAllTextAsync(source, Source, TestContext.Current.CancellationToken);
        string[] options = option.Length == 0 ? [] : [option];
        HostRun built = await HostProcess.Run(compiler, [.. options, "-pthread", "-o", program, source, "-lm"]);
        built.ExitCode.ShouldBe(0, built.Errors);

        await ShouldRunAsNatively(program, ["word"]);
    }

    [Fact]
    public void Its_mappings_have_the_names_of_its_files()
    {
        Assert.SkipUnless(File.Exists("/bin/cat"), "/bin/cat is not there: apt-get install -y coreutils");

        string maps = GuestRun.Of("/bin/cat", "/proc/self/maps").Output.Text;

        string[] lines = maps.Split('\n');
        lines[0].ShouldStartWith("555555554000-");
        lines[0].ShouldEndWith("/bin/cat");
        lines.ShouldContain(line => line.Contains("r-xp") && line.Contains("libc"));
        lines.ShouldContain(line => line.Contains("r-xp") && line.Contains("/ld-"));
    }

    private static async Task ShouldRunAsNatively(string program, string[] arguments)
    {
        HostRun native = await HostProcess.Run(program, arguments);

        KernelOptions options = GuestRun.Options(program) with { Arguments = [program, .. arguments], Environment = ["PATH=/usr/bin:/bin"] };
        GuestRun run = GuestRun.Of(options);

        (run.Result.ExitCode, Latin1(run.Output.Written), Latin1(run.Errors.Written)).ShouldBe(
            (native.ExitCode, native.Output, native.Errors), run.Result.Message);
    }

    private static string Latin1(ReadOnlySpan<byte> bytes) => System.Text.Encoding.Latin1.GetString(bytes);
}
