using MmuEmu.Emulator.Timing;
using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Setup;
using MmuEmu.Kernel.Syscalls;

namespace MmuEmu.Tests.Timing;

public sealed class ModelCostTests
{
    private readonly CycleModel _model = new(MachinePresets.Zen5);

    [Fact]
    public void Zeroing_a_page_in_the_second_level_takes_two_cycles_a_line()
    {
        ModelCost cost = new(_model);
        cost.PageZeroed(new Pfn(1));                        // from memory
        for (ulong frame = 0x1000; frame < 0x1010; frame++)
        {
            cost.PageZeroed(new Pfn(frame));                // 64 KiB push it out of the 48 KiB first level
        }

        ulong before = _model.Now.Count;
        cost.PageZeroed(new Pfn(1));

        (_model.Now.Count - before).ShouldBe(64UL * 2);
        _model.Stack[CpiBucket.KernelMemory].ShouldBe(_model.Now);
    }

    [Fact]
    public void Copying_a_page_touches_the_lines_of_both()
    {
        new ModelCost(_model).PageCopied(new Pfn(1), new Pfn(2));
        _model.KernelLines.Total.ShouldBe(128UL);
    }

    [Fact]
    public void Writing_eight_entries_of_one_line_reads_memory_once()
    {
        ModelCost cost = new(_model);
        for (int i = 0; i < 8; i++)
        {
            cost.EntryWritten(new Pfn(5).EntryAt(i));
        }

        (_model.KernelLines[CacheLevel.Memory], _model.KernelLines[CacheLevel.L1]).ShouldBe((1UL, 7UL));
        _model.CountOfSoftware((int)KernelPath.PtePerPage).ShouldBe(8UL);
    }

    [Fact]
    public void Paths_go_to_the_bucket_of_their_row()
    {
        new ModelCost(_model).Charge(HardwarePath.Invlpg, 3);
        _model.Stack[CpiBucket.TlbFlush].ShouldBe(new Cycles(3 * 220));
    }

    [Theory]
    [InlineData("madvise", KernelPath.Madvise)]
    [InlineData("vrange", KernelPath.Vrange)]
    [InlineData("remap_anon_pages", KernelPath.Mremap)]
    public void Memory_calls_have_a_price_of_their_own(string name, KernelPath expected) =>
        SyscallTable.Find(name)!.Price.ShouldBe(expected);

    [Fact]
    public void A_call_that_only_looks_something_up_pays_entry_and_exit_alone() =>
        SyscallTable.Find("getpid")!.Price.ShouldBeNull();
}
