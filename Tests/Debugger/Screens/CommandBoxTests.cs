using MmuEmu.Debugger.Screens;

namespace MmuEmu.Tests.Debugger.Screens;

/// <summary>The line that is typed: keys in, text out.</summary>
public sealed class CommandBoxTests
{
    private readonly CommandBox _box = new();

    [Theory]
    [InlineData("abc", "abc|")]
    [InlineData("abc<Left><Left>x", "ax|bc")]
    [InlineData("abc<Home>x<End>y", "xabcy|")]
    [InlineData("abc<Backspace>", "ab|")]
    [InlineData("<Backspace>a<Left><Backspace>", "|a")]
    [InlineData("abc<Left><Delete><Delete>", "ab|")]
    [InlineData("abc<^a><Right><^k>", "a|")]
    [InlineData("abc<Left><^u>", "|c")]
    [InlineData("last pte  <^w>", "last |")]
    [InlineData("last<^w><^w>", "|")]
    [InlineData("漢e\u0301<Left><Backspace>", "|e\u0301")]
    [InlineData("ab<Left><Left><Left><Left>c", "c|ab")]
    [InlineData("ab<^b><^f><^h>", "a|")]
    [InlineData("ab<^a><^d><^e>", "b|")]
    public void Keys_edit(string keys, string result)
    {
        Press(keys);

        State().ShouldBe(result);
    }

    [Fact]
    public void Pasted_lines_are_one_line_that_nobody_has_entered()
    {
        Press("walk <Left>");

        _box.Take(new KeyStroke(KeyName.Paste, "a\nb\tc")).Kind.ShouldBe(BoxEventKind.Edited);

        State().ShouldBe("walka b c| ");
    }

    [Fact]
    public void Enter_gives_the_line_and_begins_another()
    {
        Press("walk 0x10").Kind.ShouldBe(BoxEventKind.Edited);

        Press("<Enter>").ShouldBe(new BoxEvent(BoxEventKind.Entered, "walk 0x10"));
        _box.Text.ShouldBe("");
    }

    [Theory]
    [InlineData("<Escape>")]
    [InlineData("<^c>")]
    public void Escape_and_interrupt_give_up(string key)
    {
        Press("walk");

        Press(key).ShouldBe(new BoxEvent(BoxEventKind.Left));
        _box.Text.ShouldBe("");
        Press("<Up>");
        _box.Text.ShouldBe("");
    }

    [Theory]
    [InlineData("<Tab>")]
    [InlineData("<PageUp>")]
    [InlineData("<Function>")]
    [InlineData("<^x>")]
    public void Other_keys_are_others(string key)
    {
        Press("a");

        Press(key).Kind.ShouldBe(BoxEventKind.Unused);
        State().ShouldBe("a|");
    }

    [Fact]
    public void Earlier_lines_come_back_and_the_unfinished_one_waits()
    {
        Press("one<Enter>two<Enter>two<Enter><Enter>thr");

        Seen("<Up>", "<Up>", "<Up>", "<Down>", "<Down>", "<Down>").ShouldBe(["two", "one", "one", "two", "thr", "thr"]);
        Press("ee<Enter>");
        Seen("<^p>", "<^p>", "<^n>").ShouldBe(["three", "two", "three"]);
    }

    [Fact]
    public void A_line_that_was_called_back_and_changed_is_a_line_of_its_own()
    {
        Press("one<Enter><Up>!<Enter>");

        Seen("<Up>", "<Up>").ShouldBe(["one!", "one"]);
    }

    [Fact]
    public void A_long_line_shows_what_is_before_the_cursor()
    {
        Press("0123456789");

        (TextLine line, int cursor) = _box.Show(": ", 8);
        Text(line).ShouldBe(": 56789");
        cursor.ShouldBe(7);

        Press("<Home>");
        (line, cursor) = _box.Show(": ", 8);
        Text(line).ShouldStartWith(": 01234");
        cursor.ShouldBe(2);
    }

    [Fact]
    public void The_cursor_counts_columns_not_characters()
    {
        Press("漢字a");

        _box.Show(": ", 40).Cursor.ShouldBe(7);
    }

    private string[] Seen(params string[] keys) => [.. keys.Select(key =>
    {
        Press(key);
        return _box.Text;
    })];

    private string State()
    {
        int cursor = _box.Show("", 200).Cursor;
        string before = "";
        foreach ((string text, int _) in CellText.Of(_box.Text))
        {
            before += CellText.WidthOf(before + text) <= cursor ? text : "";
        }

        return $"{before}|{_box.Text[before.Length..]}";
    }

    /// <summary>Characters, and keys in brackets: names, or ^ and a letter.</summary>
    private BoxEvent Press(string keys)
    {
        BoxEvent last = default;
        for (int at = 0; at < keys.Length;)
        {
            int end = keys[at] == '<' ? keys.IndexOf('>', at) + 1 : at + 1;
            // A mark is typed with its character.
            end += end < keys.Length && keys[end] == '\u0301' ? 1 : 0;
            last = _box.Take(Stroke(keys[at..end]));
            at = end;
        }

        return last;
    }

    private static KeyStroke Stroke(string key) =>
        key is ['<', '^', var letter, '>'] ? new KeyStroke(KeyName.Text, letter.ToString(), HasControl: true)
        : key is ['<', .. var name, '>'] ? new KeyStroke(Enum.Parse<KeyName>(name))
        : new KeyStroke(KeyName.Text, key);

    private static string Text(TextLine line) => string.Concat(line.Spans.Select(span => span.Text));
}
