using System.Security.Cryptography;
using System.Text;
using MmuEmu.Emulator.Paging;
using MmuEmu.Emulator.Timing;
using MmuEmu.Emulator.Tlb;
using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Run;
using MmuEmu.Tests.Builders;

namespace MmuEmu.Tests.Timing;

public sealed class CycleModelTests
{
    private const ulong Start = 0x4000_0000;

    public static TheoryData<string> Names => [.. MachinePresets.All.Select(p => p.Name)];

    [Theory]
    [Spec("C-901")]
    [MemberData(nameof(Names))]
    public void Every_cycle_has_exactly_one_owner(string name)
    {
        MachinePresets.TryFind(name, out MachinePreset preset).ShouldBeTrue();
        using TimedMachine machine = new TimedMachine(preset).Map(Start, 600);
        for (ulong seed = 1; seed <= 20; seed++)
        {
            Work(machine, seed, events: 500);
            machine.Model.Stack.Total.ShouldBe(machine.Model.Now);
        }

        machine.Model.Now.Count.ShouldBeGreaterThan(0UL);
    }

    [Fact]
    public void Every_bucket_of_the_stack_can_be_filled()
    {
        using TimedMachine machine = new TimedMachine(MachinePresets.Tiny).Map(Start, 600);
        Work(machine, seed: 1, events: 20_000);
        CpiBucket[] empty = [.. Enum.GetValues<CpiBucket>().Where(b => machine.Model.Stack[b].Count == 0)];
        empty.ShouldBe([CpiBucket.WalkPml5]);               // four levels
    }

    [Theory]
    [Spec("C-902")]
    [MemberData(nameof(Names))]
    public void Twenty_runs_give_the_same_cycles_counters_and_memory(string name)
    {
        MachinePresets.TryFind(name, out MachinePreset preset).ShouldBeTrue();
        string[] digests = [.. Enumerable.Range(0, 20).Select(_ => DigestOfRun(preset, TlbMode.Preset))];
        digests.Distinct().Count().ShouldBe(1);
    }

    [Fact]
    [Spec("C-903")]
    public void The_memory_of_a_run_is_the_same_whatever_is_modelled()
    {
        string[] memories =
        [
            .. from preset in MachinePresets.All
               from mode in Enum.GetValues<TlbMode>()
               select MemoryOfRun(preset, mode),
        ];
        memories.Distinct().Count().ShouldBe(1);
    }

    [Fact]
    public void A_chain_of_additions_takes_one_cycle_each()
    {
        CycleModel model = new(MachinePresets.Zen5);
        for (int i = 0; i < 1000; i++)
        {
            model.Retire(InstructionClass.Alu);
        }

        (model.Now.Count, model.Instructions).ShouldBe((1000UL, 1000UL));
    }

    [Fact]
    public void A_block_costs_what_its_instructions_cost_one_by_one()
    {
        CycleModel single = new(MachinePresets.Skylake);
        CycleModel block = new(MachinePresets.Skylake);
        BlockCost cost = default;
        foreach (InstructionClass kind in Enum.GetValues<InstructionClass>())
        {
            single.Retire(kind);
            cost = cost.Plus(kind, MachinePresets.Skylake);
        }

        block.Retire(cost);

        (block.Now, block.Instructions).ShouldBe((single.Now, single.Instructions));
    }

    [Fact]
    [Spec("C-305")]
    public void Slower_arithmetic_changes_no_counter_of_the_mmu_and_no_cycle_of_translation()
    {
        MachinePreset slow = MachinePresets.Zen5 with
        {
            InstructionCycles = [.. MachinePresets.Zen5.InstructionCycles.Select(c => 2 * c)],
        };
        using TimedMachine plain = new TimedMachine(MachinePresets.Zen5).Map(Start, 600);
        using TimedMachine slowed = new TimedMachine(slow).Map(Start, 600);
        Work(plain, seed: 9, events: 5000);
        Work(slowed, seed: 9, events: 5000);

        foreach (CpiBucket bucket in Enum.GetValues<CpiBucket>().Where(b => b != CpiBucket.Base))
        {
            slowed.Model.Stack[bucket].ShouldBe(plain.Model.Stack[bucket]);
        }

        slowed.Model.Stack[CpiBucket.Base].Count.ShouldBe(2 * plain.Model.Stack[CpiBucket.Base].Count);
        slowed.Model.Walker.Total.ShouldBe(plain.Model.Walker.Total);
    }

