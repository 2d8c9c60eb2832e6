using System.Text;
using MmuEmu.Debugger;
using MmuEmu.Debugger.Recordings;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Files;

namespace MmuEmu.Tests.Debugger.Recordings;

/// <summary>What came from the host's streams comes again, and the host is not asked.</summary>
public sealed class InputTapeTests
{
    [Fact]
    public void Behind_an_earlier_position_the_same_answers_come_again_without_the_host()
    {
        ScriptedStreams host = new("one", "", "three") { IsTerminal = true };
        InputTape tape = InputTape.Of(host.Host);
        string first = Talk(tape);
        int asked = host.Asked;

        tape.Position = 0;
        string again = Talk(tape);

        again.ShouldBe(first);
        host.Asked.ShouldBe(asked);
        (tape.Position, tape.Departed, tape.Over).ShouldBe((tape.Notes.Count, null, null));
    }

    [Fact]
    public void From_the_middle_the_rest_comes_again_and_behind_the_end_the_host_goes_on()
    {
        ScriptedStreams host = new("one", "two", "three");
        InputTape tape = InputTape.Of(host.Host);
        Read(tape).ShouldBe("one");
        int middle = tape.Position;
        Read(tape).ShouldBe("two");

        tape.Position = middle;

        Read(tape).ShouldBe("two");
        Read(tape).ShouldBe("three");
        Read(tape).ShouldBe("");
        tape.Over.ShouldBeNull();
    }

    [Fact]
    public void What_goes_out_goes_out_once_and_is_compared_after_that()
    {
        ScriptedStreams host = new();
        InputTape tape = InputTape.Of(host.Host);
        Write(tape, 1, "hello ");
        Write(tape, 2, "oops ");
        Write(tape, 1, "world");
        tape.Position = 0;
        Write(tape, 1, "hello ");
        Write(tape, 2, "oops ");
        Write(tape, 1, "world");

        (host.Out.Text, host.Err.Text, tape.Departed).ShouldBe(("hello world", "oops ", null));
        tape.Shown(1).Total.ShouldBe(11);
        tape.HashOf(1).ShouldBe(TapeFile.HashOf("hello world"u8));
    }

    [Fact]
    public void Other_bytes_another_length_or_another_question_depart_from_the_tape()
    {
        foreach (Action<InputTape> other in (Action<InputTape>[])[tape => Write(tape, 1, "jello"), tape => Write(tape, 2, "hello"), tape => Read(tape), tape => Write(tape, 1, "hell")])
        {
            ScriptedStreams host = new("in");
            InputTape tape = InputTape.Of(host.Host);
            Read(tape);
            Write(tape, 1, "hello");
            int asked = host.Asked;
            tape.Position = 1;

            other(tape);

            TapeDeparture departed = tape.Departed.ShouldNotBeNull();
            (departed.Position, departed.Expected.Question, departed.Expected.Asked).ShouldBe((1, TapeQuestion.Write, 5));
            departed.Found.ShouldNotBe(departed.Expected);
            Read(tape).ShouldBe("");
            Write(tape, 1, "anything");
            (host.Asked, host.Out.Text).ShouldBe((asked, "hello"));

            // Whoever goes back finds what came before the departure as it came.
            tape.Position = 0;
            Read(tape).ShouldBe("in");
            tape.Departed.ShouldBe(departed);
        }
    }

    [Fact]
    public void A_tape_without_a_host_says_that_it_is_over_and_answers_the_end()
    {
        ScriptedStreams host = new("in");
        InputTape made = InputTape.Of(host.Host);
        Read(made);
        Write(made, 1, "out");
        ScriptedStreams screen = new("never read");

        InputTape tape = InputTape.Again(made.Notes, made.Kinds, screen.Host);
        Read(tape).ShouldBe("in");
        Write(tape, 1, "out");
        tape.Over.ShouldBeNull();
        Read(tape).ShouldBe("");
        Write(tape, 1, "more");

        tape.Over.ShouldBe(new TapeEnd(2, new TapeAsk(0, TapeQuestion.Read, 64, 0)));
        (screen.Out.Text, screen.Asked).ShouldBe(("out", 1));
        tape.Position = 0;
        tape.Over.ShouldBeNull();
        Read(tape).ShouldBe("in");
        Write(tape, 1, "out");
        screen.Asked.ShouldBe(1);
    }

    [Fact]
    public void A_refused_write_is_refused_again()
    {
        ScriptedStreams host = new() { Refuses = Errno.ENOSPC };
        InputTape tape = InputTape.Of(host.Host);
        tape.Streams.Output.Write("x"u8, out _).ShouldBe(Errno.ENOSPC);
        host.Refuses = Errno.None;
        tape.Position = 0;

        tape.Streams.Output.Write("x"u8, out int count).ShouldBe(Errno.ENOSPC);

        (count, tape.Shown(1).Total, host.Out.Text).ShouldBe((0, 0L, ""));
    }

