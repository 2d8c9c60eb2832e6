using Iced.Intel;
using MmuEmu.Emulator.Cpu;
using MmuEmu.Emulator.Timing;
using MmuEmu.Emulator.Values;
using MmuEmu.Tests.Builders;
using static Iced.Intel.AssemblerRegisters;

namespace MmuEmu.Tests.Timing;

/// <summary>Instructions through the core, with a clock.</summary>
public sealed class TimedCoreTests
{
    [Fact]
    public void A_loop_costs_its_instructions_and_its_loads_to_the_cycle()
    {
        // Given a loop of a store, a load with an addition, a subtraction and a branch
        using BareCore core = Loop();
        CycleModel clock = new(MachinePresets.Zen5);
        core.Core.Clock = clock;

        // When it runs to the end
        core.Run().Kind.ShouldBe(CoreExitKind.Exception);

        // Then two instructions before it and four in each of 1000 rounds are one cycle each, and each load hits the first level
        clock.Stack[CpiBucket.Base].ShouldBe(new Cycles(4002));
        clock.Stack[CpiBucket.DataL1].ShouldBe(new Cycles(4000));
        (clock.Instructions, clock.Loads.Accesses, clock.Stores.Accesses).ShouldBe((4002UL, 1000UL, 1000UL));
    }

    [Fact]
    [Spec("C-903")]
    public void A_clock_changes_nothing_but_the_time()
    {
        using BareCore plain = Loop();
        using BareCore timed = Loop();
        timed.Core.Clock = new CycleModel(MachinePresets.Tiny);
        plain.Run();
        timed.Run();

        (timed.Core.Retired, timed.Rip, timed.Flags, timed[Register.RAX])
            .ShouldBe((plain.Core.Retired, plain.Rip, plain.Flags, plain[Register.RAX]));
        timed.Ram.Slice(new PhysAddr(0), 16 << 20).SequenceEqual(plain.Ram.Slice(new PhysAddr(0), 16 << 20)).ShouldBeTrue();
    }

    [Fact]
    [Spec("C-901", "C-902")]
    public void Runs_in_pieces_of_any_length_give_the_cycles_of_one_run()
    {
        using BareCore whole = Loop();
        using BareCore pieces = Loop();
        (whole.Core.Clock, pieces.Core.Clock) = (new CycleModel(MachinePresets.Skylake), new CycleModel(MachinePresets.Skylake));
        whole.Run();
        for (ulong budget = 1; pieces.Run(budget).Kind == CoreExitKind.BudgetSpent; budget = (budget * 5 % 13) + 1)
        {
        }

        pieces.Core.Clock.Stack[CpiBucket.Base].ShouldBe(whole.Core.Clock.Stack[CpiBucket.Base]);
        pieces.Core.Clock.Instructions.ShouldBe(whole.Core.Clock.Instructions);
        pieces.Core.Clock.Stack.Total.ShouldBe(pieces.Core.Clock.Now);
        whole.Core.Clock.Stack.Total.ShouldBe(whole.Core.Clock.Now);
    }

    [Fact]
    public void An_instruction_that_faults_is_not_retired_but_its_walk_is_paid_for()
    {
        using BareCore core = new BareCore().Assemble(a =>
        {
            a.mov(eax, 1);
            a.mov(rcx, __qword_ptr[rbx]);
            a.mov(eax, 2);
            a.ud2();
        });
        core[Register.RBX] = 0x7000_0000;
        CycleModel clock = new(MachinePresets.Zen5);
        core.Core.Clock = clock;

        core.Run().Kind.ShouldBe(CoreExitKind.PageFault);

        (clock.Instructions, clock.Loads.Faulted, core.Core.Retired).ShouldBe((1UL, 1UL, 1UL));
        (clock.CountOf(HardwarePath.PageFaultDelivery), clock.CountOf(HardwarePath.InterruptReturn)).ShouldBe((1UL, 1UL));
        clock.Stack[CpiBucket.FaultEntryExit].ShouldBe(new Cycles(750));
    }

    [Theory]
    [InlineData("store", 0UL, 1UL)]
    [InlineData("load", 1UL, 0UL)]
    [InlineData("update", 1UL, 1UL)]
    public void Only_what_reads_memory_waits_for_it(string which, ulong loads, ulong stores)
    {
        using BareCore core = new BareCore().Assemble(a =>
        {
            switch (which)
            {
                case "store": a.mov(__qword_ptr[rbx], rax); break;
                case "load": a.mov(rax, __qword_ptr[rbx]); break;
                default: a.add(__qword_ptr[rbx], rax); break;
            }

            a.ud2();
        });
        core[Register.RBX] = BareCore.Data;
        CycleModel clock = new(MachinePresets.Zen5);
        core.Core.Clock = clock;

        core.Run();

        (clock.LoadLines.Total, clock.StoreLines.Total).ShouldBe((loads, stores));
        clock.Stack[CpiBucket.DataMemory].Count.ShouldBe(loads * (ulong)MachinePresets.Zen5.Caches.MemoryCycles);
    }

    private static BareCore Loop()
    {
        BareCore core = new BareCore().Assemble(a =>
        {
            Label loop = a.CreateLabel();
            a.xor(eax, eax);
            a.mov(ecx, 1000);
            a.Label(ref loop);
            a.mov(__qword_ptr[rbx], rcx);
            a.add(rax, __qword_ptr[rbx]);
            a.sub(ecx, 1);
            a.jne(loop);
            a.ud2();
        });
        core[Register.RBX] = BareCore.Data + 8;
        return core;
    }
}
