using MmuEmu.Emulator.Models;
using MmuEmu.Guests;

namespace MmuEmu.Tests.Guests;

/// <summary>Programs that ship print what is expected on Intel's processors; C libraries pick their functions by vendor, caches and features.</summary>
public sealed class VendorGuestTests
{
    public static TheoryData<string> All => GuestFiles.Names(_ => true);

    [Theory]
    [MemberData(nameof(All))]
    public async Task A_guest_prints_what_is_expected_on_intels_v3(string name) => await Prints(name, "v3,vendor=intel");

    [Theory]
    [InlineData("hello-glibc")]
    [InlineData("libc-mix-glibc")]
    [InlineData("libc-mix-musl")]
    [InlineData("pthread-mix-glibc")]
    [InlineData("simd-crypto")]
    [InlineData("simd-text")]
    [InlineData("pixels-avx2")]
    [InlineData("xstate-signals")]
    public async Task And_on_intels_max(string name) => await Prints(name, "max,vendor=intel");

    private static async Task Prints(string name, string cpu)
    {
        GuestProgram program = GuestFiles.Find(name);
        int asked = program.RunOptions.ToList().IndexOf("--cpu");
        string[] options = asked < 0
            ? ["--cpu", cpu, .. program.RunOptions]
            : [.. program.RunOptions.Select((word, i) => i == asked + 1 ? word + ",vendor=intel" : word)];

        HostRun run = await MmuemuCommand.Run(["run", .. options, GuestFiles.BuiltFileOf(program)]);

        (run.ExitCode, run.Output).ShouldBe((program.ExitCode, GuestFiles.ExpectedOutputOf(program, CpuVendor.Intel)), run.Errors);
    }
}
