using MmuEmu.Debugger.Screens;

namespace MmuEmu.Tests.Debugger.Screens;

/// <summary>What is pasted is one stroke, and what only looks like it is all the keys that it was.</summary>
public sealed class PasteReaderTests
{
    [Fact]
    public void What_lies_between_the_marks_is_one_stroke()
    {
        (KeyStroke taken, List<KeyStroke> rest) = Read("\u001b[200~walk main\nq\u001b[201~x");

        taken.ShouldBe(new KeyStroke(KeyName.Paste, "walk main\nq"));
        rest.ShouldBe([Typed("x")]);
    }

    [Fact]
    public void An_escape_inside_does_not_end_it()
    {
        (KeyStroke taken, List<KeyStroke> rest) = Read("\u001b[200~a\u001b[31mb\u001b[201~");

        taken.Text.ShouldBe("a[31mb");
        rest.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("\u001b[20q")]
    [InlineData("\u001bq")]
    [InlineData("\u001b")]
    public void Escape_and_other_keys_are_what_they_were(string sent)
    {
        (KeyStroke taken, List<KeyStroke> rest) = Read(sent);

        taken.Key.ShouldBe(KeyName.Escape);
        rest.ShouldBe(sent[1..].Select(letter => Typed(letter.ToString())));
    }

    [Fact]
    public void A_paste_whose_end_never_comes_is_what_came() => Read("\u001b[200~abc").Taken.Text.ShouldBe("abc");

    private static (KeyStroke Taken, List<KeyStroke> Left) Read(string sent)
    {
        Queue<KeyStroke> keys = new(sent.Select(letter => letter switch
        {
            '\u001b' => new KeyStroke(KeyName.Escape),
            '\n' => new KeyStroke(KeyName.Enter),
            _ => Typed(letter.ToString()),
        }));
        PasteReader reader = new(() => keys.TryDequeue(out KeyStroke key) ? key : null);
        KeyStroke taken = reader.Take(keys.Dequeue());
        List<KeyStroke> rest = [];
        while ((reader.TakeBack() ?? (keys.TryDequeue(out KeyStroke key) ? key : null)) is { } next)
        {
            rest.Add(next);
        }

        return (taken, rest);
    }

    private static KeyStroke Typed(string text) => new(KeyName.Text, text);
}
