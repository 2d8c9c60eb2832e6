using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Syscalls;
using MmuEmu.Kernel.Vmas;
using MmuEmu.Tests.Builders;

namespace MmuEmu.Tests.Kernel.Volatile.Versions;

/// <summary>The call itself, posting by posting: numbers, registers, modes, answers.</summary>
public sealed class VersionCallTests
{
    private const ulong Page = 0x1000_0000;
    private const ulong Madvise = 28;

    [Fact, Spec("V-001", Profile = "v7 v8 v9 v10")]
    public void Number_314_is_vrange_from_v7_to_v10_and_VOLATILE_is_0()
    {
        // Given a page in each posting: VOLATILE, NONVOLATILE, and the number of v12
        foreach (VrangeVersion version in (VrangeVersion[])[VrangeVersion.V7, VrangeVersion.V8, VrangeVersion.V9, VrangeVersion.V10])
        {
            long done = version == VrangeVersion.V7 ? 0 : 4096;
            Answers(version, (314, [Page, 4096, 0, 0]), (314, [Page, 4096, 1, 0]), (316, [Page, 4096, 1, 0, 0])).ShouldBe([done, done, -14]);
        }
    }

    [Fact, Spec("V-002", Profile = "v12")]
    public void Number_316_is_vrange_in_v12_and_314_is_Linuxs()
    {
        GuestRun run = Run(VrangeVersion.V12, (316, [Page, 4096, 1, 0, 0]), (314, [Page, 4096, 0, 0]));

        ((long)run[0], (long)run[1]).ShouldBe((4096, -14));
        run.Trace!.Syscalls.Select(call => ((MmuEmu.Kernel.Story.SyscallDetail)call.Detail!).Name).ShouldContain("sched_setattr");
    }

    [Fact, Spec("V-003", Profile = "v14")]
    public void In_v14_madvise_has_it_and_there_is_no_call()
    {
        Answers(VrangeVersion.V14, (Madvise, [Page, 4096, 18]), (Madvise, [Page, 4096, 19]), (314, [Page, 4096, 0, 0]), (316, [Page, 4096, 1, 0, 0]))
            .ShouldBe([0, 0, -14, -14]);
    }

    [Fact]
    public void In_v13_number_316_is_mvolatile()
    {
        GuestRun run = Run(VrangeVersion.V13, (316, [Page, 4096, 1, 0, 0]), (316, [Page, 4096, 0, 1, 0]), (316, [Page, 4097, 0, 0, 0]));

        Enumerable.Range(0, 3).Select(i => (long)run[i]).ShouldBe([4096, -22, -22]);
        run.Trace!.Syscalls.Select(call => ((MmuEmu.Kernel.Story.SyscallDetail)call.Detail!).Name).ShouldContain("mvolatile");
    }

    [Fact, Spec("V-005", Profile = "v12")]
    public void In_v12_flags_lie_between_mode_and_purged()
    {
        using VrangeHarness h = VrangeHarness.Of(VrangeVersion.V12);
        VirtAddr start = h.FilledAndVolatile(1);
        _ = h.Purge(start, 1);

        h.CallWith(start.Raw, 4096, 0, 0, h.Word.Raw).ShouldBe(4096);

        BitConverter.ToInt32(h.Mm.ReadPage(h.Word)).ShouldBe(1);
        h.CallWith(start.Raw, 4096, 0x1_0000_0000, 0, 0).ShouldBe(-22, "the mode is an unsigned long");
    }

    [Fact, Spec("V-007", Profile = "v11 v12")]
    public void In_v11_and_v12_VOLATILE_is_1_and_NONVOLATILE_is_0()
    {
        foreach (VrangeVersion version in (VrangeVersion[])[VrangeVersion.V11, VrangeVersion.V12])
        {
            using VrangeHarness h = VrangeHarness.Of(version);
            VirtAddr start = h.Filled(1);

            h.CallWith(start.Raw, 4096, 1, 0, 0).ShouldBe(4096);
            h.Mappings(start, 1).ShouldBe("0+1v");
            h.CallWith(start.Raw, 4096, 0, 0, 0).ShouldBe(4096);
            h.Mappings(start, 1).ShouldNotContain('v');
        }
    }

    [Fact, Spec("V-009", Profile = "v12")]
    public void Flags_are_refused_before_anything_is_looked_at()
    {
        using VrangeHarness h = VrangeHarness.Of(VrangeVersion.V12);

        h.CallWith(1, 1, 9, 1, 1).ShouldBe(-22);
        new VrangeArgs(new VirtAddr(1), 1, VrangeMode.Unknown, default) { Flags = 1 }.Check(h.Traits)
            .ShouldBe(new Refusal(Errno.EINVAL, ErrnoCause.FlagsUnknown));
    }

    [Fact, Spec("V-008", Profile = "v7")]
    public void In_v7_the_fourth_argument_is_a_behaviour_0_full_1_partial()
    {
        using VrangeHarness h = VrangeHarness.Of(VrangeVersion.V7);
        VirtAddr start = h.Filled(2);

        h.CallWith(start.Raw, 4096, 0, 0).ShouldBe(0);
        h.CallWith(start.Raw + 4096, 4096, 0, 1).ShouldBe(0);
        h.CallWith(start.Raw, 4096, 0, 2).ShouldBe(-22);

        (h.Tree[0].Partly, h.Tree[1].Partly).ShouldBe((false, true));
    }

    [Fact, Spec("V-008", Profile = "v7")]
    public void As_posted_the_partial_mode_of_v7_is_the_full_one()
    {
        using VrangeHarness h = VrangeHarness.Of(VrangeVersion.V7, quirks: true);
        VirtAddr start = h.Filled(8);

        h.CallWith(start.Raw, 8 * 4096, 0, 1).ShouldBe(0);

        h.Purger.PurgeRanges(1, ReclaimReason.Direct).ShouldBe(8UL);
    }

