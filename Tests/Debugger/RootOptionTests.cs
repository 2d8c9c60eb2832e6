using System.Text;
using System.Text.Json;
using MmuEmu.Tests.Builders;

namespace MmuEmu.Tests.Debugger;

/// <summary>Dynamically linked programs on the command line: <c>--root</c>, what is said without it, and the files in the report.</summary>
public sealed class RootOptionTests : IDisposable
{
    private static readonly ElfHeader Text = new(5, 0, 0, 0x1200, 0x1200);

    private readonly string _root = Directory.CreateTempSubdirectory("mmuemu-root").FullName;

    public RootOptionTests()
    {
        Directory.CreateDirectory(Path.Combine(_root, "bin"));
        Write("bin/program", new HandMadeElf { PositionIndependent = true, Entry = 0x1000, Interpreter = "/bin/ld-test.so", Segments = [Text] }.Build(a => a.Call(231, 1)));
        Write("bin/ld-test.so", new HandMadeElf { PositionIndependent = true, Entry = 0x1000, Segments = [Text] }.Build(a => a.Call(231, 42)));
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Theory]
    [InlineData("/bin/program")]
    [InlineData("bin/program")]
    [InlineData("/../bin/./program")]
    public void A_program_is_looked_for_below_the_root_folder(string guest) =>
        CommandHarness.Run("run", "--root", _root, guest).Status.ShouldBe(42);

    [Fact]
    public void Walk_and_why_take_the_root_folder_too()
    {
        CommandHarness.Run("why", "--root", _root, "/bin/program").Out.ShouldContain("it ended with status 42");
        CommandHarness.Run("walk", "--root", _root, "/bin/program", "0x7ffff7ffe000").Out.ShouldContain("user read     allowed");
    }

    [Fact]
    public void What_to_type_next_has_the_root_folder_too()
    {
        Write("bin/ld-test.so", new HandMadeElf { PositionIndependent = true, Entry = 0x1000, Segments = [Text] }.Build(a => a.ud2()));

        CommandHarness.Run("run", "--root", _root, "/bin/program").Error.ShouldContain($"mmuemu why --root {_root} /bin/program");
    }

    [Fact]
    public void Without_its_interpreter_a_program_is_refused_with_what_to_type()
    {
        CommandResult result = CommandHarness.Run("run", Path.Combine(_root, "bin", "program"));

        result.Status.ShouldBe(127);
        result.Error.ShouldContain("/bin/program: its interpreter is not there, or may not be executed: /bin/ld-test.so");
        result.Error.ShouldContain("try: --root DIR");
    }

    [Theory]
    [InlineData("no-such-folder", "/bin/program", 2, "no such folder")]
    [InlineData("", "/bin/nothing", 127, "there is no such file")]
    [InlineData("", "/bin", 127, "it is a directory")]
    [InlineData("", "hello", 2, "a program that ships")]
    public void A_root_folder_that_helps_nobody_is_told(string below, string guest, int status, string words)
    {
        CommandResult result = CommandHarness.Run("run", "--root", Path.Combine(_root, below), guest);

        result.Status.ShouldBe(status);
        result.Error.ShouldContain(words);
        result.Error.ShouldContain("try: ");
    }

    [Fact]
    public void The_report_lists_the_files_that_were_opened_with_their_digests()
    {
        Write("bin/other", Encoding.UTF8.GetBytes("never opened"));

        using JsonDocument report = JsonDocument.Parse(CommandHarness.Run("run", "--json", "--root", _root, "/bin/program").Out);

        report.RootElement.GetProperty("files").EnumerateArray()
            .Select(file => $"{file.GetProperty("path").GetString()} {file.GetProperty("sha256").GetString()}")
            .ShouldBe([$"/bin/ld-test.so {Digest("bin/ld-test.so")}", $"/bin/program {Digest("bin/program")}"]);
    }

    [Fact]
    public void The_report_of_a_program_that_ships_lists_no_files()
    {
        using JsonDocument report = JsonDocument.Parse(CommandHarness.Run("run", "--json", "hello").Out);

        report.RootElement.TryGetProperty("files", out _).ShouldBeFalse();
    }

    private string Digest(string name) =>
        Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(Path.Combine(_root, name))));

    private void Write(string name, byte[] content)
    {
        string path = Path.Combine(_root, name);
        File.WriteAllBytes(path, content);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }
}
