using MmuEmu.Tests.Builders;
using MmuEmu.Tests.Guests;
using MmuEmu.Tests.House;

namespace MmuEmu.Tests.Kernel.Syscalls;

/// <summary>C programs that ask the kernel for what few programs ask for: they print here what they print on the host.</summary>
public sealed class AsOnLinuxTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("linux").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("mappings")]
    [InlineData("transfers")]
    [InlineData("handlers")]
    [InlineData("locks")]
    [InlineData("holes")]
    public Task It_prints_what_it_prints_on_the_host(string name) => Compare(name);

    [Fact]
    public Task Promises_are_judged_as_on_a_host_with_the_default_mode()
    {
        const string mode = "/proc/sys/vm/overcommit_memory";
        string now = File.Exists(mode) ? File.ReadAllText(mode).Trim() : "not told";
        Assert.SkipUnless(now == "0", $"the host's vm.overcommit_memory is {now}: sysctl vm.overcommit_memory=0");
        return Compare("promises");
    }

    [Fact]
    public Task Root_may_what_root_may_on_the_host()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "needs root, which the guest always is: sudo dotnet test");
        return Compare("root");
    }

    private async Task Compare(string name)
    {
        Assert.SkipUnless(HostProcess.Exists("gcc"), "needs gcc: apt-get install -y gcc libc6-dev");
        string source = Path.Combine(SourceTree.Root, "Tests", "Kernel", "Syscalls", "programs", name + ".c");
        string program = Path.Combine(_folder, name);
        HostRun built = await HostProcess.Run("gcc", "-O1", "-w", "-static", "-o", program, source);
        built.ExitCode.ShouldBe(0, built.Errors);
        HostRun native = await HostProcess.Run(program);

        GuestRun run = GuestRun.Of(program);

        (run.Result.ExitCode, run.Output.Text).ShouldBe((native.ExitCode, native.Output), run.Result.Message);
    }
}
