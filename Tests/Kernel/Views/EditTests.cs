using Iced.Intel;
using MmuEmu.Emulator.Cpu;
using MmuEmu.Emulator.Tracing;
using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Run;
using MmuEmu.Kernel.Story;
using MmuEmu.Kernel.Views;
using MmuEmu.Tests.Builders;
using MmuEmu.Tests.Kernel.State;
using static Iced.Intel.AssemblerRegisters;

namespace MmuEmu.Tests.Kernel.Views;

/// <summary>Edits: they reach what they should, keep every invariant, and say what they changed.</summary>
public sealed class EditTests
{
    private const ulong Data = AssembledGuest.Data;

    [Fact]
    public void Code_that_is_written_over_runs_as_it_is_now()
    {
        using PausedGuest guest = new(ExitWithLoop);
        guest.RunTo(60);
        int space = guest.Space;
        byte[] code = guest.Read(AssembledGuest.Code, 0x40);
        int at = code.AsSpan().IndexOf((ReadOnlySpan<byte>)[0xBF, 7, 0, 0, 0]);
        at.ShouldBeGreaterThan(0);
        VirtAddr immediate = new(AssembledGuest.Code + (ulong)at + 1);

        KernelChange change = guest.Edit.WriteMemory(space, immediate, [42]);

        (change.Errno, change.Bytes, change.FramesTaken).ShouldBe((Errno.None, 1, 1UL));
        guest.View.EntryAt(space, immediate).ShouldNotBeNull().State.ShouldBe(PageState.Mapped | PageState.Present | PageState.Accessed | PageState.Dirty);
        guest.ShouldBeSound();
        guest.RunToEnd().ExitCode.ShouldBe(42);
        File.ReadAllBytes(guest.ProgramPath)[0x1000 + at + 1].ShouldBe((byte)7);
    }

