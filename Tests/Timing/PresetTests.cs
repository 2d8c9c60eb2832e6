using MmuEmu.Emulator.Timing;
using MmuEmu.Emulator.Tlb;
using MmuEmu.Kernel.Abi;

namespace MmuEmu.Tests.Timing;

public sealed class PresetTests
{
    public static TheoryData<string> Names => [.. MachinePresets.All.Select(p => p.Name)];

    [Fact]
    public void Zen5_is_what_runs_when_nothing_is_asked_for() => MachinePresets.Default.Name.ShouldBe("zen5");

    [Theory]
    [InlineData("zen5")]
    [InlineData("skylake")]
    [InlineData("golden-cove")]
    [InlineData("tiny")]
    [InlineData("ideal")]
    public void Every_preset_is_found_by_its_name(string name)
    {
        MachinePresets.TryFind(name, out MachinePreset preset).ShouldBeTrue();
        preset.Name.ShouldBe(name);
    }

    [Fact]
    public void A_name_that_is_no_preset_is_refused() => MachinePresets.TryFind("zen6", out _).ShouldBeFalse();

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_instruction_class_and_kernel_path_has_a_price(string name)
    {
        MachinePresets.TryFind(name, out MachinePreset preset);
        preset.InstructionCycles.Count.ShouldBe(Enum.GetValues<InstructionClass>().Length);
        preset.InstructionCycles.ShouldAllBe(cycles => cycles > 0);
        preset.HardwareCycles.Count.ShouldBe(Enum.GetValues<HardwarePath>().Length);
    }

    [Fact]
    public void The_cost_tables_stand_in_the_order_of_their_enums()
    {
        InstructionCosts.Rows.Select(r => r.Class).ShouldBe(Enum.GetValues<InstructionClass>());
        HardwareCosts.Rows.Select(r => r.Path).ShouldBe(Enum.GetValues<HardwarePath>());
        KernelCosts.Rows.Select(r => r.Path).ShouldBe(Enum.GetValues<KernelPath>());
        KernelCosts.Rows.Count.ShouldBeLessThanOrEqualTo(SoftwareCost.MaxNumber + 1);
    }

    [Fact]
    public void Every_price_names_its_source()
    {
        InstructionCosts.Rows.ShouldAllBe(r => r.Note.Length > 3);
        HardwareCosts.Rows.ShouldAllBe(r => r.Note.StartsWith('[') || r.Note.StartsWith("(a)", StringComparison.Ordinal));
        KernelCosts.Rows.ShouldAllBe(r => r.Note.StartsWith('[') || r.Note.StartsWith("(a)", StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_translation_array_has_a_power_of_two_of_sets(string name)
    {
        MachinePresets.TryFind(name, out MachinePreset preset);
        TlbShape[] shapes =
        [
            .. preset.Tlb.Data, .. preset.Tlb.Code, .. preset.Tlb.Second,
            preset.Tlb.Psc.Pde, preset.Tlb.Psc.Pdpte, preset.Tlb.Psc.Pml4e, preset.Tlb.Psc.Pml5e,
        ];
        shapes.Where(s => s.Entries > 0).ShouldAllBe(s => s.Entries % s.Ways == 0 && (s.Sets & (s.Sets - 1)) == 0);
    }

    [Theory]                                                // design table: ns times clock, rounded
    [InlineData("zen5", 404)]
    [InlineData("skylake", 288)]
    [InlineData("golden-cove", 435)]
    public void Memory_latency_is_nanoseconds_times_the_clock(string name, int cycles)
    {
        MachinePresets.TryFind(name, out MachinePreset preset);
        preset.Caches.MemoryCycles.ShouldBe(cycles);
    }

    [Theory]                                                // KiB = sets * ways * 64 / 1024
    [InlineData("zen5")]
    [InlineData("skylake")]
    [InlineData("golden-cove")]
    [InlineData("tiny")]
    public void Caches_are_whole_numbers_of_sets(string name)
    {
        MachinePresets.TryFind(name, out MachinePreset preset);
        CacheGeometry[] caches = [preset.Caches.Code, preset.Caches.Data, preset.Caches.Second, preset.Caches.Third];
        caches.ShouldAllBe(c => c.Sets * c.Ways * 64 == c.Kibibytes * 1024);
    }
}
