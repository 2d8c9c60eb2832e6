using System.Diagnostics;
using System.Runtime.CompilerServices;
using MmuEmu.Tests.Native;

namespace MmuEmu.Tests.Debugger;

/// <summary>Streams of the command that are full, closed or read by nobody: status 121 and one line, by real processes.</summary>
public sealed class LostOutputTests
{
    private const string Shell = "/bin/sh";

    [Theory]
    [InlineData("pte decode 0x8000000012345867")]
    [InlineData("pte decode --json 0x67")]
    [InlineData("pte explain 0x67")]
    [InlineData("pte encode P W U")]
    [InlineData("pte matrix --bits p,w")]
    [InlineData("guests")]
    [InlineData("guests hello")]
    [InlineData("cpu")]
    [InlineData("cpu --json")]
    [InlineData("completions bash")]
    [InlineData("man")]
    [InlineData("--help")]
    [InlineData("run --help")]
    [InlineData("--version")]
    [InlineData("why vrange-recover")]
    [InlineData("walk hello 0x401000")]
    [InlineData("run --json hello")]
    public void Results_that_cannot_be_written_end_with_121_and_one_line(string command)
    {
        foreach ((string redirection, string why) in new[] { (">/dev/full", "No space left on device"), (">&-", "Bad file descriptor") })
        {
            Ran ran = Run($"{command} {redirection}");

            ran.Status.ShouldBe(121, command);
            ran.Errors.ShouldBe($"mmuemu: cannot write to standard output: {why}\n", command);
        }
    }

    [Theory]
    [InlineData("run --stats hello")]
    [InlineData("run --trace all hello")]
    [InlineData("run no-such-guest")]
    [InlineData("run --no-such-option hello")]
    [InlineData("pte matrix --bits p --out /dev/null")]
    public void Messages_that_cannot_be_written_end_with_121(string command)
    {
        Run($"{command} >/dev/null 2>/dev/full").Status.ShouldBe(121, command);
        Run($"{command} >/dev/null 2>&-").Status.ShouldBe(121, command);
        Run($"{command} <&- >&- 2>&-").Status.ShouldBe(121, command);
    }

    [Fact]
    public void A_reader_that_goes_early_is_no_stack_trace()
    {
        Ran ran = RunShell($"{{ {Program} pte matrix; echo $? >&2; }} | head -1");

        ran.Out.Split('\n').Length.ShouldBe(2);
        ran.Errors.ShouldBe("mmuemu: cannot write to standard output: Broken pipe\n121\n");
    }

    [Fact]
    public void A_full_file_of_the_matrix_is_named()
    {
        Ran ran = Run("pte matrix --out /dev/full");

        ran.Status.ShouldBe(121);
        ran.Errors.ShouldBe("mmuemu: cannot write to '/dev/full': No space left on device\n");
    }

    [Theory]
    [InlineData("echo hi >/dev/full", "No space left on device")]
    [InlineData("echo hi >&-", "Bad file descriptor")]
    [InlineData("cat <&-", "Bad file descriptor")]
    [InlineData("cat </", "Is a directory")]
    public void A_guest_hears_the_hosts_own_errno(string command, string why)
    {
        Assert.SkipUnless(File.Exists("/bin/busybox"), "needs busybox: apt-get install busybox-static");

        Ran ran = Run($"run /bin/busybox {command}");

        ran.Status.ShouldBe(1);
        ran.Errors.ShouldContain(why);
    }

    [Fact]
    public void Arguments_that_are_no_text_reach_the_guest_byte_for_byte()
    {
        Assert.SkipUnless(File.Exists("/bin/busybox"), "needs busybox: apt-get install busybox-static");

        RunShell($"{Program} run --env \"X=$(printf 'a\\377b')\" /bin/busybox sh -c 'printf %s%s \"$X\" \"$0\"' \"$(printf 'c\\351\\303\\251')\" | od -An -tx1")
            .Out.Trim().ShouldBe("61 ff 62 63 e9 c3 a9");
    }

    [Fact]
    public void A_working_directory_that_was_removed_is_none_for_the_guest_either()
    {
        Assert.SkipUnless(File.Exists("/bin/busybox"), "needs busybox: apt-get install busybox-static");
        string folder = Directory.CreateTempSubdirectory("mmuemu").FullName;

        Ran ran = RunShell($"cd {folder} && rmdir {folder} && {Program} run hello && {Program} run /bin/busybox pwd");

        ran.Out.ShouldBe("Hello from a guest.\n");
        ran.Errors.ShouldContain("getcwd: No such file or directory");
    }

    private static string Program => NativeProgram.File ?? $"dotnet '{Path.Combine(AppContext.BaseDirectory, "mmuemu.dll")}'";

    private static Ran Run(string arguments) => RunShell($"{Program} {arguments}");

    private static Ran RunShell(string line, [CallerMemberName] string test = "")
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), $"{test} needs /dev/full");
        ProcessStartInfo start = new(Shell, ["-c", line]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        using Process shell = Process.Start(start)!;
        shell.StandardInput.Close();
        Task<string> errors = shell.StandardError.ReadToEndAsync();
        string output = shell.StandardOutput.ReadToEnd();
        shell.WaitForExit();
        return new Ran(shell.ExitCode, output, errors.GetAwaiter().GetResult());
    }

    private readonly record struct Ran(int Status, string Out, string Errors);
}