    [Fact]
    public void A_page_that_a_fork_shares_is_copied_first()
    {
        using PausedGuest guest = new(static a =>
        {
            Label child = a.CreateLabel();
            a.mov(rbx, Data);
            a.mov(__qword_ptr[rbx], 5);
            a.Call(57);
            a.test(rax, rax);
            a.je(child);
            a.Call(61, ulong.MaxValue, 0, 0, 0);
            a.mov(rdi, __[rbx]);
            a.mov(eax, 60);
            a.syscall();
            a.Label(ref child);
            a.Call(39);
            a.Exit(0);
        });
        guest.RunToCall("getpid");
        (int parent, int child) = (guest.View.Processes()[0].Space!.Value, guest.View.Processes()[1].Space!.Value);
        VirtAddr word = new(Data);
        guest.View.EntryAt(child, word).ShouldNotBeNull().State.HasFlag(PageState.Shared).ShouldBeTrue();

        guest.Edit.WriteMemory(child, word, [9]).FramesTaken.ShouldBe(1UL);

        guest.ShouldBeSound();
        (ByteAt(guest, parent, word), ByteAt(guest, child, word)).ShouldBe(((byte)5, (byte)9));
        guest.Edit.WriteMemory(parent, word, [6]).Errno.ShouldBe(Errno.None);
        (ByteAt(guest, parent, word), ByteAt(guest, child, word)).ShouldBe(((byte)6, (byte)9));
        guest.ShouldBeSound();
        guest.RunToEnd().ExitCode.ShouldBe(6);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Memory_that_the_program_may_not_touch_is_written_and_stays_so(int rights)
    {
        const ulong Page = 0x1000_0000;
        using PausedGuest guest = new(a =>
        {
            a.MapAt(Page, 0x3000);
            a.mov(rbx, Page);
            a.mov(__byte_ptr[rbx], 1);
            a.mov(al, __byte_ptr[rbx + 0x1000]);
            a.Call(10, Page, 0x3000, (ulong)rights);
            a.Call(39);
            a.Call(10, Page, 0x3000, 1);
            a.movzx(edi, __byte_ptr[rbx + 0x2FFF]);
            a.mov(eax, 60);
            a.syscall();
        });
        guest.RunToCall("getpid");
        byte[] bytes = [.. Enumerable.Range(0, 0x3000).Select(i => (byte)(i * 7))];

        guest.Edit.WriteMemory(guest.Space, new VirtAddr(Page), bytes).Bytes.ShouldBe(bytes.Length);

        guest.Read(Page, 0x3000).ShouldBe(bytes);
        guest.ShouldBeSound();
        PageState[] pages = new PageState[3];
        guest.View.PagesFrom(guest.Space, new VirtAddr(Page), pages);
        pages.ShouldAllBe(page => !page.HasFlag(PageState.Writable) && page.HasFlag(rights == 0 ? PageState.ProtNone : PageState.Present));
        guest.RunToEnd().ExitCode.ShouldBe(bytes[0x2FFF]);
    }

    [Fact]
    public void A_swapped_page_is_read_back_before_it_is_written()
    {
        using PausedGuest guest = new(static a =>
        {
            a.mov(rbx, Data);
            a.mov(__qword_ptr[rbx + 0x2000], 0x0203);
            a.Call(39);
            a.movzx(edi, __byte_ptr[rbx + 0x2000]);
            a.add(dil, __byte_ptr[rbx + 0x2001]);
            a.mov(eax, 60);
            a.syscall();
        });
        guest.RunToCall("getpid");
        guest.Edit.Age();
        guest.Edit.Age();
        guest.Edit.Reclaim(1000);
        VirtAddr page = new(Data + 0x2000);
        guest.View.EntryAt(guest.Space, page).ShouldNotBeNull().State.HasFlag(PageState.Swapped).ShouldBeTrue();

        guest.Edit.WriteMemory(guest.Space, page, [40]).Errno.ShouldBe(Errno.None);

        guest.ShouldBeSound();
        guest.Edit.Age();
        guest.Edit.Age();
        guest.Edit.Reclaim(1000);
        guest.ShouldBeSound();
        guest.RunToEnd().ExitCode.ShouldBe(42);
    }

    [Fact]
    public void What_cannot_be_written_is_refused_and_what_came_before_it_is_written()
    {
        const ulong Shared = 0x1000_0000;
        using PausedGuest guest = new(a =>
        {
            a.Call(9, Shared, 0x1000, 1, 0x31, ulong.MaxValue, 0);
            a.Call(39);
        });
        guest.RunToCall("getpid");
        int space = guest.Space;
        VirtAddr end = new(Data + AssembledGuest.DataBytes - 2);

        guest.Edit.WriteMemory(space, end, [1, 2, 3]).ShouldSatisfyAllConditions(
            change => change.Errno.ShouldBe(Errno.EFAULT),
            change => change.Bytes.ShouldBe(2));
        guest.Read(end.Raw, 2).ShouldBe([1, 2]);
        guest.Edit.WriteMemory(space, new VirtAddr(Shared), [1]).Errno.ShouldBe(Errno.EFAULT);
        guest.Edit.WriteMemory(space, new VirtAddr(ulong.MaxValue), [1, 2]).Errno.ShouldBe(Errno.EFAULT);
        VirtAddr vdso = guest.View.Vmas(space).Single(vma => vma.Name == "[vdso]").Range.Start;
        guest.Edit.WriteMemory(space, vdso, [1]).Errno.ShouldBe(Errno.EFAULT);
        guest.Edit.WriteMemory(space + 1, new VirtAddr(Data), [1]).ShouldBe(new KernelChange(Errno.ESRCH, 0, 0, 0, 0));
        guest.Edit.Purge(space + 1, default).Errno.ShouldBe(Errno.ESRCH);
        guest.ShouldBeSound();
    }

    [Fact]
    public void A_register_of_a_thread_at_work_and_of_one_that_waits_is_written()
    {
        using PausedGuest guest = new(static a =>
        {
            Label child = a.CreateLabel();
            Label spin = a.CreateLabel();
            a.mov(ebx, 1);
            a.Call(57);
            a.test(rax, rax);
            a.je(child);
            a.Call(61, ulong.MaxValue, Data, 0, 0);
            a.mov(rcx, Data);
            a.movzx(edi, __byte_ptr[rcx + 1]);
            a.add(edi, ebx);
            a.mov(eax, 60);
            a.syscall();
            a.Label(ref child);
            a.mov(ecx, 1000);
            a.Label(ref spin);
            a.dec(ecx);
            a.jne(spin);
            a.mov(edi, ebx);
            a.mov(eax, 60);
            a.syscall();
        });
        guest.RunTo(400);
        foreach ((TaskView task, ulong value) in guest.View.Tasks().Zip([30UL, 12UL]))
        {
            TaskRegisters registers = guest.View.RegistersOf(task.Tid).ShouldNotBeNull();
            registers.User.Registers[Gpr.Rbx].ShouldBe(1UL);
            registers.User.Registers[Gpr.Rbx] = value;
            registers.User.Rflags |= Rflags.Iopl | Rflags.DF;
            guest.Edit.WriteRegisters(task.Tid, registers).Errno.ShouldBe(Errno.None);

            UserContext now = guest.View.RegistersOf(task.Tid).ShouldNotBeNull().User;
            now.Registers[Gpr.Rbx].ShouldBe(value);
            (now.Rflags & (Rflags.Iopl | Rflags.DF)).ShouldBe(Rflags.DF);
            registers.User.FsBase = ulong.MaxValue;
            guest.Edit.WriteRegisters(task.Tid, registers).Errno.ShouldBe(Errno.EIO);
        }

        guest.Edit.WriteRegisters(1, guest.View.RegistersOf(guest.View.Tasks()[0].Tid)!).Errno.ShouldBe(Errno.ESRCH);
        guest.RunToEnd().ExitCode.ShouldBe(42);
    }

    [Theory]
    [InlineData("--ram 16M --swap 16M", "reclaim 40 frames", "cow-fork")]
    [InlineData("--ram 16M --swap 16M", "age", "libc-mix-musl")]
    [InlineData("--ram 16M --swap 16M", "purge", "vrange-recover")]
    public void An_edit_does_what_a_pressure_rule_at_that_moment_does(string options, string action, string program)
    {
        ulong half;
        using (SavedRun whole = new($"{options} {program}"))
        {
            whole.Run();
            half = whole.Kernel.Time / 2;
        }

        using SavedRun ruled = new($"{options} --pressure|at insn {half}: {action}|{program}");
        using SavedRun edited = new($"{options} {program}");
        ruled.Run(StopAt.Time(half));
        edited.Run(StopAt.Time(half));
        KernelEdit edit = new(edited.Kernel);
        _ = action switch
        {
            "age" => edit.Age(),
            "purge" => edit.PurgeAll(),
            _ => edit.Reclaim(40),
        };

        new KernelView(edited.Kernel).HashState().ShouldBe(new KernelView(ruled.Kernel).HashState());
        edited.Run().End.ShouldBe(ruled.Run().End);
    }

    [Fact]
    public void A_purge_of_a_part_tells_its_cause_and_leaves_the_rest()
    {
        const ulong Pages = 0x1000_0000;
        TraceRecorder trace = new(TraceKinds.Reclaim);
        using PausedGuest guest = new(
            static a =>
            {
                a.MapAt(Pages, 0x4000);
                a.mov(rbx, Pages);
                for (int i = 0; i < 4; i++)
                {
                    a.mov(__byte_ptr[rbx + (i * 0x1000)], 1);
                }

                a.Call(314, Pages, 0x4000, 0, Data);
                a.Call(39);
            },
            options => options with { Trace = trace });
        guest.RunToCall("getpid");
        guest.View.VmaAt(guest.Space, new VirtAddr(Pages)).ShouldNotBeNull().Volatile.ShouldHaveSingleItem()
            .ShouldBe((VirtRange.Of(new VirtAddr(Pages), 0x4000), false));
        trace.Events.Clear();

        KernelChange change = guest.Edit.Purge(guest.Space, new VirtRange(new VirtAddr(Pages + 0x1010), new VirtAddr(Pages + 0x2010)));

        change.FramesFreed.ShouldBe(2UL);
        PageState[] pages = new PageState[4];
        guest.View.PagesFrom(guest.Space, new VirtAddr(Pages), pages);
        pages.Select(page => page.HasFlag(PageState.Purged)).ShouldBe([false, true, true, false]);
        guest.View.VmaAt(guest.Space, new VirtAddr(Pages)).ShouldNotBeNull().Volatile.ShouldHaveSingleItem().Purged.ShouldBeTrue();
        List<TraceEvent> purges = trace.Events.FindAll(happened => happened.Kind == KernelEvent.Purged);
        purges.Count.ShouldBe(2);
        purges.ShouldAllBe(happened => ((CauseDetail)happened.Detail!).Cause == new WorkCause(WorkCauseKind.Debugger, 0));
        guest.ShouldBeSound();
    }

    private static void ExitWithLoop(Assembler a)
    {
        Label spin = a.CreateLabel();
        a.mov(ecx, 100);
        a.Label(ref spin);
        a.mov(edi, 7);
        a.dec(ecx);
        a.jne(spin);
        a.mov(eax, 60);
        a.syscall();
    }

    private static byte ByteAt(PausedGuest guest, int space, VirtAddr address)
    {
        byte[] one = new byte[1];
        guest.View.ReadMemory(space, address, one, out _).ShouldBe(1);
        return one[0];
    }
}
