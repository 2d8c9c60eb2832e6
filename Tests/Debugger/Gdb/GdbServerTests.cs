using MmuEmu.Debugger;
using MmuEmu.Debugger.Gdb;
using MmuEmu.Debugger.Monitor;

namespace MmuEmu.Tests.Debugger.Gdb;

/// <summary>Connections: one at a time, left and come back to, and a run that is stopped while it runs.</summary>
public sealed class GdbServerTests
{
    [Fact]
    public async Task One_debugger_is_served_and_others_hear_why_not()
    {
        await Serve("hello", port =>
        {
            using WireClient first = new(port);
            first.Ask("qC").ShouldStartWith("QC");
            using (WireClient second = new(port))
            {
                second.Ask("qSupported").ShouldBe("E.another debugger is at this run; it has to detach first");
                second.Receive().ShouldBe("(gone)");
            }

            first.Ask("vCont;s:3e8").ShouldStartWith("T05");
            first.Ask("D").ShouldBe("OK");
            using WireClient third = new(port);
            HexText.TryBytes(Whole(third.Ask($"p{RegisterTable.NumberOf("icount"):x}")), out byte[] count).ShouldBeTrue();
            BitConverter.ToUInt64(count).ShouldBe(1UL, "the session stands where it was left");
            third.Send("k");
        });
    }

    [Fact]
    public async Task A_long_run_is_stopped_and_goes_on()
    {
        await Serve("collatz 1000000000", port =>
        {
            using WireClient client = new(port);
            for (int i = 0; i < 3; i++)
            {
                client.Send("vCont;c");
                Thread.Sleep(100);
                client.Write([3]);
                client.Receive().ShouldStartWith("T02");
            }

            client.Ask("vCont;s:3e8").ShouldStartWith("T05");
            client.Ask("bc").ShouldStartWith("T00replaylog:begin;");
            client.Send("k");
        });
    }

    [Fact]
    public async Task What_is_said_between_two_moves_stops_the_next_one()
    {
        await Serve("collatz", port =>
        {
            using WireClient client = new(port);
            client.Ask("qC").ShouldStartWith("QC");
            client.Write([3]);
            client.Ask("vCont;c").ShouldStartWith("T02");
            client.Ask("vCont;s:3e8").ShouldStartWith("T05");
            client.Send("k");
        });
    }

    [Fact]
    public async Task A_line_of_the_command_language_that_takes_long_says_so_and_is_given_up_for_the_next_packet()
    {
        await Serve("collatz 1000000000", port =>
        {
            using WireClient client = new(port);
            client.Send("qRcmd," + HexText.OfText("seek 99999999999"));
            client.ReceiveAny().ShouldBe("O", "it is at work");
            client.Ask("qC").ShouldStartWith("QC");
            client.Send("k");
        });
    }

    [Fact]
    public async Task Every_monitor_command_is_answered_without_arguments()
    {
        await Serve("hello", port =>
        {
            using WireClient client = new(port);
            foreach (string name in CommandTable.Rows.SelectMany(row => row.Names))
            {
                client.Send("qRcmd," + HexText.OfText(name));
                string answer;
                do
                {
                    answer = client.Receive();
                }
                while (answer.StartsWith('O') && answer != "OK");

                answer.ShouldBe("OK", name);
            }

            client.Send("k");
        });
    }

    [Fact]
    public async Task Damaged_packets_are_asked_for_again_until_nobody_acknowledges()
    {
        await Serve("hello", port =>
        {
            using WireClient client = new(port);
            client.Write("$qC#00"u8);
            client.Ask("qC").ShouldStartWith("QC");
            client.Write("-"u8);
            client.Receive().ShouldStartWith("QC");
            client.Ask("QStartNoAckMode").ShouldBe("OK");
            client.Ask("vMustReplyEmpty").ShouldBeEmpty();
            client.Ask("vKill;3e8").ShouldBe("OK");
        });
    }

    [Theory]
    [InlineData("1234", "127.0.0.1", 1234, false)]
    [InlineData(":0", "127.0.0.1", 0, false)]
    [InlineData("0.0.0.0:77", "0.0.0.0", 77, true)]
    [InlineData("[::1]:77", "::1", 77, false)]
    [InlineData("localhost:1", "127.0.0.1", 1, false)]
    public void Where_to_listen_is_a_port_or_an_address_with_one(string text, string address, int port, bool isOpen)
    {
        ListenWord where = ListenWord.Of(text);

        (where.Address.ToString(), where.Port, where.IsOpen).ShouldBe((address, port, isOpen));
    }

    [Theory]
    [InlineData("")]
    [InlineData("65536")]
    [InlineData("host.example:1")]
    [InlineData("1.2.3.4:")]
    [InlineData("-1")]
    public void Anything_else_is_refused(string text) => Should.Throw<CommandException>(() => ListenWord.Of(text)).Hint.ShouldContain("--listen 1234");

    [Fact]
    public void The_two_ways_to_talk_exclude_each_other()
    {
        CommandResult result = CommandHarness.RunHere("gdb", "--stdio", "--listen", "0", "hello");

        result.Status.ShouldBe(ExitCodes.Usage);
        result.Error.ShouldContain("expected one of them");
    }

    [Fact]
    public void The_script_for_gdb_is_printed() => CommandHarness.Run("gdbinit").Out.ShouldContain("register_window_type('pagewalk'");

    /// <summary>A packet with its runs resolved.</summary>
    private static string Whole(string packet)
    {
        string whole = "";
        for (int i = 0; i < packet.Length; i++)
        {
            whole += packet[i] == '*' ? new string(whole[^1], packet[++i] - 29) : packet[i].ToString();
        }

        return whole;
    }

    private static async Task Serve(string line, Action<int> talk)
    {
        using ServedRun run = ServedRun.Start(line);
        await Task.Run(() => talk(run.Port), TestContext.Current.CancellationToken);
        await run.Ended();
    }
}