    [Fact]
    public void Waiting_for_a_person_is_one_note_and_each_of_its_positions_can_be_gone_to()
    {
        InputTape tape = InputTape.Of(new ScriptedStreams([.. Enumerable.Repeat("", 1000), "x"]).Host);
        int waited = 0;
        while (!tape.Streams.Input.HasInput(50))
        {
            waited++;
        }

        tape.Notes.Length.ShouldBe(2);
        tape.Notes.Count.ShouldBe(waited + 1);
        tape.Position = waited - 3;
        tape.Streams.Input.HasInput(50).ShouldBeFalse();
        tape.Streams.Input.HasInput(50).ShouldBeFalse();
        tape.Streams.Input.HasInput(50).ShouldBeFalse();
        tape.Streams.Input.HasInput(50).ShouldBeTrue();
        tape.Departed.ShouldBeNull();
    }

    [Fact]
    public void A_console_is_shown_as_it_was_at_any_position()
    {
        InputTape tape = InputTape.Of(new ScriptedStreams("in").Host);
        Write(tape, 1, "a");
        Write(tape, 2, "b");
        Read(tape);
        Write(tape, 1, "c");

        string[] shown = [.. Enumerable.Range(0, 5).Select(position => Encoding.UTF8.GetString(tape.Console.LastAt(position, 100)))];

        shown.ShouldBe(["", "a", "ab", "ab", "abc"]);
        tape.Console.LastAt(4, 2).ShouldBe("bc"u8.ToArray());
        tape.Shown(1).LastAt(3, 100).ShouldBe("a"u8.ToArray());
        tape.Shown(2).TotalAt(4).ShouldBe(1);
    }

    [Fact]
    public void Of_much_output_the_last_bytes_are_kept()
    {
        ShownOutput shown = new(1000);
        List<byte> all = [];
        Random random = new(7);
        for (int position = 1; position < 400; position++)
        {
            byte[] bytes = new byte[random.Next(position % 50 == 0 ? 3000 : 40)];
            random.NextBytes(bytes);
            shown.Add(position, bytes);
            all.AddRange(bytes);

            shown.LastAt(position, 5000).ShouldBe([.. all.TakeLast(1000)]);
            shown.LastAt(position, 10).ShouldBe([.. all.TakeLast(10)]);
            shown.TotalAt(position - 1).ShouldBe(all.Count - bytes.Length);
        }
    }

    [Fact]
    public void A_position_that_no_tape_has_is_refused()
    {
        InputTape tape = InputTape.Of(new ScriptedStreams("in").Host);
        Read(tape);

        Should.Throw<ArgumentOutOfRangeException>(() => tape.Position = 2);
        Should.Throw<ArgumentOutOfRangeException>(() => tape.Position = -1);

        // What would be written on the way would never go out.
        InputTape again = InputTape.Again(tape.Notes, tape.Kinds, null);
        Should.Throw<ArgumentOutOfRangeException>(() => again.Position = 1);
    }

    [Fact]
    public void Signals_stay_in_their_order_and_are_found_by_their_moment()
    {
        SignalTape tape = new();
        tape.Add(new SentSignal(10, 0, Signal.SIGINT));
        tape.Add(new SentSignal(10, 2, Signal.SIGWINCH));
        tape.Add(new SentSignal(20, 0, Signal.SIGINT));

        Should.Throw<ArgumentException>(() => tape.Add(new SentSignal(19, 9, Signal.SIGINT)));

        (ulong Time, uint Step)[] moments = [(0, 0), (10, 0), (10, 1), (10, 3), (20, 1)];
        moments.Select(moment => tape.FirstFrom(moment.Time, moment.Step)).ShouldBe([0, 0, 1, 2, 3]);
    }

    /// <summary>One of each question, and what was answered.</summary>
    private static string Talk(InputTape tape)
    {
        StringBuilder said = new();
        GuestStreams streams = tape.Streams;
        byte[] modes = new byte[36];
        said.Append(streams.Input.IsTerminal).Append(streams.Output.Size).Append(streams.Input.HasInput(0)).Append(Read(tape));
        modes[0] = 7;
        said.Append(streams.Input.WriteModes(modes, 1));
        modes[0] = 0;
        said.Append(streams.Input.ReadModes(modes)).Append(modes[0]);
        Write(tape, 1, "asked");
        return said.Append(streams.Input.HasInput(50)).Append(Read(tape)).Append(Read(tape)).ToString();
    }

    private static string Read(InputTape tape)
    {
        byte[] bytes = new byte[64];
        tape.Streams.Input.Read(bytes, out int count).ShouldBe(Errno.None);
        return Encoding.UTF8.GetString(bytes, 0, count);
    }

    private static void Write(InputTape tape, int stream, string text)
    {
        IHostStream output = stream == 1 ? tape.Streams.Output : tape.Streams.Error;
        output.Write(Encoding.UTF8.GetBytes(text), out int count).ShouldBe(Errno.None);
        count.ShouldBe(Encoding.UTF8.GetByteCount(text));
    }
}
