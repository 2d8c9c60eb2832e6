using System.Runtime.InteropServices;
using MmuEmu.Emulator.Tlb;
using MmuEmu.Emulator.Translation;
using MmuEmu.Kernel.Run;
using MmuEmu.Tests.Builders;
using MmuEmu.Tests.Guests;

namespace MmuEmu.Tests.Kernel.Files;

/// <summary>Programs that change files of memory at random print the same here, under pressure and on several processors, and on the Linux that runs the tests.</summary>
public sealed class FilesAgainstHostTests
{
    public static bool HostAnswers => OperatingSystem.IsLinux() && RuntimeInformation.ProcessArchitecture == Architecture.X64 && Directory.Exists("/dev/shm");

    [Theory(SkipUnless = nameof(HostAnswers), Skip = "the host is not Linux on x86-64 with /dev/shm")]
    [InlineData(21, 64, 0)]
    [InlineData(22, 64, 16)]
    [InlineData(23, 1, 4)]
    [InlineData(24, 1, 4)]
    [InlineData(25, 1, 16)]
    [InlineData(26, 2, 1)]
    public async Task A_file_is_changed_as_on_the_host(int seed, int ramMegabytes, int swapMegabytes)
    {
        string program = GuestFiles.BuiltFileOf(GuestFiles.Find("tmpfs-mix"));
        HostRun native = await HostProcess.Run(program, $"{seed}", "250");

        GuestRun run = GuestRun.Of(GuestRun.Options(program) with
        {
            Arguments = [program, $"{seed}", "250"],
            RamBytes = (ulong)ramMegabytes << 20,
            SwapBytes = (ulong)swapMegabytes << 20,
            Mmu = new MmuOptions { TlbMode = TlbMode.MaxStale },
            Pressure =
            [
                new PressureRule(PressureTrigger.EveryInstructions, PressureAction.Age) { Count = 30_000 },
                new PressureRule(PressureTrigger.EveryInstructions, PressureAction.Reclaim) { Count = 50_000, Frames = 30 },
            ],
            Trace = new TraceRecorder(MmuEmu.Kernel.Story.TraceKinds.Reclaim),
        });

        run.Output.Text.ShouldBe(native.Output);
        run.Trace!.Memory.Any(happened => happened.Kind == MmuEmu.Kernel.Story.KernelEvent.SwappedIn).ShouldBe(swapMegabytes > 0);
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
}
