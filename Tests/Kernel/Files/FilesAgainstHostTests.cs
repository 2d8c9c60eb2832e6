using System.Runtime.InteropServices;
using System.Text.RegularExpressions;
using MmuEmu.Emulator.Tlb;
using MmuEmu.Emulator.Translation;
using MmuEmu.Kernel.Run;
using MmuEmu.Kernel.Story;
using MmuEmu.Tests.Builders;
using MmuEmu.Tests.Guests;

namespace MmuEmu.Tests.Kernel.Files;

/// <summary>Programs that change files of memory at random print the same here, under pressure and on several processors, and on the Linux that runs the tests.</summary>
public sealed class FilesAgainstHostTests
{
    public static bool HostAnswers => OperatingSystem.IsLinux() && RuntimeInformation.ProcessArchitecture == Architecture.X64 && Directory.Exists("/dev/shm");

    [Theory(SkipUnless = nameof(HostAnswers), Skip = "the host is not Linux on x86-64 with /dev/shm")]
    [InlineData(21)]
    [InlineData(22)]
    [InlineData(23)]
    public async Task A_file_is_changed_as_on_the_host(int seed)
    {
        (string native, KernelOptions options) = await Mix(seed);

        GuestRun run = GuestRun.Of(options);

        run.Output.Text.ShouldBe(native);
    }

    /// <summary>A page that was only read may be a hole again after pressure, and one that was set aside data: here and on Linux.</summary>
    [Theory(SkipUnless = nameof(HostAnswers), Skip = "the host is not Linux on x86-64 with /dev/shm")]
    [InlineData(24, 1, 4)]
    [InlineData(25, 1, 16)]
    [InlineData(26, 2, 1)]
    [InlineData(27, 64, 16)]
    public async Task Pressure_changes_nothing_but_what_is_a_hole(int seed, int ramMegabytes, int swapMegabytes)
    {
        (string native, KernelOptions options) = await Mix(seed);

        GuestRun run = GuestRun.Of(options with
        {
            RamBytes = (ulong)ramMegabytes << 20,
            SwapBytes = (ulong)swapMegabytes << 20,
            Pressure =
            [
                new PressureRule(PressureTrigger.EveryInstructions, PressureAction.Age) { Count = 30_000 },
                new PressureRule(PressureTrigger.EveryInstructions, PressureAction.Reclaim) { Count = 50_000, Frames = 30 },
            ],
            Trace = new TraceRecorder(TraceKinds.Reclaim),
        });

        WithoutHoles(run.Output.Text).ShouldBe(WithoutHoles(native));
        run.Trace!.Memory.Count(happened => happened.Kind == KernelEvent.SwappedIn).ShouldBeGreaterThan(100);
    }

    [Theory(SkipUnless = nameof(HostAnswers), Skip = "the host is not Linux on x86-64 with /dev/shm")]
    [InlineData(1, TlbMode.MaxStale)]
    [InlineData(1, TlbMode.NoCache)]
    [InlineData(2, TlbMode.MaxStale)]
    [InlineData(4, TlbMode.Preset)]
    public async Task Code_that_a_call_writes_into_a_file_runs_at_once(int cpus, TlbMode tlb)
    {
        string program = GuestFiles.BuiltFileOf(GuestFiles.Find("code-file"));
        HostRun native = await HostProcess.Run(program);

        GuestRun run = GuestRun.Of(GuestRun.Options(program) with { Cpus = cpus, Mmu = new MmuOptions { TlbMode = tlb } });

        run.Output.Text.ShouldBe(native.Output);
    }

    private static async Task<(string Native, KernelOptions Options)> Mix(int seed)
    {
        string program = GuestFiles.BuiltFileOf(GuestFiles.Find("tmpfs-mix"));
        HostRun native = await HostProcess.Run(program, $"{seed}", "250");
        return (native.Output, GuestRun.Options(program) with
        {
            Arguments = [program, $"{seed}", "250"],
            Mmu = new MmuOptions { TlbMode = TlbMode.MaxStale },
        });
    }

    private static string WithoutHoles(string text) => Regex.Replace(text, " blocks [0-9]+| [0-9]+-[0-9]+", "");
}
