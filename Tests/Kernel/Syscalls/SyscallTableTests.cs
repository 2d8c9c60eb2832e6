using System.Text;
using MmuEmu.Debugger.Sessions;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Story;
using MmuEmu.Kernel.Syscalls;
using MmuEmu.Tests.Builders;
using MmuEmu.Tests.Golden;

namespace MmuEmu.Tests.Kernel.Syscalls;

/// <summary>The table is the document.</summary>
public sealed class SyscallTableTests
{
    [Fact]
    public void Rows_are_sorted_by_number_and_found_by_number_and_name()
    {
        SyscallTable.Rows.Select(row => row.Number).ShouldBeInOrder(SortDirection.Ascending);
        SyscallTable.Rows.Select(row => row.Number).Distinct().Count().ShouldBe(SyscallTable.Rows.Count);
        foreach (SyscallRow row in SyscallTable.Rows)
        {
            SyscallTable.Find(row.Number).ShouldBe(row);
            SyscallTable.Find(row.Name).ShouldBe(row);
        }
    }

    [Fact]
    public void Explanations_tell_of_the_calls_that_change_what_addresses_mean() =>
        SyscallTable.Rows.Concat(SyscallTable.Proposed).Where(row => row.InHistory).Select(row => row.Name).ShouldBe(["mprotect", "munmap", "madvise", "vrange"]);

    [Fact]
    public void The_table_says_which_calls_answer_with_an_address()
    {
        SyscallTable.Rows.Where(row => row.Answer == RaxMeaning.Address).Select(row => row.Name).ShouldBe(["mmap", "mremap"]);
        SyscallTable.Rows.Where(row => row.Answer == RaxMeaning.Break).Select(row => row.Name).ShouldBe(["brk"]);
    }

    [Fact]
    public void The_document_lists_every_row()
    {
        StringBuilder text = new();
        text.Append("# System calls\n\n");
        text.Append("Printed from `Kernel/Syscalls/SyscallTable.cs`; `MMUEMU_UPDATE_GOLDEN=1 dotnet test Tests` writes it again.\n");
        text.Append("A number that is not listed answers `ENOSYS`, and is named once on standard error.\n\n");
        foreach (Support support in Enum.GetValues<Support>())
        {
            text.Append($"- **{support}**: {SyscallTable.Rows.Concat(SyscallTable.Proposed).Count(row => row.Support == support)} calls. {Meaning(support)}\n");
        }

        text.Append("\n| number | name | support | note |\n|---:|---|---|---|\n");
        foreach (SyscallRow row in SyscallTable.Rows)
        {
            string number = row.Number < 0x1000 ? $"{row.Number}" : $"0x{row.Number:x}";
            text.Append($"| {number} | {row.Name} | {row.Support} | {row.Note} |\n");
        }

        AppendCompat(text);
        text.Append("\n## Numbers with two meanings\n\n");
        text.Append("Proposals that were never merged claim numbers that Linux has since given to something else, or to nothing. Their meaning holds for a program\n");
        text.Append("that declares it ([guest-header.md](guest-header.md)), for every program when `--profile` names the family, and with `--abi proposals`; all else gets\n");
        text.Append("Linux's. A family that is not asked for is told once on standard error when a program seems to mean it: by a mapped page as first argument of 314\n");
        text.Append("or 321, by advice 5, by advice 18 or 19 while it handles SIGBUS. Two families that claim one number cannot both be asked for.\n\n");
        text.Append("| number | on Linux | as proposed | `--profile` |\n|---:|---|---|---|\n");
        foreach (ProposalClaim claim in ProposalTable.Claims.Where(claim => WordsFor(claim).Any()))
        {
            string number = claim.Kind == NumberKind.Advice ? $"madvise {claim.Number}" : $"{claim.Number}";
            text.Append($"| {number} | {claim.Linux ?? "EINVAL"} | {claim.Proposed} | {string.Join(", ", WordsFor(claim))} |\n");
        }

        GoldenFile.CheckAt("docs/syscalls.md", text.ToString());
    }

    [Fact]
    public void A_number_that_nobody_answers_is_ENOSYS_and_named_once()
    {
        List<Notice> said = [];

        GuestRun run = GuestRun.Of(
            a =>
            {
                a.Call(9999);
                a.Call(9999);
                a.Call(231, 7);
            },
            options => options with { Notices = said.Add });

        run.Result.ExitCode.ShouldBe(7);
        run.Result.Statistics.UnknownSyscalls[9999].ShouldBe(2UL);
        said.ShouldBe([new Notice(NoticeKind.UnknownSyscall) { Number = 9999 }]);
    }

    private static void AppendCompat(StringBuilder text)
    {
        SyscallRow[] rows = [.. Enumerable.Range(0, 512).Select(eax => CompatTable.Find(CompatTable.FirstNumber + (ulong)eax)).OfType<SyscallRow>()];
        text.Append("\n## Through int $0x80\n\n");
        text.Append("64-bit code may also call with `int $0x80`: EAX has the number that i386 gives a call, and EBX, ECX, EDX, ESI, EDI, EBP the arguments.\n");
        text.Append("All are cut to 32 bits, so that a pointer above 4 GiB is `EFAULT`; RAX alone is changed. `--strace` marks such calls with `[int $0x80]`.\n");
        text.Append("What is not listed answers `ENOSYS`: signal handlers, thread areas, and calls whose structs differ and are rarely used.\n\n");
        text.Append("With a struct or a meaning of its own:\n\n| number | name | support | note |\n|---:|---|---|---|\n");
        foreach (SyscallRow row in rows.Where(row => !IsTwin(row)))
        {
            text.Append($"| {row.Number - CompatTable.FirstNumber} | {row.Name} | {row.Support} | {row.Note} |\n");
        }

        text.Append("\nAs on x86-64: ");
        text.AppendJoin(", ", rows.Where(IsTwin).Select(row => $"{row.Number - CompatTable.FirstNumber} {row.Name}"));
        text.Append(".\n");
    }

    private static bool IsTwin(SyscallRow row) => SyscallTable.Rows.Any(other => other.Handler == row.Handler && other.Note == row.Note);

    private static IEnumerable<string> WordsFor(ProposalClaim claim) =>
        from word in ProfileWords.All
        let profile = word.Change(KernelProfile.Default)
        where ProposalTable.AskedBy(profile) == claim.Proposal && claim.Holds(profile)
        select $"`{word.Text}`";

    private static string Meaning(Support support) => support switch
    {
        Support.Full => "All that Linux does.",
        Support.Partial => "What programs commonly use; the note says what is there or missing.",
        Support.Accepted => "Answers as if done; the note says why that is right.",
        Support.Refused => "Always fails; the note says how.",
        Support.Proposed => "Never merged into Linux.",
        Support.Emulator => "Requests to the emulator: [guest-header.md](guest-header.md).",
    };
}
