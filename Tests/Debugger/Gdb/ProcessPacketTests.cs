using MmuEmu.Debugger.Gdb;

namespace MmuEmu.Tests.Debugger.Gdb;

/// <summary>Threads and processes, by packets.</summary>
public sealed class ProcessPacketTests
{
    [Fact]
    public void New_processes_are_told_and_left_alone_when_they_are_let_go()
    {
        using GdbTalk talk = new("cow-fork");

        talk.Ask("vCont;c").ShouldStartWith("T05fork:p3e9.3e9;");
        talk.Ask("qfThreadInfo").ShouldBe("mp3e8.3e8,p3e9.3e9");
        talk.Ask("D;3e9").ShouldBe("OK");
        talk.Ask("qfThreadInfo").ShouldBe("mp3e8.3e8");
        talk.Ask("vCont;c").ShouldStartWith("T05fork:p3ea.3ea;");
        talk.Ask("vCont;c").ShouldBe("W7e;process:3ea", "this one was not let go");
    }

    [Fact]
    public void On_the_way_back_a_process_runs_its_former_program_again()
    {
        Assert.SkipUnless(File.Exists("/bin/busybox"), "needs busybox: apt-get install busybox-static");
        using GdbTalk talk = new("/bin/busybox env /bin/true");
        string first = talk.Document("exec-file:read:3e8");
        talk.Ask("vCont;c").ShouldContain("exec:");
        string second = talk.Document("exec-file:read:3e8");

        second.ShouldNotBe(first);
        talk.Ask("bc").ShouldContain($"exec:{HexText.OfText(first)};");
        talk.Document("exec-file:read:3e8").ShouldBe(first);
        talk.Ask("vCont;s:p3e8.3e8").ShouldContain($"exec:{HexText.OfText("/bin/true")};");
        talk.Ask("bs").ShouldContain($"exec:{HexText.OfText(first)};");
        talk.Ask("bc").ShouldStartWith("T00replaylog:begin;");
    }

    [Fact]
    public void To_kill_one_of_several_processes_lets_it_go_and_ends_nothing()
    {
        using GdbTalk talk = new("cow-fork");
        talk.Ask("vCont;c").ShouldStartWith("T05fork:p3e9.3e9;");

        talk.Ask("vKill;3e9").ShouldBe("OK");

        talk.Desk.Farewell.ShouldBe(MmuEmu.Debugger.Gdb.Farewell.None);
        talk.Ask("qfThreadInfo").ShouldBe("mp3e8.3e8");
        talk.Ask("vKill;3e8").ShouldBe("OK");
        talk.Desk.Farewell.ShouldBe(MmuEmu.Debugger.Gdb.Farewell.Kill);
        talk.Ask("vCont;s:3e8");
        talk.Console.ShouldContain("process 1001 is let go, not killed");
    }

    [Fact]
    public void A_step_back_is_that_of_the_thread_the_user_has_named_also_behind_one_off_a_breakpoint()
    {
        using GdbTalk talk = new("--seed 7 pthread-mix-glibc");
        string[] names = [];
        for (ulong time = 20_000; names.Length < 2; time += 5_000)
        {
            talk.Run.Journey.Seek(time);
            names = talk.Ask("qfThreadInfo")[1..].Split(',');
        }

        string atWork = talk.Ask("qC")[2..];
        string other = names.First(name => name != atWork);
        talk.Ask($"Hg{other}").ShouldBe("OK");
        talk.Ask($"Hc{atWork}").ShouldBe("OK");
        talk.Ask("bs").ShouldEndWith($"thread:{atWork};");
        talk.Ask("Hcp3e8.0").ShouldBe("OK");

        talk.Ask("bs").ShouldEndWith($"thread:{other};");
        talk.Ask("bs").ShouldEndWith($"thread:{other};");
    }

    [Fact]
    public void Threads_have_names_and_say_what_they_do()
    {
        using GdbTalk talk = new("hello");

        talk.Document("threads:read:").ShouldBe(
            "<?xml version=\"1.0\"?><threads><thread id=\"p3e8.3e8\" core=\"0\" name=\"hello\">t=0 CPL3</thread></threads>");
        talk.Ask("Hgp3e8.3e8").ShouldBe("OK");
        talk.Ask("Hgp5.5").ShouldBe("E03");
        talk.Ask("Tp3e8.3e8").ShouldBe("OK");
        talk.Ask("T5").ShouldBe("E03");
        talk.Ask("qC").ShouldBe("QCp3e8.3e8");
    }
}
