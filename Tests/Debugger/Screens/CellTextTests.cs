using MmuEmu.Debugger.Screens;
using MmuEmu.Kernel.Abi;

namespace MmuEmu.Tests.Debugger.Screens;

/// <summary>Whatever a guest calls its files, a terminal gets nothing but text, and each cell is as wide as it says.</summary>
public sealed class CellTextTests
{
    [Theory]
    [InlineData("plain", "plain", 5)]
    [InlineData("a\u001b[31mb", "a\\x1b[31mb", 10)]
    [InlineData("tab\there\r\n", "tab\\x09here\\x0d\\x0a", 19)]
    [InlineData("\u009b1m\u007f", "\\x9b1m\\x7f", 10)]
    [InlineData("漢字", "漢字", 4)]
    [InlineData("e\u0301a", "e\u0301a", 2)]
    [InlineData("\u0301a", "\\u0301a", 7)]
    [InlineData("abc\u202edef", "abc\\u202edef", 12)]
    [InlineData("\U0001F600", "\U0001F600", 2)]
    [InlineData("\u2764\ufe0f", "\u2764\\ufe0f", 7)]
    [InlineData("─│", "─│", 2)]
    public void Text_is_shown_or_written_out(string text, string shown, int columns)
    {
        string.Concat(CellText.Of(text).Select(cell => cell.Text)).ShouldBe(shown);
        CellText.WidthOf(text).ShouldBe(columns);
    }

    [Fact]
    public void Bytes_that_are_no_UTF8_are_shown_as_their_numbers()
    {
        Shown(GuestText.Of([0x61, 0xFF, 0x62])).ShouldBe("a\\xffb");
        Shown("half \ud800").ShouldBe("half \\ud800");
    }

    [Fact]
    public void Marks_belong_to_their_character_but_not_without_end()
    {
        (string Text, int Width)[] cells = [.. CellText.Of("a" + new string('\u0301', 6))];

        cells[0].ShouldBe(("a" + new string('\u0301', 4), 1));
        Shown("a" + new string('\u0301', 6)).ShouldEndWith("\\u0301\\u0301");
    }

    /// <summary>Every character behind another; of the planes that are empty or private, some.</summary>
    [Fact]
    public void No_character_reaches_a_terminal_that_it_would_act_on()
    {
        for (int code = 0; code <= 0x10FFFF; code += code is < 0x32000 or (>= 0xE0000 and < 0xE1000) ? 1 : 0x101)
        {
            string text = code is >= 0xD800 and <= 0xDFFF ? ((char)code).ToString() : char.ConvertFromUtf32(code);
            foreach ((string cell, int width) in CellText.Of("a" + text))
            {
                bool isSafe = cell.All(c => !char.IsControl(c) && char.GetUnicodeCategory(c) != System.Globalization.UnicodeCategory.Format)
                    && width is 1 or 2 && new System.Text.UTF8Encoding(false, true).GetByteCount(cell) > 0;
                if (!isSafe)
                {
                    Assert.Fail($"U+{code:X4} gives '{cell}', {width} columns");
                }
            }
        }
    }

    private static string Shown(string text) => string.Concat(CellText.Of(text).Select(cell => cell.Text));
}
