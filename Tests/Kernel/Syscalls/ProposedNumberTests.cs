using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.State;
using MmuEmu.Kernel.Story;
using MmuEmu.Kernel.Vmas;
using MmuEmu.Tests.Builders;
using static Iced.Intel.AssemblerRegisters;

namespace MmuEmu.Tests.Kernel.Syscalls;

/// <summary>A number means a proposal only where that was asked for; everywhere else it means what it means on Linux.</summary>
public sealed class ProposedNumberTests
{
    private const ulong Page = 0x1000_0000;
    private const ulong Madvise = 28;
    private const ulong Vrange = 314;
    private const ulong RemapAnonPages = 321;
    private const ulong Answers = AssembledGuest.Data;

    public static TheoryData<string, ProfileSwitches, bool, long[]> Programs => new()
    {
        { "undeclared", ProfileSwitches.None, false, [-14, -1, -22, 0] },
        { "declared", ProfileSwitches.None, true, [4096, -22, 0, 0] },
        { "vrange asked for", ProfileSwitches.VrangeNumbers, false, [4096, -1, -22, 0] },
        { "MADV_FREE asked for", ProfileSwitches.MadvFreeNumber, false, [-14, -1, 0, 0] },
        { "userfault asked for", ProfileSwitches.UserFaultNumbers, false, [-14, -22, -22, 0] },
        { "all asked for", ProfileSwitches.ProposedNumbers, false, [4096, -22, 0, 0] },
    };

    [Theory]
    [MemberData(nameof(Programs))]
    public void A_number_means_the_proposal_for_whom_it_was_asked(string title, ProfileSwitches asked, bool declared, long[] answers)
    {
        byte[] program = declared ? AssembledGuest.Build(Program) : AssembledGuest.Undeclared(Program);

        GuestRun run = GuestRun.Of(program, options => options with { Profile = options.Profile with { Switches = asked, UserFault = UserFaultVersion.Uf2013 } });

        Enumerable.Range(0, 4).Select(i => (long)run[i]).ShouldBe(answers, title);

        static void Program(Iced.Intel.Assembler a)
        {
            a.MapAt(Page, 4096);
            Keep(a, 0, Vrange, Page, 4096, 0, 0);
            Keep(a, 1, RemapAnonPages, Page + 1, Page, 4096, 0);
            Keep(a, 2, Madvise, Page, 4096, 5);
            Keep(a, 3, Madvise, Page, 4096, 18);
            a.PrintAndExit(Answers, 32);
        }
    }

