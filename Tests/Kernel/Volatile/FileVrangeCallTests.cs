using System.Text;
using Iced.Intel;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Run;
using MmuEmu.Kernel.Story;
using MmuEmu.Tests.Builders;
using static Iced.Intel.AssemblerRegisters;

namespace MmuEmu.Tests.Kernel.Volatile;

/// <summary>mvrange and fvrange as programs call them: numbers, arguments, errors, and what /proc says.</summary>
public sealed class FileVrangeCallTests
{
    private const ulong Page = 4096;
    private const ulong Shared = 0x2000_0000;
    private const ulong Private = Shared + (2 * Page);
    private const ulong Answers = AssembledGuest.Data;
    private const ulong Name = AssembledGuest.Data + 0x8000;
    private const ulong Mvrange = 315;
    private const ulong Fvrange = 320;
    private const ulong Fd = 3;
    private const long Einval = -(long)Errno.EINVAL;

    [Fact, Spec("V-215", "V-220", "V-224")]
    public void Arguments_are_checked_and_the_answer_is_0_or_1()
    {
        long[] answers = Run(FileMarks.K, 17, c =>
        {
            MapBoth(c);
            Keep(c, 0, Mvrange, Shared, 4 * Page, 0, 0);
            Keep(c, 1, Mvrange, Shared, 4 * Page, 2, 0);
            Keep(c, 2, Mvrange, Shared, 4 * Page, 1, 1);
            Keep(c, 3, Mvrange, Shared, 4 * Page, 2, 0);
            Keep(c, 4, Mvrange, Shared + 1, Page, 0, 0);
            Keep(c, 5, Mvrange, Shared, 0, 0, 0);
            Keep(c, 6, Mvrange, Shared, 100, 0, 0);
            Keep(c, 7, Mvrange, Shared, Page, 5, 0);
            Keep(c, 8, Mvrange, Shared, Page, 0, 2);
            Keep(c, 9, Mvrange, 0x7FFF_FFFF_F000, Page, 0, 0);
            Keep(c, 10, Fvrange, Fd, 0, 2 * Page, 0, 0);
            Keep(c, 11, Fvrange, Fd, 0, Page, 2, 0);
            Keep(c, 12, Fvrange, Fd, 5, Page, 0, 0);
            Keep(c, 13, Fvrange, Fd, 0, Page, 3, 0);
            Keep(c, 14, Fvrange, Fd, 0x7FFF_FFFF_FFFF_F000, Page, 0, 0);
            Keep(c, 15, Fvrange, 99, 0, Page, 0, 0);
            Keep(c, 16, Fvrange, 0, 0, Page, 0, 0);
        });

        answers.ShouldBe(
        [
            0, 1, 0, 0, Einval, Einval, Einval, Einval, Einval, Einval, 0, 1, Einval, Einval, Einval, -(long)Errno.EBADF, -(long)Errno.ESPIPE,
        ]);
    }

    [Fact]
    public void The_numbers_mean_the_calls_only_for_who_asks()
    {
        byte[] program = AssembledGuest.Build(c =>
        {
            MapBoth(c);
            Keep(c, 0, Mvrange, Shared, 4 * Page, 0, 0);
            c.PrintAndExit(Answers, 8);
        });

        ((long)GuestRun.Of(program)[0]).ShouldNotBe(0);
        ((long)GuestRun.Of(program, o => o with { Profile = new KernelProfile { Switches = ProfileSwitches.FileVrangeNumbers } })[0]).ShouldBe(0);
    }

    [Theory]
    [InlineData(FileMarks.K, "20000000-20001000 intact process /memfd:f (deleted)\n20002000-20003000 intact process\n")]
    [InlineData(FileMarks.J, "20000000-20001000 intact file /memfd:f (deleted)\n20002000-20003000 intact process\n")]
    [Spec("V-223")]
    public void What_is_volatile_can_be_read_in_proc(FileMarks files, string expected)
    {
        GuestRun run = GuestRun.Of(
            c =>
            {
                Text(c, Name + 16, "/proc/self/vranges");
                MapBoth(c);
                c.Call(Mvrange, Shared, Page, 0, 0);
                c.Call(Mvrange, Private, Page, 0, 0);
                c.Call(2, Name + 16, 0, 0);
                c.Call(0, 4, Answers, 4096);
                c.mov(rdx, rax);
                c.mov(rdi, 1);
                c.mov(rsi, Answers);
                c.mov(eax, 1);
                c.syscall();
                c.Call(231, 0);
            },
            o => Asking(o, files));

        Encoding.ASCII.GetString(run.Output.Written).ShouldBe(expected);
    }

