using MmuEmu.Debugger.Monitor;

namespace MmuEmu.Tests.Debugger.Monitor;

/// <summary>Lines in, lines out, whatever is typed.</summary>
public sealed class MonitorSessionTests
{
    private static readonly string[] Words =
    [
        "here", "$rip", "$rsp", "$nope", "main", "main+4", "main+", "+", "0x", "0", "-1", "1", "3", "4096", "99999999999999999999", "ffffffffffffffff", "8000000000000000",
        "pte", "frame", "to", "fault", "signal", "SIGBUS", "syscall", "write", "mem", "tlb", "phys:0x1000", "phys:", "phys:ffffffffffff", "pml4=0", "pt=zz", "pd=1", "r", "w", "x",
        "1.2", "100.5", "begin", "end", "a.c:3", "hello:", "\u001b[31m", "äöü", "all", "inactive-anon", "active-file", "=", "#",
    ];

    [Fact]
    public void Nothing_that_can_be_typed_is_thrown_back()
    {
        using MonitorScript session = new("hello");
        Random random = new(17);
        string[] names = [.. CommandTable.Rows.SelectMany(command => command.Names)];
        for (int i = 0; i < 600; i++)
        {
            string[] words = [.. Enumerable.Range(0, random.Next(4)).Select(_ => Words[random.Next(Words.Length)])];
            string line = string.Join(' ', words.Prepend(names[random.Next(names.Length)]));

            IReadOnlyList<string> said = session.Session.Execute(line);

            said.ShouldNotBeEmpty(line);
            said.ShouldAllBe(text => !text.Any(char.IsControl), line);
            if (session.Session.Failed)
            {
                said.Count.ShouldBe(2, line);
                said[1].ShouldStartWith("try: ");
            }
        }
    }

    [Theory]
    [InlineData("wlak", "expected a command; found 'wlak'\ntry: walk")]
    [InlineData("xyzzyplugh", "expected a command; found 'xyzzyplugh'\ntry: help")]
    [InlineData("walk mian", "'mian': expected an address: a number, a symbol such as main or buf+0x10, a register such as $rdi, or here; hello has no symbol 'mian'\ntry: main")]
    [InlineData("si two", "si: expected a number from 1 to 1000000; found 'two'\ntry: si 1")]
    [InlineData("x $rsp 5000", "x: expected a number of bytes from 1 to 4096; found '5000'\ntry: x $rsp 64")]
    [InlineData("run to signal SIGBUSS", "run to: expected the name of a signal; found 'SIGBUSS'\ntry: run to signal SIGBUS")]
    [InlineData("walk 8000000000000000", "0x8000000000000000 at t=0, CR3 0x2000 pcid 1\n  not canonical: any access is #GP (or #SS through the stack segment); no walk takes place")]
    [InlineData("pte 8000000000000000", "expected an address that can be translated; found 0x8000000000000000, which is not canonical: no entry decides for it\ntry: pte $rip")]
    public void What_cannot_be_done_says_what_was_expected_and_what_to_type(string line, string said)
    {
        using MonitorScript session = new("hello");

        session.Tell(line).ShouldBe(said);
    }

    [Fact]
    public void Names_are_unique_and_help_is_one_line_each()
    {
        string[] names = [.. CommandTable.Rows.SelectMany(command => command.Names).Append("help")];

        names.ShouldBeUnique();
        CommandTable.Rows.ShouldAllBe(command => command.Help.Length > 0 && command.Help.Length < 120 && !command.Help.EndsWith('.'));
        MonitorSession.Complete("wa").ShouldBe(["walk", "watch"]);
    }

    [Fact]
    public void An_empty_line_and_a_remark_say_nothing()
    {
        using MonitorScript session = new("hello");

        session.Tell("  ").ShouldBe("");
        session.Tell("# walk main").ShouldBe("");
        session.Session.Failed.ShouldBeFalse();
    }

    [Fact]
    public void What_was_walked_for_last_is_remembered_for_views()
    {
        using MonitorScript session = new("hello");
        session.Session.Focus.ShouldBeNull();

        session.Tell("walk 0x401000");

        session.Session.Focus!.Value.Address.Raw.ShouldBe(0x401000UL);
    }

    [Fact]
    public void Back_out_of_a_function_leads_over_its_system_calls_to_the_call_of_it()
    {
        using MonitorScript session = new("vrange-recover");
        session.Tell("run to mark pressure");
        session.Tell("si").ShouldContain(" main+0x");

        session.Tell("rfinish").ShouldContain(" libc_start_main_stage2+0x");
    }

    [Fact]
    public void A_purge_makes_another_future()
    {
        using MonitorScript session = new("vrange-recover");
        session.Tell("run to mark pressure");
        session.Tell("si");
        string first = session.Tell("run to fault");
        session.Tell("rsi");
        session.Tell("back to mark pressure");
        session.Tell("si");

        string said = session.Tell("purge cache 4096");

        said.ShouldContain("another future begins at T ");
        session.Tell("where").ShouldNotContain("PAST");
        session.Tell("run to fault").ShouldBe(first);
        session.Run.Course.Branches.ShouldBe(1);
    }

    [Fact]
    public void Ranges_of_the_heap_can_be_purged_only_where_they_are_volatile()
    {
        using MonitorScript session = new("vrange-recover");
        session.Tell("run to mark pressure");
        string pages = session.Tell("vma 0x7ffff7fef000");
        session.Tell("si");

        session.Tell("purge 0x7ffff7fef000 0x10000").ShouldStartWith("purge of 7ffff7fef000-7ffff7fff000: 8 frames freed");
        session.Tell("vma 0x7ffff7fef000").ShouldNotBe(pages);
        session.Tell("run to signal SIGBUS").ShouldStartWith("met: signal SIGBUS");
    }
}