    [Fact, Spec("V-021", Profile = "v7")]
    public void In_v7_NOVOLATILE_answers_1_when_a_page_was_lost_and_all_else_0()
    {
        using VrangeHarness h = VrangeHarness.Of(VrangeVersion.V7);
        VirtAddr start = h.Filled(2);

        h.CallWith(start.Raw, 8192, 0, 0).ShouldBe(0);
        h.CallWith(start.Raw, 8192, 1, 0).ShouldBe(0);
        h.CallWith(start.Raw, 8192, 0, 0).ShouldBe(0);
        _ = h.Purge(start, 1);
        h.CallWith(start.Raw, 8192, 1, 0).ShouldBe(1);
        h.CallWith(start.Raw, 8192, 1, 0).ShouldBe(0);
    }

    [Fact, Spec("V-022", Profile = "v14")]
    public void In_v14_NONVOLATILE_answers_1_when_a_page_was_lost_and_all_else_0()
    {
        using VrangeHarness h = VrangeHarness.Of(VrangeVersion.V14);
        VirtAddr start = h.Filled(2);

        h.Advise(start, 8192, Advice.Volatile).ShouldBe(0);
        h.Advise(start, 8192, Advice.NonVolatile).ShouldBe(0);
        h.Advise(start, 8192, Advice.Volatile).ShouldBe(0);
        _ = h.Purge(start, 1);
        h.Advise(start, 8192, Advice.NonVolatile).ShouldBe(1);
        h.Advise(start, 8192, Advice.NonVolatile).ShouldBe(0);
    }

    [Fact, Spec("V-023", Profile = "v12")]
    public void A_short_count_speaks_of_the_counted_bytes_only()
    {
        // Given two volatile mappings with a hole between them, and a loss in the second
        using VrangeHarness h = VrangeHarness.Of(VrangeVersion.V12);
        VirtAddr start = h.FilledAndVolatile(4);
        _ = h.Purge(start + (3 * 4096), 1);
        _ = MmuEmu.Kernel.Mm.Unmap.Range(h.Mm.Mem, h.Space, start + 4096, 4096);

        h.Keep(start, 4).ShouldBe(new VrangeAnswer(4096, 0));
        h.Keep(start + (2 * 4096), 2).ShouldBe(new VrangeAnswer(2 * 4096, 1));
    }

    [Fact, Spec("V-043", Profile = "v14")]
    public void In_v14_an_end_inside_a_page_is_refused_and_not_rounded()
    {
        using VrangeHarness h = VrangeHarness.Of(VrangeVersion.V14);
        VirtAddr start = h.Filled(2);

        h.Advise(start, 4097, Advice.Volatile).ShouldBe(-22);
        h.Advise(start + 1, 4095, Advice.Volatile).ShouldBe(-22);
        h.Mappings(start, 2).ShouldNotContain('v');
    }

    [Theory]
    [InlineData(VrangeVersion.V8)]
    [InlineData(VrangeVersion.V12)]
    public void As_posted_lengths_are_rounded_down_and_an_unknown_mode_counts_and_does_nothing(VrangeVersion version)
    {
        using VrangeHarness h = VrangeHarness.Of(version, quirks: true);
        VirtAddr start = h.FilledAndVolatile(2);

        h.Raw(start, 4097, VrangeMode.NonVolatile, default).ShouldBe(4096);
        h.Raw(start + 4096, 4096, VrangeMode.Unknown, default).ShouldBe(4096);
        h.Raw(start, 4095, VrangeMode.NonVolatile, default).ShouldBe(-22);
        _ = h.Purge(start, 2);
        h.Picture(start, 2).ShouldBe(".P");
    }

    [Fact]
    public void As_posted_the_purged_word_of_v10_speaks_of_the_last_mapping_only()
    {
        using VrangeHarness h = VrangeHarness.Of(VrangeVersion.V10, quirks: true);
        VirtAddr start = h.Filled(2);
        _ = MmuEmu.Kernel.Mm.Protect.Change(h.Mm.Mem, h.Space, new(start + 4096, 4096, Prot.Read));
        _ = h.Mark(start, 2);
        _ = h.Purge(start, 1);

        h.Keep(start, 2).ShouldBe(new VrangeAnswer(2 * 4096, 0));
    }

    private static long[] Answers(VrangeVersion version, params (ulong Number, ulong[] Arguments)[] calls)
    {
        GuestRun run = Run(version, calls);
        return [.. Enumerable.Range(0, calls.Length).Select(i => (long)run[i])];
    }

    /// <summary>A guest that maps a page, makes the calls and prints what each answered.</summary>
    private static GuestRun Run(VrangeVersion version, params (ulong Number, ulong[] Arguments)[] calls)
    {
        byte[] program = AssembledGuest.Undeclared(a =>
        {
            a.MapAt(Page, 4096);
            for (int i = 0; i < calls.Length; i++)
            {
                a.Call(calls[i].Number, calls[i].Arguments);
                a.mov(Iced.Intel.AssemblerRegisters.rbx, AssembledGuest.Data + (ulong)(i * 8));
                a.mov(Iced.Intel.AssemblerRegisters.__[Iced.Intel.AssemblerRegisters.rbx], Iced.Intel.AssemblerRegisters.rax);
            }

            a.PrintAndExit(AssembledGuest.Data, (ulong)calls.Length * 8);
        });
        return GuestRun.Of(program, options => options with { Profile = new KernelProfile { Vrange = version, Switches = ProfileSwitches.VrangeNumbers } });
    }
}
