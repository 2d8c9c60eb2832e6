using System.Security.Cryptography;
using MmuEmu.Emulator.Timing;
using MmuEmu.Emulator.Tlb;
using MmuEmu.Emulator.Translation;
using MmuEmu.Emulator.Values;
using MmuEmu.Guests;
using MmuEmu.Kernel.Files;
using MmuEmu.Kernel.Run;
using MmuEmu.Kernel.Setup;

namespace MmuEmu.Tests.Timing;

/// <summary>Whole runs of the guest that touches fresh pages between two marks.</summary>
public sealed class PageTouchTests
{
    [Theory]
    [Spec("C-109")]
    [InlineData(1)]
    [InlineData(100)]
    [InlineData(512)]
    public void Between_the_marks_N_pages_cost_N_faults_and_2N_walks_and_5N_plus_3_references(int pages)
    {
        // Given the guest at its first mark
        using MiniKernel kernel = Build(pages, MachinePresets.Zen5);
        kernel.Run(new StopAt(StopKind.Mark, 1, "touch-begin")).Reason.ShouldBe(EndReason.Paused);
        CycleModel clock = kernel.Statistics.Timing!;
        (ulong faults, ulong walks, ulong references) = (Faults(clock), clock.Stores.Misses, clock.Stores.References);

        // When it reaches the second
        kernel.Run(new StopAt(StopKind.Mark, 1, "touch-end")).Reason.ShouldBe(EndReason.Paused);

        // Then the counts are those worked out by hand
        ulong n = (ulong)pages;
        (Faults(clock) - faults, clock.Stores.Misses - walks, clock.Stores.References - references)
            .ShouldBe((n, 2 * n, (5 * n) + 3));
    }

    [Fact]
    [Spec("C-901", "C-902")]
    public void Equal_runs_take_equal_cycles_and_every_cycle_has_an_owner()
    {
        string[] runs = [.. Enumerable.Range(0, 3).Select(_ =>
        {
            using MiniKernel kernel = Build(64, MachinePresets.Skylake);
            kernel.Run().Reason.ShouldBe(EndReason.Exited);
            CycleModel clock = kernel.Statistics.Timing!;
            clock.Stack.Total.ShouldBe(clock.Now);
            clock.Instructions.ShouldBe(kernel.Time);
            return $"{clock.Now} {string.Join(' ', PerfEvents.Read(clock).Concat(KernelPerfEvents.Read(clock)))} {MemoryOf(kernel)}";
        })];

        runs.Distinct().Count().ShouldBe(1);
    }

    [Fact]
    [Spec("C-304", "C-903")]
    public void The_memory_at_the_end_is_the_same_with_and_without_a_clock_and_in_every_TLB_mode()
    {
        string[] memories =
        [
            .. from mode in Enum.GetValues<TlbMode>()
               from timing in Enum.GetValues<TimingMode>()
               select EndOf(64, mode, timing),
        ];
        memories.Distinct().Count().ShouldBe(1);
    }

    [Theory]
    [InlineData("zen5", 96)]
    [InlineData("skylake", 64)]
    [InlineData("tiny", 2)]
    public void The_preset_sizes_the_TLBs_of_the_run(string name, int firstLevelEntries)
    {
        MachinePresets.TryFind(name, out MachinePreset preset).ShouldBeTrue();
        using MiniKernel kernel = Build(1, preset);
        kernel.Core.Mmu.Options.Geometry.Data[0].Entries.ShouldBe(firstLevelEntries);
    }

    private static string EndOf(int pages, TlbMode mode, TimingMode timing)
    {
        using MiniKernel kernel = Build(OptionsFor(pages, MachinePresets.Zen5) with
        {
            Timing = timing,
            Mmu = new MmuOptions { TlbMode = mode },
        });
        RunResult result = kernel.Run();
        result.Reason.ShouldBe(EndReason.Exited);
        return $"{kernel.Time} {result.ExitCode} {MemoryOf(kernel)}";
    }

    private static ulong Faults(CycleModel clock) => clock.CountOf(HardwarePath.PageFaultDelivery);

    private static string MemoryOf(MiniKernel kernel) =>
        Convert.ToHexString(SHA256.HashData(kernel.Ram.Slice(new PhysAddr(0), (int)kernel.Ram.SizeBytes)));

    private static MiniKernel Build(int pages, MachinePreset preset) => Build(OptionsFor(pages, preset));

    private static MiniKernel Build(KernelOptions options)
    {
        KernelBuilder.TryBuild(options, out MiniKernel? kernel, out BootFailure? failure).ShouldBeTrue($"{failure}");
        return kernel!;
    }

    private static KernelOptions OptionsFor(int pages, MachinePreset preset)
    {
        GuestCatalogue.TryFindFile("page-touch", out string? program).ShouldBeTrue();
        return new KernelOptions
        {
            Program = program!,
            Arguments = ["page-touch", $"{pages}"],
            RamBytes = 32UL << 20,
            Preset = preset.Name,
            Timing = TimingMode.On,
            Output = new BytesOutput(),
        };
    }
}
