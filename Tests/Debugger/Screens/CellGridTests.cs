using MmuEmu.Debugger.Screens;

namespace MmuEmu.Tests.Debugger.Screens;

public sealed class CellGridTests
{
    [Theory]
    [InlineData("abcdef", 6, "abcdef")]
    [InlineData("abcdefg", 6, "abcde…")]
    [InlineData("漢字漢", 6, "漢字漢")]
    [InlineData("漢字漢", 5, "漢字…")]
    [InlineData("漢字漢字", 6, "漢字 …")]
    [InlineData("abc", 1, "…")]
    [InlineData("漢", 1, "…")]
    [InlineData("abc", 0, "")]
    public void A_line_that_is_too_long_says_so(string text, int width, string shown)
    {
        CellGrid grid = new(10, 1);

        grid.Put(0, 0, TextLine.Of(text), width, "…");

        grid.TextOf(0).ShouldBe(shown);
    }

    [Fact]
    public void No_half_of_a_wide_character_stays()
    {
        CellGrid grid = new(6, 2);
        grid.Put(0, 0, TextLine.Of("漢漢漢"), 6, ">");
        grid.Put(0, 1, TextLine.Of("漢漢漢"), 6, ">");

        grid.Put(1, 0, TextLine.Of("x"), 1, ">");
        grid.Put(2, 1, TextLine.Of("y"), 1, ">");

        grid.TextOf(0).ShouldBe(" x漢漢");
        grid.TextOf(1).ShouldBe("漢y 漢");
    }

    [Fact]
    public void What_is_outside_is_not_written()
    {
        CellGrid grid = new(3, 1);

        grid.Put(1, 0, TextLine.Of("abc"), 9, ">").ShouldBe(2);
        grid.Put(0, 1, TextLine.Of("abc"), 3, ">");
        grid.Put(0, -1, TextLine.Of("abc"), 3, ">");

        grid.ToString().ShouldBe(" a>");
    }

    [Fact]
    public void Spans_keep_their_roles()
    {
        CellGrid grid = new(4, 1);

        grid.Put(0, 0, new TextLine(new TextSpan("a", Role.Good), new TextSpan("bc", Role.Bad)), 4, ">");

        Enumerable.Range(0, 4).Select(column => grid[column, 0].Role).ShouldBe([Role.Good, Role.Bad, Role.Bad, Role.Plain]);
    }
}
