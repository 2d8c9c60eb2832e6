using MmuEmu.Emulator.Paging;
using MmuEmu.Emulator.Timing;
using MmuEmu.Emulator.Tlb;
using MmuEmu.Tests.Builders;

namespace MmuEmu.Tests.Timing;

/// <summary>What the paging-structure caches and the PCID tags save.</summary>
public sealed class ReachTests
{
    private const ulong Start = 0x4000_0000;

    [Theory]                                                // PDE-cache entries, 2 MiB regions in use
    [Spec("C-107")]
    [InlineData(8, 64)]
    [InlineData(32, 64)]
    [InlineData(64, 64)]
    public void The_share_of_walks_that_a_PDE_cache_shortens_is_its_share_of_the_regions(int entries, int regions)
    {
        MachinePreset preset = MachinePresets.Tiny with
        {
            Tlb = TlbGeometries.Tiny with { Psc = TlbGeometries.Zen5.Psc with { Pde = TlbShape.Full(TlbSizes.None, entries) } },
        };
        using TimedMachine machine = new TimedMachine(preset).Map(Start, regions * 512);
        IReadOnlyList<ulong> pages = Pages.InOrder(Start, regions * 512).Shuffled(seed: 6);
        machine.Sweep(pages);
        ulong before = machine.Model.Walker.Of(PagingLevel.Pd);

        machine.Sweep(pages);

        double shortened = 1 - ((machine.Model.Walker.Of(PagingLevel.Pd) - before) / (double)pages.Count);
        shortened.ShouldBe(Math.Min(1.0, entries / (double)regions), tolerance: 0.02);
    }

    [Theory]
    [Spec("C-203")]
    [InlineData(true, 0UL)]
    [InlineData(false, 300UL)]
    public void A_switch_that_keeps_the_tagged_entries_costs_no_walk_on_return(bool keep, ulong walks)
    {
        // Given two address spaces with a working set that the second-level TLB holds twice
        const int WorkingSet = 300;
        using TimedMachine machine = new TimedMachine(MachinePresets.Zen5).Map(Start, WorkingSet);
        Switch(machine, pcid: 1, keep);
        machine.Sweep(Pages.InOrder(Start, WorkingSet));
        Switch(machine, pcid: 2, keep);
        machine.Sweep(Pages.InOrder(Start, WorkingSet));
        ulong before = machine.Model.Loads.Misses;

        // When the first one runs again
        Switch(machine, pcid: 1, keep);
        machine.Sweep(Pages.InOrder(Start, WorkingSet));

        // Then it walks for every page, or for none
        (machine.Model.Loads.Misses - before).ShouldBe(walks);
    }

    /// <summary>MOV to CR3 with bit 63 set or clear, while PCIDE is on.</summary>
    private static void Switch(TimedMachine machine, ushort pcid, bool keep)
    {
        machine.Mmu.Mode = machine.Mmu.Mode with { Pcid = pcid, Bits = machine.Mmu.Mode.Bits | PagingBits.Pcide };
        machine.Model.Hardware(keep ? HardwarePath.Cr3NoFlush : HardwarePath.Cr3Flush);
        if (!keep)
        {
            machine.Mmu.Invalidate(TlbInvalidation.PcidKeepGlobal(pcid));
        }
    }
}