    [Fact]
    public void A_child_keeps_the_declaration_and_exec_takes_that_of_the_new_program()
    {
        // Given a program that declares nothing, and one that becomes it after its child called vrange
        string folder = Directory.CreateTempSubdirectory("abi").FullName;
        string second = Path.Combine(folder, "second");
        try
        {
            File.WriteAllBytes(second, AssembledGuest.Undeclared(a =>
            {
                a.MapAt(Page, 4096);
                a.Call(Vrange, Page, 4096, 0, 0);
                a.neg(rax);
                a.mov(rdi, rax);
                a.mov(eax, 231);
                a.syscall();
            }));
            MakeExecutable(second);

            // When both run
            GuestRun run = GuestRun.Of(a =>
            {
                Iced.Intel.Label parent = a.CreateLabel();
                a.MapAt(Page, 4096);
                a.Call(57);
                a.test(rax, rax);
                a.jne(parent);
                a.Call(Vrange, Page, 4096, 0, 0);
                a.sub(rax, 4096);
                a.mov(rdi, rax);
                a.mov(eax, 231);
                a.syscall();
                a.Label(ref parent);
                a.Call(61, ulong.MaxValue, Answers, 0, 0);
                a.Exec(second);
            });

            // Then the child's call is vrange, the new program's is sched_setattr
            run.Trace!.Syscalls.Select(call => ((SyscallDetail)call.Detail!).Name).ShouldContain("vrange");
            run.Trace.Syscalls.Count(call => ((SyscallDetail)call.Detail!).Name == "sched_setattr").ShouldBe(2);
            run.Result.ExitCode.ShouldBe(14);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void A_program_that_seems_to_mean_a_proposal_is_told_of_once_for_each()
    {
        List<Notice> said = [];
        byte[] program = AssembledGuest.Undeclared(a =>
        {
            a.MapAt(Page, 4096);
            for (int i = 0; i < 2; i++)
            {
                a.Call(Vrange, Page, 4096, 0, 0);
                a.Call(RemapAnonPages, Page, Page, 4096, 0);
                a.Call(Madvise, Page, 4096, 5);
            }

            a.Call(231, 0);
        });

        GuestRun.Of(program, options => options with { Notices = said.Add });

        said.ShouldBe(
        [
            new Notice(NoticeKind.OtherMeaning) { Number = 314, Linux = "sched_setattr", Proposed = "vrange" },
            new Notice(NoticeKind.OtherMeaning) { Number = 321, Linux = "bpf", Proposed = "remap_anon_pages" },
            new Notice(NoticeKind.OtherMeaning) { Number = 5, Advice = 5, Proposed = "MADV_FREE" },
        ]);
    }

    [Theory]
    [InlineData(false, 0)]
    [InlineData(true, 1)]
    public void Advice_18_is_told_of_only_when_the_program_handles_SIGBUS(bool handles, int notices)
    {
        List<Notice> said = [];
        byte[] program = AssembledGuest.Undeclared(a =>
        {
            Iced.Intel.Label handler = a.CreateLabel();
            a.MapAt(Page, 4096);
            if (handles)
            {
                a.Handle(7, handler, handler);
            }

            a.Call(Madvise, Page, 4096, 18);
            a.Call(Madvise, Page, 4096, 19);
            a.Call(231, 0);
            a.Restorer(ref handler);
        });

        GuestRun.Of(program, options => options with { Notices = said.Add });

        said.Count.ShouldBe(notices);
    }

    [Fact]
    public void What_Linux_programs_pass_is_not_told_of()
    {
        List<Notice> said = [];
        byte[] program = AssembledGuest.Undeclared(a =>
        {
            a.Call(Vrange, 0, Answers, 0);
            a.Call(316, 0, Answers, 0, Answers, 0);
            a.Call(317, 2, 0, Answers);
            a.Call(RemapAnonPages, 5, Answers, 120);
            a.Call(231, 0);
        });

        GuestRun.Of(program, options => options with { Notices = said.Add });

        said.ShouldBeEmpty();
    }

    [Fact]
    public void A_restored_machine_has_the_meanings_it_was_saved_with()
    {
        using MmHarness mm = new();
        mm.Space.Meanings = ProposalTable.InForce(mm.Mem.Profile, Proposals.Vrange);
        KernelImage image = KernelImage.Of(mm.Mem, null);

        mm.Space.Meanings = NumberMeanings.Linux;
        image.Restore();

        mm.Space.Meanings.InForce.ShouldBe(Proposals.Vrange);
    }

    [Fact]
    public void A_child_of_fork_finds_wiped_memory_empty_and_wipes_it_for_its_own_child()
    {
        using MmHarness mm = new();
        VirtAddr start = mm.Map(4);
        mm.Fill(start, 4, 7);
        mm.SwapAll().Fill(start, 1, 7);
        mm.Advise(start, 2, Advice.WipeOnFork).ShouldBe(Errno.None);
        mm.Advise(start + 4096, 1, Advice.KeepOnFork).ShouldBe(Errno.None);

        AddressSpace child = mm.Fork();
        mm.Run(child);
        byte[] seen = [.. Enumerable.Range(0, 4).Select(page => mm.Read(start + ((ulong)page * 4096)))];
        mm.Fill(start, 1, 9);
        AddressSpace grandchild = mm.Fork();

        seen.ShouldBe([0, 7, 7, 7]);
        mm.Run(grandchild).Read(start).ShouldBe((byte)0);
        mm.Run(mm.Space).Read(start).ShouldBe((byte)7);
        mm.ShouldBeSound();
    }

    private static void Keep(Iced.Intel.Assembler a, int slot, ulong number, params ulong[] arguments)
    {
        a.Call(number, arguments);
        a.mov(rbx, Answers + ((ulong)slot * 8));
        a.mov(__[rbx], rax);
    }

    private static void MakeExecutable(string path)
    {
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        }
    }
}

/// <summary>execve as assembler lines.</summary>
internal static class AsmExec
{
    /// <summary>execve of <paramref name="path"/> with its own name as only argument; 97 when it answers.</summary>
    public static void Exec(this Iced.Intel.Assembler a, string path)
    {
        const ulong Text = AssembledGuest.Data + 0x100;
        const ulong Pointers = AssembledGuest.Data + 0x200;
        byte[] bytes = new byte[((path.Length / 8) + 1) * 8];
        System.Text.Encoding.ASCII.GetBytes(path, bytes);
        a.mov(rbx, Text);
        for (int i = 0; i < bytes.Length; i += 8)
        {
            a.mov(rax, BitConverter.ToUInt64(bytes, i));
            a.mov(__qword_ptr[rbx + i], rax);
        }

        a.mov(rdx, Pointers);
        a.mov(__qword_ptr[rdx], rbx);
        a.Call(59, Text, Pointers, 0);
        a.Exit(97);
    }
}
