using MmuEmu.Debugger;
using MmuEmu.Kernel.Abi;

namespace MmuEmu.Tests.Debugger;

/// <summary>Text of guests and of the host as the command writes it.</summary>
public sealed class OwnTextTests
{
    [Fact]
    public void What_is_no_text_is_escaped()
    {
        // Not as data of a theory: an attribute holds no lone surrogates.
        Written("plain ünïcode 𝛑").ShouldBe("plain ünïcode 𝛑");
        Written("\udcff and \udc80").ShouldBe("\\xff and \\x80");
        Written("half \ud800 and \udc7f").ShouldBe("half \ufffd and \ufffd");
        OwnText.Encoding.Preamble.Length.ShouldBe(0);
    }

    [Fact]
    public void Bytes_that_are_no_UTF8_come_out_as_their_numbers() =>
        Written(GuestText.Of([0x61, 0xFF, 0x62])).ShouldBe("a\\xffb");

    [Fact]
    public void A_terminal_is_given_no_control_characters_of_a_guest()
    {
        OwnText.Printable("a\u001b[31mb\rc\nd").ShouldBe("a\\x1b[31mb\\x0dc\\x0ad");
        OwnText.Printable("a\nb", kept: '\n').ShouldBe("a\nb");
    }

    private static string Written(string text) => System.Text.Encoding.UTF8.GetString(OwnText.Encoding.GetBytes(text));
}
