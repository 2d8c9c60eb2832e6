namespace MmuEmu.Tests.Debugger;

public sealed class ColourTests
{
    private const char Escape = '\u001b';

    [Theory]
    [InlineData("guests")]
    [InlineData("walk", "hello", "0x10")]
    [InlineData("why", "bad-null")]
    public void Into_a_pipe_nothing_is_coloured_and_with_always_something_is(params string[] args)
    {
        // Given the plain text
        string plain = CommandHarness.Run([args[0], "--color", "auto", .. args[1..]]).Out;

        // When colours are asked for
        string coloured = CommandHarness.Run([args[0], "--color", "always", .. args[1..]]).Out;

        // Then they add marks and no words
        plain.ShouldNotContain(Escape.ToString());
        coloured.ShouldContain(Escape.ToString());
        WithoutMarks(coloured).ShouldBe(plain);
    }

    [Fact]
    public void Never_means_never() =>
        CommandHarness.Run("walk", "hello", "0x10", "--color", "never").Out.ShouldNotContain(Escape.ToString());

    [Fact]
    public void Another_word_is_refused() => CommandHarness.Run("guests", "--color", "pink").Status.ShouldBe(2);

    private static string WithoutMarks(string text) =>
        System.Text.RegularExpressions.Regex.Replace(text, "\u001b\\[[0-9;]*m", "");
}
