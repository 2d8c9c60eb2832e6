using System.Text;
using MmuEmu.Emulator.Timing;
using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Run;
using MmuEmu.Kernel.Setup;
using MmuEmu.Tests.Builders;
using MmuEmu.Tests.Golden;

namespace MmuEmu.Tests.Timing;

public sealed class PerfEventTests
{
    private const ulong Start = 0x4000_0000;

    /// <summary>The file was written in one build on one host; equal here means equal in any other.</summary>
    [Fact]
    [Spec("C-902")]
    public void The_counters_of_a_fixed_run_are_those_of_the_golden_file_on_every_host_and_in_every_build()
    {
        StringBuilder text = new();
        foreach (MachinePreset preset in MachinePresets.All)
        {
            using TimedMachine machine = new TimedMachine(preset).Map(Start, 6000).Map(0x1_0000_0000, 40, PageSize.Size2M);
            Run(machine);
            text.Append($"{preset.Name}\n");
            foreach (PerfReading reading in Read(machine.Model))
            {
                text.Append($"  {reading.Value,12} {reading.Name}\n");
            }

            foreach (CpiBucket bucket in Enum.GetValues<CpiBucket>())
            {
                text.Append($"  {machine.Model.Stack[bucket],12} cycles of {bucket}\n");
            }
        }

        GoldenFile.Check("timing-counters.txt", text.ToString());
    }

    [Theory]
    [InlineData("skylake", "DTLB_LOAD_MISSES.MISS_CAUSES_A_WALK", "ls_l1_d_tlb_miss.all")]
    [InlineData("zen5", "ls_l1_d_tlb_miss.all", "DTLB_LOAD_MISSES.MISS_CAUSES_A_WALK")]
    public void The_counters_carry_the_names_of_the_processor_that_is_modelled(string preset, string present, string absent)
    {
        MachinePresets.TryFind(preset, out MachinePreset machine).ShouldBeTrue();
        string[] names = [.. Read(new CycleModel(machine)).Select(r => r.Name)];
        names.ShouldContain(present);
        names.ShouldNotContain(absent);
    }

    [Theory]
    [InlineData("skylake")]
    [InlineData("zen5")]
    public void No_name_appears_twice_and_every_row_says_what_it_counts(string preset)
    {
        MachinePresets.TryFind(preset, out MachinePreset machine).ShouldBeTrue();
        IReadOnlyList<PerfReading> rows = Read(new CycleModel(machine));
        rows.Select(r => r.Name).ShouldBeUnique();
        rows.ShouldAllBe(r => r.Unit.Length > 0 && r.Note.Length > 0 && r.Value == 0);
    }

    [Fact]
    public void Page_faults_are_those_that_instructions_take_and_minor_ones_those_that_the_kernel_makes_good()
    {
        CycleModel model = new(MachinePresets.Zen5);
        model.Hardware(HardwarePath.PageFaultDelivery, times: 4);
        new ModelCost(model).Charge(KernelPath.MinorFault, 3);
        new ModelCost(model).Charge(KernelPath.MajorFault, 2);

        (Value(model, "page-faults"), Value(model, "minor-faults"), Value(model, "major-faults")).ShouldBe((4UL, 3UL, 2UL));
    }

    private static IReadOnlyList<PerfReading> Read(CycleModel model) => [.. PerfEvents.Read(model), .. KernelPerfEvents.Read(model)];

    private static ulong Value(CycleModel model, string name) => Read(model).Single(r => r.Name == name).Value;

    private static void Run(TimedMachine machine)
    {
        Sequence random = new(21);
        for (int i = 0; i < 30_000; i++)
        {
            ulong region = random.Below(4) == 0 ? 0x1_0000_0000 + (random.Below(40) << 21) : Start + (random.Below(6000) << 12);
            machine.Touch(region + (random.Below(500) * 8), (AccessKind)random.Below(3));
            machine.Model.Retire(InstructionClass.Alu);
        }

        foreach (HardwarePath path in Enum.GetValues<HardwarePath>())
        {
            machine.Model.Hardware(path);
        }

        foreach (KernelPath path in Enum.GetValues<KernelPath>())
        {
            new ModelCost(machine.Model).Charge(path, 1);
        }

        machine.Model.KernelStream(new PhysAddr(0x10_0000), 4096);
    }
}
