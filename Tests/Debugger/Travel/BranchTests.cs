using MmuEmu.Debugger.Recordings;
using MmuEmu.Kernel.Run;
using MmuEmu.Tests.Builders;

namespace MmuEmu.Tests.Debugger.Travel;

/// <summary>Another future: what it gets from the host is its own, and the past stays what it was.</summary>
public sealed class BranchTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("mmuemu-branch").FullName;

    [Fact]
    public void What_is_typed_is_read_next_in_the_order_in_which_it_was_typed()
    {
        using AskedSession session = AskedSession.With("");
        session.ToEnd().ShouldBe("");

        session.Tell("seek 3", "type one", @"type two\tthree\x21\c");

        session.ToEnd().ShouldBe("one\ntwo\tthree!");
        session.Journey.Course.Branches.ShouldBe(1);
    }

    [Fact]
    public void What_the_old_future_had_read_is_read_again_behind_what_is_typed()
    {
        using AskedSession session = AskedSession.With("abcdefgh");
        session.ToEnd().ShouldBe("abcdefgh");

        session.Tell("seek begin", "run to syscall write", "si", "type XY");

        session.ToEnd().ShouldBe("abcdXY\nefgh");
        session.Session.Trouble().ShouldBeNull();
    }

    [Fact]
    public void Whoever_goes_back_before_it_has_not_typed_it()
    {
        using AskedSession session = AskedSession.With("ab");
        session.Tell("seek 4", "type later", "seek end", "seek 2", "age");
        session.ToEnd().ShouldBe("ab");

        session.Tell("seek 2", "type first", "seek 4", "type second");
        session.ToEnd().ShouldBe("first\nsecond\nab");
    }

    [Fact]
    public void The_past_of_another_future_is_what_it_was()
    {
        using AskedSession session = AskedSession.With("abcdefgh");
        session.Tell("seek begin", "run to syscall write", "si");
        ulong branch = session.Journey.Here.Time;
        string[] before = [.. Enumerable.Range(0, (int)branch).Select(time => Here(session, (ulong)time))];

        session.Tell($"seek {branch}", "type changed", "seek end");

        Enumerable.Range(0, (int)branch).Select(time => Here(session, (ulong)time)).ShouldBe(before);
        session.Journey.Seek(branch);
        session.Written.ShouldBe("abcd");
        session.ToEnd().ShouldBe("abcdchanged\nefgh");
    }

    [Fact]
    public void A_signal_comes_where_it_is_sent()
    {
        using AskedSession session = AskedSession.With("abcdefgh");
        session.Tell("run to syscall write", "si", "signal int");

        session.ToEnd().ShouldBe("abcd");
        session.Journey.End!.Reason.ShouldBe(EndReason.Killed);
        session.Tell("seek 0", "age", "seek end");
        session.Journey.End!.Reason.ShouldBe(EndReason.Exited);
        session.Written.ShouldBe("abcdefgh");
    }

    [Fact]
    public void Several_changes_at_one_point_are_one_branch()
    {
        using AskedSession session = AskedSession.With("ab");
        session.Tell("seek 3", "age", "age", "type x", "age");
        session.Journey.Course.Branches.ShouldBe(1);

        session.Tell("si", "age");
        session.Journey.Course.Branches.ShouldBe(2);
        session.ToEnd().ShouldBe("x\nab");
    }

    [Theory]
    [InlineData(@"type a\qb", "escapes")]
    [InlineData(@"type a\x1", "escapes")]
    [InlineData("signal", "the name of a signal")]
    [InlineData("signal nothing", "the name of a signal")]
    [InlineData("signal INT now", "at most 1 word")]
    public void What_cannot_be_typed_or_sent_is_refused(string line, string message)
    {
        using AskedSession session = AskedSession.With("");

        string answer = string.Join('\n', session.Monitor.Execute(line));

        session.Monitor.Failed.ShouldBeTrue();
        answer.ShouldContain(message);
        answer.ShouldContain("try: ");
    }

    [Fact]
    public void Nothing_is_typed_for_a_run_that_is_over()
    {
        using AskedSession session = AskedSession.With("");
        session.ToEnd();

        string.Join('\n', session.Monitor.Execute("type too late")).ShouldContain("a moment at which an instruction is about to run");
        session.Journey.Course.Branches.ShouldBe(0);
    }

    [Fact]
    public void A_recording_has_other_futures_too_and_stays_as_it_is()
    {
        using AsmGuest guest = AskedSession.Repeater();
        string file = Path.Combine(_folder, "run.mmurec");
        CommandHarness.RunHere("run", "-q", "--record", file, guest.Path).Status.ShouldBe(0);
        byte[] before = File.ReadAllBytes(file);
        using AskedSession session = AskedSession.Of(RecordingReader.Read(file));

        session.Tell("seek 2", "type hello");

        session.ToEnd().ShouldBe("hello\n");
        session.Session.Trouble().ShouldBeNull();
        File.ReadAllBytes(file).ShouldBe(before);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static string Here(AskedSession session, ulong time)
    {
        session.Journey.Seek(time);
        return session.Journey.Look(kernel => $"{kernel.Time} {kernel.Core.Vcpu.Rip:x} {Convert.ToHexString(kernel.HashRam())}");
    }
}
