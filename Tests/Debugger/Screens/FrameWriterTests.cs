using System.Text;
using MmuEmu.Debugger.Screens;
using Spectre.Console;

namespace MmuEmu.Tests.Debugger.Screens;

/// <summary>What is sent makes a terminal show the frame, and no more is sent than that takes.</summary>
public sealed class FrameWriterTests
{
    private const int Columns = 24;
    private const int Rows = 4;
    private static readonly string[] Pieces = ["a", "bc", " ", "    ", "漢", "e\u0301", "─", "…", "\u001b[2J", "0123456789", "\U0001F600", "\u202e"];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Any_frame_after_any_other_is_shown_as_it_is(int seed)
    {
        Random random = new(seed);
        ToyTerminal terminal = new(Columns, Rows, WidthOf);
        FrameWriter writer = new(hasColours: true);
        terminal.Take(writer.Enter());
        for (int i = 0; i < 300; i++)
        {
            CellGrid grid = RandomGrid(random);

            terminal.Take(writer.Draw(grid));

            for (int row = 0; row < Rows; row++)
            {
                terminal.TextOf(row).ShouldBe(grid.TextOf(row), $"frame {i}, row {row}");
            }

            (terminal.ShowsCursor ? terminal.Cursor : ((int, int)?)null).ShouldBe(grid.Cursor, $"frame {i}");
        }
    }

    /// <summary>As on a terminal of another age, on which what is wide here is narrow, and the other way round.</summary>
    [Fact]
    public void Where_a_terminal_takes_another_width_the_rest_of_the_row_stands()
    {
        ToyTerminal terminal = new(Columns, Rows, rune => WidthOf(rune) is var width && rune.Value is < 128 or (>= 0x2500 and < 0x2580) ? width : Math.Max(3 - width, 1));
        CellGrid grid = new(Columns, Rows);
        grid.Put(0, 0, TextLine.Of("漢字 file 名 e\u0301 … end│"), Columns, ">");

        terminal.Take(new FrameWriter(hasColours: true).Draw(grid));

        for (int column = 0; column < Columns; column++)
        {
            string wanted = grid[column, 0].Text;
            if (wanted.Length > 0 && wanted[0] is (> ' ' and < '\u007f') or '│' && wanted.Length == 1)
            {
                terminal.TextAt(column, 0).ShouldBe(wanted, $"column {column}");
            }
        }
    }

    [Fact]
    public void The_same_frame_again_takes_nothing()
    {
        FrameWriter writer = new(hasColours: true);
        writer.Draw(RandomGrid(new Random(7))).ShouldNotBeEmpty();

        writer.Draw(RandomGrid(new Random(7))).ShouldBeEmpty();
    }

    [Fact]
    public void One_number_in_a_large_frame_takes_few_bytes()
    {
        FrameWriter writer = new(hasColours: true);
        writer.Draw(WithNumber(41)).Length.ShouldBeGreaterThan(2000);

        writer.Draw(WithNumber(42)).ShouldBe("\u001b[11;105H2");
    }

    [Fact]
    public void A_frame_of_another_size_begins_with_nothing()
    {
        FrameWriter writer = new(hasColours: true);
        writer.Draw(new CellGrid(4, 2));

        writer.Draw(new CellGrid(5, 2)).ShouldBe("\u001b[0m\u001b[2J");
    }

    [Fact]
    public void Beginning_and_end_leave_a_terminal_as_it_was()
    {
        ToyTerminal terminal = new(Columns, Rows, WidthOf);
        FrameWriter writer = new(hasColours: true);

        terminal.Take(writer.Enter());
        (terminal.IsAlternate, terminal.ShowsCursor, terminal.MarksPastes).ShouldBe((true, false, true));
        terminal.Take(writer.Draw(RandomGrid(new Random(1))));
        terminal.Take(writer.Leave());

        (terminal.IsAlternate, terminal.ShowsCursor, terminal.MarksPastes).ShouldBe((false, true, false));
        terminal.Take("x");
        terminal.LookAt(terminal.Cursor.Column - 1, terminal.Cursor.Row).ShouldBe("");
    }

    public static TheoryData<int> Roles => [.. Enum.GetValues<Role>().Select(role => (int)role)];

    [Theory]
    [MemberData(nameof(Roles))]
    public void A_role_has_its_look_and_without_colours_its_decoration(int number)
    {
        Role role = (Role)number;
        Decoration decoration = ThemeTable.StyleOf(role).Decoration;

        LookOf(role, hasColours: false).Where(code => code is >= 30 and not (39 or 49)).ShouldBeEmpty();
        (LookOf(role, hasColours: false).Length > 0).ShouldBe(decoration != Decoration.None);
        (LookOf(role, hasColours: true).Length > 0).ShouldBe(role != Role.Plain);
    }

    /// <summary>Good and bad, cursor and plain are told apart without colours too.</summary>
    [Fact]
    public void What_must_be_told_apart_is_so_without_colours()
    {
        Role[] apart = [Role.Plain, Role.Bad, Role.Cursor, Role.Faint, Role.Link];

        apart.Select(role => string.Join(';', LookOf(role, hasColours: false))).Distinct().Count().ShouldBe(apart.Length);
    }

    private static int[] LookOf(Role role, bool hasColours)
    {
        CellGrid grid = new(1, 1);
        grid.Put(0, 0, TextLine.Of("x", role), 1, ">");
        ToyTerminal terminal = new(1, 1, _ => 1);
        terminal.Take(new FrameWriter(hasColours).Draw(grid));
        return [.. terminal.LookAt(0, 0).Split(';', StringSplitOptions.RemoveEmptyEntries).Select(int.Parse)];
    }

    private static CellGrid WithNumber(int number)
    {
        CellGrid grid = new(120, 30);
        for (int row = 0; row < 30; row++)
        {
            grid.Put(0, row, TextLine.Of(new string('x', 100)), 100, ">");
        }

        grid.Put(103, 10, TextLine.Of($"{number}", Role.Plain), 2, ">");
        return grid;
    }

    private static CellGrid RandomGrid(Random random)
    {
        CellGrid grid = new(Columns, Rows);
        for (int row = 0; row < Rows; row++)
        {
            TextSpan[] spans = [.. Enumerable.Range(0, random.Next(6)).Select(_ => new TextSpan(Pieces[random.Next(Pieces.Length)], (Role)random.Next(3)))];
            grid.Put(random.Next(4), row, new TextLine(spans), Columns, ">");
        }

        grid.Cursor = random.Next(3) == 0 ? (random.Next(Columns), random.Next(Rows)) : null;
        return grid;
    }

    private static int WidthOf(Rune rune) => rune.Value switch
    {
        0x301 => 0,
        >= 0x3000 => 2,
        _ => 1,
    };
}
