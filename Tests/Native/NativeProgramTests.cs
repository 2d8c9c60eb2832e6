using System.Text.RegularExpressions;
using MmuEmu.Debugger;
using MmuEmu.Tests.Debugger;
using MmuEmu.Tests.Guests;
using MmuEmu.Tests.SameBytes;

namespace MmuEmu.Tests.Native;

/// <summary>The native program does what the managed one does, byte for byte, on every host it promises to run on.</summary>
public sealed class NativeProgramTests
{
    private const long LargestBytes = 16 << 20;

    public static TheoryData<string> All => GuestFiles.Names(_ => true);

    [Theory]
    [MemberData(nameof(All))]
    public void A_guest_gives_the_same_document_and_the_same_events(string name)
    {
        Assert.SkipWhen(NativeProgram.File is null, NativeProgram.HowToGet);

        // Then the harness compares: with counters and a hash of RAM, on either maker's processor, and with every event
        CommandHarness.Run("run", "--json", "--stats", "--max-insns", "1000000", name).Status.ShouldNotBe(ExitCodes.Internal);
        CommandHarness.Run("run", "--json", "--cpu", "v3,vendor=intel", "--cpus", "4", "--max-insns", "400000", name).Status.ShouldNotBe(ExitCodes.Internal);
        CommandHarness.Run("run", "--trace", "all", "--strace", "--max-insns", "30000", name).Error.ShouldNotBeEmpty();
    }

    [Fact]
    public void It_is_one_file_of_less_than_sixteen_MiB()
    {
        Assert.SkipWhen(NativeProgram.File is null, NativeProgram.HowToGet);

        new FileInfo(NativeProgram.File).Length.ShouldBeLessThan(LargestBytes);
        Directory.EnumerateFiles(Path.GetDirectoryName(NativeProgram.File)!, "*.dll").ShouldBeEmpty();
        Directory.EnumerateFiles(Path.GetDirectoryName(NativeProgram.File)!, "*.so").ShouldBeEmpty();
    }

    [Fact]
    public async Task It_needs_no_NET()
    {
        Assert.SkipWhen(NativeProgram.File is null, NativeProgram.HowToGet);

        // Given an environment in which none could be found
        HostRun run = await HostProcess.Run("/usr/bin/env", ["-i", "PATH=/nowhere", "DOTNET_ROOT=/nowhere", NativeProgram.File, "run", "hello"]);

        (run.ExitCode, run.Output).ShouldBe((0, "Hello from a guest.\n"), run.Errors);
    }

    [Fact]
    public void It_asks_the_host_for_the_C_library_alone()
    {
        Assert.SkipWhen(NativeProgram.File is null, NativeProgram.HowToGet);

        // When all names of shared libraries in the file are gathered, those that are opened while it runs too
        string text = System.Text.Encoding.Latin1.GetString(File.ReadAllBytes(NativeProgram.File));
        IEnumerable<string> libraries = Regex.Matches(text, @"\b(lib[a-z]+[a-z0-9_+-]*|ld-[a-z0-9-]+)\.so[.0-9]*").Select(match => match.Value).Distinct();

        libraries.ShouldBe(["libc.so.6", "libm.so.6", "ld-linux-x86-64.so.2"], ignoreOrder: true);
    }

    [Theory]
    [InlineData("Nehalem", "hello-glibc")]          // x86-64-v2 and no more: neither AVX nor FMA nor AES
    [InlineData("Nehalem", "xstate-signals")]
    [InlineData("Nehalem", "pixels-avx2 1")]
    [InlineData("Nehalem", "simd-crypto")]
    [InlineData("Nehalem", "nbody 200")]
    [InlineData("max", "pixels-avx2 1")]            // qemu's AVX2, where the branches for it are taken
    [InlineData("max", "nbody 200")]
    public async Task Every_host_with_x86_64_v2_runs_it(string host, string guest)
    {
        Assert.SkipWhen(NativeProgram.File is null, NativeProgram.HowToGet);
        Assert.SkipUnless(HostProcess.Exists("qemu-x86_64"), "needs qemu-x86_64: apt-get install qemu-user");
        SameRun run = new(guest, SameRun.CpuTexts[0], 1);

        HostRun there = await HostProcess.Run("qemu-x86_64", ["-cpu", host, NativeProgram.File, .. run.JsonArguments]);

        there.Output.ShouldBe(run.Json(), there.Errors);
    }

    [Theory]
    [InlineData("hello-glibc")]
    [InlineData("vrange-recover")]
    [InlineData("lost-update")]
    [InlineData("xstate-signals")]
    [InlineData("pixels-avx2 1")]
    [InlineData("simd-crypto")]
    [InlineData("nbody 200")]
    [InlineData("cow-fork")]
    public async Task An_arm64_host_gives_the_same_bytes(string guest)
    {
        string? program = NativeProgram.For("linux-arm64");
        Assert.SkipWhen(
            program is null,
            "needs the program for arm64: apt-get install clang gcc-aarch64-linux-gnu libc6-dev-arm64-cross; dotnet publish Debugger -c Release -r linux-arm64");
        Assert.SkipUnless(HostProcess.Exists("qemu-aarch64"), "needs qemu-aarch64: apt-get install qemu-user");
        foreach (string cpu in SameRun.CpuTexts)
        {
            SameRun run = new(guest, cpu, 1);

            HostRun there = await HostProcess.Run("qemu-aarch64", ["-L", "/usr/aarch64-linux-gnu", program, .. run.JsonArguments]);

            there.Output.ShouldBe(run.Json(), there.Errors);
        }
    }
}
