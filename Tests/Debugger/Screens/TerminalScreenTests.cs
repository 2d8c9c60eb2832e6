using System.Text;
using MmuEmu.Debugger.Screens;

namespace MmuEmu.Tests.Debugger.Screens;

/// <summary>A screen takes its terminal, and gives it back once, whatever ends or stops it.</summary>
public sealed class TerminalScreenTests
{
    private const string Entered = "\u001b[?1049h\u001b[?25l";
    private const string Left = "\u001b[0m\u001b[?25h\u001b[?1049l";

    private readonly FakeTerminal _terminal = new();

    [Fact]
    public void The_terminal_is_given_back_once_and_nothing_is_written_after()
    {
        TerminalScreen screen = Open();
        screen.Draw(SamplePage.Page);

        screen.Dispose();
        screen.Dispose();
        screen.Draw(SamplePage.Page);
        screen.Resume();

        _terminal.Written.ShouldStartWith(Entered);
        _terminal.Written.ShouldEndWith(Left);
        _terminal.Events.ShouldBe(["write", "write", "write", "reset"]);
    }

    [Fact]
    public void While_it_is_stopped_the_terminal_is_the_shells()
    {
        using TerminalScreen screen = Open();
        screen.Draw(SamplePage.Page);
        string first = _terminal.Taken();

        screen.Suspend();
        _terminal.Events[^3..].ShouldBe(["write", "reset", "stop"]);
        _terminal.Taken().ShouldBe(Left);
        screen.Draw(SamplePage.Page);
        _terminal.Taken().ShouldBe("");

        screen.Resume();
        screen.Read(1000).ShouldBeNull();
        screen.Draw(SamplePage.Page);
        (Entered + _terminal.Taken()[Entered.Length..]).ShouldBe(first);
    }

    [Fact]
    public void An_end_while_it_is_stopped_writes_nothing_into_the_shell()
    {
        TerminalScreen screen = Open();
        screen.Suspend();
        _ = _terminal.Taken();

        screen.Dispose();

        _terminal.Taken().ShouldBe("");
    }

    [Fact]
    public void A_new_size_is_drawn_anew()
    {
        using TerminalScreen screen = Open();
        screen.Draw(SamplePage.Page);
        _ = _terminal.Taken();

        _terminal.Size = (100, 30);
        screen.TakeSize();

        screen.Read(1000).ShouldBeNull();
        _terminal.Reads.ShouldBe(0);
        screen.Draw(SamplePage.Page);
        _terminal.Taken().ShouldStartWith("\u001b[0m\u001b[2J");
        screen.Draw(SamplePage.Page);
        _terminal.Taken().ShouldBe("");
    }

    [Fact]
    public void Keys_are_waited_for_in_slices_and_no_longer_than_asked()
    {
        using TerminalScreen screen = Open();

        screen.Read(120).ShouldBeNull();
        _terminal.Waited.ShouldBe([50, 50, 20]);
        _terminal.Next = new KeyStroke(KeyName.Enter);
        screen.Read(120).ShouldBe(new KeyStroke(KeyName.Enter));
    }

    private TerminalScreen Open() => new(_terminal, new FrameWriter(hasColours: true), BorderGlyphs.Lines);

    private sealed class FakeTerminal : IScreenTerminal
    {
        private readonly StringBuilder _written = new();
        private int _taken;

        public (int Columns, int Rows) Size { get; set; } = (80, 24);

        public List<string> Events { get; } = [];

        public List<int> Waited { get; } = [];

        public int Reads => Waited.Count;

        public KeyStroke? Next { get; set; }

        public string Written => _written.ToString();

        public string Taken()
        {
            string text = Written[_taken..];
            _taken = _written.Length;
            return text;
        }

        public void Write(string text)
        {
            Events.Add("write");
            _written.Append(text);
        }

        public KeyStroke? Read(int milliseconds)
        {
            Waited.Add(milliseconds);
            return Next;
        }

        public void ResetModes() => Events.Add("reset");

        public void Stop() => Events.Add("stop");
    }
}