    [Theory]
    [InlineData(FileMarks.Common), InlineData(FileMarks.K), InlineData(FileMarks.J)]
    public void A_child_of_fork_has_its_own_marks_and_shares_the_files(FileMarks files)
    {
        long[] answers = Run(files, 3, c =>
        {
            Label parent = c.CreateLabel();
            MapBoth(c);
            c.Call(Mvrange, Shared, Page, 0, 0);
            c.Call(Mvrange, Private, Page, 0, 0);
            c.Call(57);
            c.test(rax, rax);
            c.jne(parent);
            c.Call(Mvrange, Shared, 3 * Page, 1, 0);
            c.Call(231, 0);
            c.Label(ref parent);
            c.Call(61, ulong.MaxValue, 0, 0, 0);
            Keep(c, 0, Mvrange, Shared, Page, 2, 0);
            Keep(c, 1, Mvrange, Private, Page, 2, 0);
            Keep(c, 2, Fvrange, Fd, 0, Page, 2, 0);
        });

        answers.ShouldBe([files == FileMarks.K ? 1 : 0, 1, 0]);
    }

    [Fact, Spec("V-204")]
    public void Nothing_of_it_outlives_the_machine()
    {
        Action<Assembler> program = c =>
        {
            Text(c, Name, "/dev/shm/f");
            c.Call(2, Name, 0x42, 0x1B6);
            c.Call(77, Fd, Page);
            Keep(c, 0, Fvrange, Fd, 0, Page, 2, 0);
            c.Call(Fvrange, Fd, 0, Page, 0, 0);
            Keep(c, 1, Fvrange, Fd, 0, Page, 2, 0);
        };

        Run(FileMarks.Common, 2, program).ShouldBe([0, 1]);
        Run(FileMarks.Common, 2, program).ShouldBe([0, 1]);
    }

    [Fact, Spec("V-082", "V-192")]
    public void A_program_without_a_handler_that_touches_a_purged_page_of_a_file_is_killed_by_SIGBUS()
    {
        GuestRun run = GuestRun.Of(
            c =>
            {
                MapBoth(c);
                c.mov(rbx, Shared);
                c.mov(__byte_ptr[rbx], 1);
                c.Call(314, Shared, Page, 0, 0);
                c.Call(0x4D4D_5503, Shared, Page);
                c.mov(rbx, Shared + 0x123);
                c.mov(al, __byte_ptr[rbx]);
                c.Call(231, 0);
            },
            o => Asking(o, FileMarks.Common));

        (run.Result.Reason, run.Result.Signal).ShouldBe((EndReason.Killed, Signal.SIGBUS));
        SignalDetail told = run.Trace!.Signals.ShouldHaveSingleItem();
        (told.Info.Code, told.Info.Address.Raw).ShouldBe((SigCode.BusAdrErr, Shared + 0x123));
    }

    private static long[] Run(FileMarks files, int count, Action<Assembler> body)
    {
        GuestRun run = GuestRun.Of(
            c =>
            {
                body(c);
                c.PrintAndExit(Answers, 256);
            },
            o => Asking(o, files));
        run.Result.Reason.ShouldBe(EndReason.Exited, run.Result.Message);
        return [.. Enumerable.Range(0, count).Select(i => (long)run[i])];
    }

    private static KernelOptions Asking(KernelOptions options, FileMarks files) => options with
    {
        Profile = new KernelProfile { Files = files, Switches = ProfileSwitches.FileVrangeNumbers | ProfileSwitches.VrangeNumbers },
    };

    private static void MapBoth(Assembler c)
    {
        Text(c, Name, "f");
        c.Call(319, Name, 0);
        c.Call(77, Fd, 2 * Page);
        c.Call(9, Shared, 2 * Page, 3, 0x11, Fd, 0);
        c.MapAt(Private, 2 * Page);
    }

    private static void Text(Assembler c, ulong at, string text)
    {
        foreach (char letter in text + "\0")
        {
            c.mov(rbx, at++);
            c.mov(__byte_ptr[rbx], letter);
        }
    }

    private static void Keep(Assembler c, int place, ulong number, params ulong[] arguments)
    {
        c.Call(number, arguments);
        c.mov(rbx, Answers + ((ulong)place * 8));
        c.mov(__qword_ptr[rbx], rax);
    }
}
