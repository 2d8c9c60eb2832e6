using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Run;
using MmuEmu.Kernel.Story;
using MmuEmu.Tests.Builders;
using static Iced.Intel.AssemblerRegisters;

namespace MmuEmu.Tests.Kernel.Run;

/// <summary>Pressure rules that let one small allocation fail: a guest meets ENOMEM where memory is seldom short.</summary>
public sealed class FailPointTests
{
    private const ulong Page = 0x1000_0000;
    private const ulong Vrange = 314;
    private const ulong Fork = 57;
    private const ulong Mprotect = 10;

    [Fact, Spec("V-039", "V-040", "V-041", "V-042")]
    public void A_node_that_fails_is_ENOMEM_for_the_first_mapping_and_a_short_count_for_the_second()
    {
        // Given two mappings side by side
        GuestRun run = Run(
            ["at syscall vrange#1 entry: fail nodes 1", "at syscall vrange#2 entry: fail nodes 1 after 1", "at syscall vrange#3 entry: fail nodes 1"],
            (Mprotect, [Page + 4096, 4096, 1]), (Vrange, [Page, 8192, 0, 0]), (Vrange, [Page, 8192, 0, 0]), (Vrange, [Page, 8192, 1, 0]), (Vrange, [Page, 8192, 1, 0]));

        Answers(run, 5).ShouldBe([0, -12, 4096, -12, 8192]);
        Causes(run).ShouldBe([ErrnoCause.NoRangeNode, ErrnoCause.NoRangeNode]);
    }

    [Fact]
    public void A_copy_at_fork_and_a_split_of_a_mapping_fail_by_request_and_the_next_ones_do_not()
    {
        GuestRun run = Run(
            ["at syscall fork#1 entry: fail copies 1", "at syscall mprotect#1 entry: fail splits 1", "at syscall fork#2 entry: fail tables 1"],
            (Fork, []), (Mprotect, [Page + 4096, 4096, 1]), (Mprotect, [Page + 4096, 4096, 1]), (Fork, []));

        Answers(run, 4).ShouldBe([-12, -12, 0, -12]);
        Causes(run).ShouldBe([ErrnoCause.FailPoint, ErrnoCause.FailPoint, ErrnoCause.NoFrame]);
    }

    [Fact]
    public void What_is_to_fail_is_part_of_the_state_of_a_run()
    {
        MmuEmu.Kernel.Frames.FailPoints points = new();
        points.Arm(MmuEmu.Kernel.Frames.FailKind.Nodes, 2, spared: 1);
        MmuEmu.Kernel.State.IStateful state = points;
        object saved = state.Save(null);
        bool[] first = Strikes(points);

        state.Restore(saved);

        Strikes(points).ShouldBe(first);
        first.ShouldBe([false, true, true, false]);

        static bool[] Strikes(MmuEmu.Kernel.Frames.FailPoints points) =>
            [.. Enumerable.Range(0, 4).Select(_ => points.Strikes(MmuEmu.Kernel.Frames.FailKind.Nodes))];
    }

    private static long[] Answers(GuestRun run, int count) => [.. Enumerable.Range(0, count).Select(i => (long)run[i])];

    private static ErrnoCause[] Causes(GuestRun run) =>
        [.. run.Trace!.Syscalls.Where(call => call.Kind == KernelEvent.SyscallReturn).Select(call => ((SyscallDetail)call.Detail!).Result)
            .Where(result => result.Errno == Errno.ENOMEM).Select(result => result.Cause)];

    /// <summary>A guest that maps three pages, makes the calls and prints what each answered.</summary>
    private static GuestRun Run(string[] rules, params (ulong Number, ulong[] Arguments)[] calls) => GuestRun.Of(
        a =>
        {
            a.MapAt(Page, 3 * 4096);
            for (int i = 0; i < calls.Length; i++)
            {
                a.Call(calls[i].Number, calls[i].Arguments);
                a.mov(rbx, AssembledGuest.Data + (ulong)(i * 8));
                a.mov(__[rbx], rax);
            }

            a.PrintAndExit(AssembledGuest.Data, (ulong)calls.Length * 8);
        },
        options => options with { Pressure = [.. rules.Select(Parse)] });

    private static PressureRule Parse(string text)
    {
        PressureRuleParser.TryParse(text, out PressureRule rule, out PressureError error).ShouldBeTrue(error.ToString());
        return rule;
    }
}
