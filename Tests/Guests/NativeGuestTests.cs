using System.Runtime.InteropServices;
using MmuEmu.Emulator.Models;
using MmuEmu.Guests;
using MmuEmu.Tests.Fuzz;

namespace MmuEmu.Tests.Guests;

/// <summary>The host is the oracle: what uses only real Linux calls prints there what we expect of the emulator.</summary>
public sealed class NativeGuestTests
{
    public static TheoryData<string> LinuxPrograms => GuestFiles.Names(program => program.Needs == GuestNeeds.Linux);

    public static TheoryData<string> ProgramsThatRefuse =>
        GuestFiles.Names(program => program.Needs == GuestNeeds.MmuEmu && program.Name != "bad-deadlock");

    private static bool HostRunsGuests =>
        OperatingSystem.IsLinux() && RuntimeInformation.ProcessArchitecture == Architecture.X64;

    [Theory]
    [MemberData(nameof(LinuxPrograms))]
    public async Task A_program_that_uses_only_Linux_calls_does_natively_what_is_expected(string name)
    {
        Assert.SkipUnless(HostRunsGuests, "the host is not Linux on x86-64");
        GuestProgram program = GuestFiles.Find(name);

        HostRun run = await RunNatively(program);

        string expected = GuestFiles.ExpectedOutputOf(program, HostProcessor.Vendor ?? CpuVendor.Amd);
        (run.ExitCode, run.Output).ShouldBe((program.ExitCode, expected), run.Errors);
    }

    [Theory]
    [MemberData(nameof(ProgramsThatRefuse))]
    public async Task A_program_that_needs_the_emulator_says_so_natively_and_does_nothing(string name)
    {
        Assert.SkipUnless(HostRunsGuests, "the host is not Linux on x86-64");

        HostRun run = await RunNatively(GuestFiles.Find(name));

        (run.ExitCode, run.Output).ShouldBe((77, string.Empty));
        run.Errors.ShouldContain("mmuemu run");
    }

    /// <summary>Through a shell, because many of these programs would leave a core file.</summary>
    private static Task<HostRun> RunNatively(GuestProgram program) =>
        HostProcess.Run("/bin/sh", "-c", "ulimit -c 0; exec \"$0\"", GuestFiles.BuiltFileOf(program));
}
