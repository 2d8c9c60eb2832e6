using MmuEmu.Debugger.View;

namespace MmuEmu.Tests.Debugger.View;

/// <summary>What keys do, without a terminal.</summary>
public sealed class ViewSessionTests
{
    [Fact]
    public void Steps_back_undo_steps_forward_frame_by_frame()
    {
        using ViewScript view = new("vrange-recover");
        view.Press("g");
        string signal = Plain(view);
        string[] there = new string[16];
        for (int i = 0; i < there.Length; i++)
        {
            view.Press("U");
            there[i] = Plain(view);
        }

        for (int i = there.Length - 2; i >= 0; i--)
        {
            view.Press("u");
            Plain(view).ShouldBe(there[i]);
        }

        view.Press("u");
        Plain(view).ShouldBe(signal);
    }

    [Fact]
    public void Tab_goes_round_the_addresses()
    {
        using ViewScript view = new("vrange-recover");
        view.Press("g");

        List<string> from = [];
        for (int i = 0; i < 5; i++)
        {
            view.Press("<Tab>");
            from.Add(view.View.Scene.Walk!.From);
        }

        from[0].ShouldBe("CR2");
        from[1].ShouldBe("RIP");
        from[2].ShouldBe("RSP");
        from[3].ShouldBe("operand");
        from[4].ShouldBe("this step");
    }

    [Theory]
    [InlineData("<F3>", "F3")]
    [InlineData("<Delete>", "Delete")]
    [InlineData("<^a>", "Ctrl-A")]
    public void A_key_without_a_meaning_says_so(string key, string name)
    {
        using ViewScript view = new("hello");

        view.Press(key);

        view.Shown(80, 24).ShouldContain($"no key '{name}'");
    }

    [Fact]
    public void What_has_no_room_in_the_line_is_shown_whole()
    {
        using ViewScript view = new("hello");
        view.Shown(80, 24);

        view.Type(":walk nosuch");
        view.Press("<Enter>");

        string shown = view.Shown(80, 24);
        shown.ShouldContain("expected an address");
        shown.ShouldContain("try:");
        view.Type(":where");
        view.Press("<Enter>");
        view.Shown(80, 24).ShouldContain("T 0");
    }

    [Fact]
    public void A_place_that_is_not_there_is_said()
    {
        using ViewScript view = new("hello");
        view.Shown(80, 24);

        view.Type("/5000000000");
        view.Press("<Enter>");

        view.Shown(80, 24).ShouldContain("the run ends here");
        view.Type("/10.99");
        view.Press("<Enter>");
        view.Shown(80, 24).ShouldContain("a micro-step of T 10");
    }

    [Fact]
    public void An_address_that_is_typed_is_selected()
    {
        using ViewScript view = new("vrange-recover");

        view.Type(":walk main");
        view.Press("<Enter>", "<Escape>");

        view.View.Scene.Walk!.From.ShouldBe("chosen");
        view.Shown(120, 40).ShouldContain("[chosen]");
    }

    [Fact]
    public void A_mark_is_come_back_to()
    {
        using ViewScript view = new("vrange-recover");
        view.Press("f", "b", "f", "f", "B");

        view.Run.Journey.Marks.Count.ShouldBe(1);
        view.Run.Journey.Here.ShouldBe(view.Run.Journey.Marks["b1"]);
        view.View.Scene.Standing.IsPast.ShouldBeTrue();
        view.Shown(120, 40).ShouldContain("<< PAST >>");
    }

    [Fact]
    public void A_key_that_finds_nothing_stays_and_says_so()
    {
        using ViewScript view = new("hello");
        view.Press("s", "s");
        string before = view.View.Scene.Standing.Time;

        view.Press("g");

        view.View.Scene.Standing.Time.ShouldBe(before);
        view.Shown(120, 40).ShouldContain("no signal from here on");
    }

    [Fact]
    public void Home_and_end_go_to_the_edges()
    {
        using ViewScript view = new("hello");
        view.Type("/end");
        view.Press("<Enter>");
        view.View.Scene.Standing.End.ShouldNotBe("");
        string text = view.Shown(100, 30);
        text.ShouldContain("END OF THE RUN");
        text.ShouldContain("The run is over");

        view.Press("<Home>");
        view.View.Scene.Standing.Time.ShouldStartWith("0");
        view.Press("<End>");
        view.View.Scene.Standing.End.ShouldNotBe("");
    }

    [Fact]
    public void Anything_can_be_typed_and_q_quits()
    {
        using ViewScript view = new("hello");
        foreach (string key in (string[])["x", "!", "<Escape>", "<Tab>", "m", "M", "B", "3", "<Down>", "<Escape>", "?", "<Down>", "q"])
        {
            view.Press(key).ShouldBeFalse(key);
            _ = view.Shown(80, 24);
            _ = view.Shown(1, 1);
        }

        view.Press("q").ShouldBeTrue();
    }

    [Theory]
    [InlineData(80, 24)]
    [InlineData(100, 30)]
    [InlineData(120, 40)]
    [InlineData(200, 50)]
    public void Nothing_is_said_by_colour_alone(int columns, int rows)
    {
        using ViewScript view = new("vrange-recover");
        view.Press("g", "m");
        string text = view.Shown(columns, rows);

        text.ShouldContain("<< PAST >>");
        text.ShouldContain(">");
        text.ShouldContain("VRANGE_PURGED gone X");
    }

    [Theory]
    [InlineData("a bc def", 4, "a bc|def")]
    [InlineData("abcdefgh ij", 3, "abc|def|gh|ij")]
    [InlineData("", 5, "")]
    public void Sentences_are_broken_between_words(string text, int width, string lines) => string.Join('|', Prose.Broken(text, width)).ShouldBe(lines);

    /// <summary>Without what says where one came from: the stars of registers, and the message.</summary>
    private static string Plain(ViewScript view) => string.Join('\n', view.Shown(200, 50).Replace('*', ' ').Split('\n')[..48]);
}