    [Fact]
    public void An_access_that_crosses_a_line_asks_for_both_and_waits_for_the_slower()
    {
        using TimedMachine machine = new TimedMachine(MachinePresets.Zen5).Map(Start, 1);
        machine.Touch(Start);
        ulong before = machine.Model.Now.Count;

        machine.Touch(Start + 60);                          // the second line comes from memory

        (machine.Model.Now.Count - before).ShouldBe((ulong)MachinePresets.Zen5.Caches.MemoryCycles);
    }

    [Fact]
    public void A_page_that_the_kernel_zeroes_is_warm_for_the_guest()
    {
        using TimedMachine machine = new TimedMachine(MachinePresets.Zen5).Map(Start, 1);
        machine.Touch(Start);
        machine.Mmu.TryPeek(new VirtAddr(Start), out Leaf leaf, out _).ShouldBeTrue();
        machine.Model.KernelStream(leaf.FrameOf(new VirtAddr(Start)).Base, 4096);
        ulong before = machine.Model.Now.Count;

        machine.Touch(Start + 2048);

        (machine.Model.Now.Count - before).ShouldBe(4UL);
    }

    [Fact]
    public void Pricing_an_access_allocates_nothing()
    {
        using TimedMachine machine = new TimedMachine(MachinePresets.Tiny).Map(Start, 64);
        for (int i = 0; i < 3; i++)
        {
            Churn(machine);
        }

        long before = GC.GetAllocatedBytesForCurrentThread();
        Churn(machine);
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
    }

    private static void Churn(TimedMachine machine)
    {
        for (ulong i = 0; i < 5000; i++)
        {
            machine.Touch(Start + (i * 4160 % (64 << 12)), AccessKind.Write);
            machine.Model.Retire(InstructionClass.Alu);
            machine.Model.Hardware(HardwarePath.Invlpg);
            machine.Model.KernelTouch(new PhysAddr(i * 64), MemoryUse.Load);
        }
    }

    /// <summary>A stand-in for a program and its kernel: accesses, faults that get repaired, edits with their flush.</summary>
    private static void Work(TimedMachine machine, ulong seed, int events)
    {
        Sequence random = new(seed);
        for (int i = 0; i < events; i++)
        {
            ulong page = Start + (random.Below(700) << 12);
            machine.Model.Retire((InstructionClass)random.Below((ulong)Enum.GetValues<InstructionClass>().Length));
            if (!machine.Touch(page + (random.Below(500) * 8), (AccessKind)random.Below(3)))
            {
                machine.Model.Hardware(HardwarePath.PageFaultDelivery);
                machine.Model.Software(KernelCosts.Rows[(int)KernelPath.MinorFault].Cost, 1);
                PhysAddr slot = machine.SlotOf(page, PageSize.Size4K);
                machine.Model.KernelTouch(slot, MemoryUse.Update);
                machine.Model.KernelStream(new PhysAddr(page), 4096);
                machine.Ram.WriteUInt64(slot, page | 7);
            }
            else if (random.Below(8) == 0)
            {
                machine.Ram.WriteUInt64(machine.SlotOf(page, PageSize.Size4K), 0);
                machine.Mmu.InvalidatePage(new VirtAddr(page));
                machine.Model.Hardware(HardwarePath.Invlpg);
            }

            machine.Model.Hardware((HardwarePath)random.Below((ulong)HardwareCosts.Rows.Count));
            machine.Model.Software(KernelCosts.Rows[(int)random.Below((ulong)KernelCosts.Rows.Count)].Cost, 1);
        }
    }

    private static string DigestOfRun(MachinePreset preset, TlbMode mode)
    {
        using TimedMachine machine = new TimedMachine(preset, mode).Map(Start, 600);
        Work(machine, seed: 4, events: 2000);
        string counters = string.Join('\n', PerfEvents.Read(machine.Model).Concat(KernelPerfEvents.Read(machine.Model)));
        return Digest(machine) + Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(counters)));
    }

    private static string MemoryOfRun(MachinePreset preset, TlbMode mode)
    {
        using TimedMachine machine = new TimedMachine(preset, mode).Map(Start, 600);
        Work(machine, seed: 4, events: 2000);
        return Digest(machine);
    }

    private static string Digest(TimedMachine machine) =>
        Convert.ToHexString(SHA256.HashData(machine.Ram.Slice(new PhysAddr(0), 4 << 20)));
}
