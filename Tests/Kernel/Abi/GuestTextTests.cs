using MmuEmu.Kernel.Abi;

namespace MmuEmu.Tests.Kernel.Abi;

public sealed class GuestTextTests
{
    [Theory]
    [InlineData("61c3a9f09f9880", "aé\U0001F600")]
    [InlineData("ff", "\uDCFF")]
    [InlineData("63e9", "c\uDCE9")]
    [InlineData("c3", "\uDCC3")]
    [InlineData("eda080", "\uDCED\uDCA0\uDC80")]
    [InlineData("", "")]
    public void Bytes_become_a_string_and_come_back(string hex, string text)
    {
        byte[] bytes = Convert.FromHexString(hex);

        GuestText.Of(bytes).ShouldBe(text);
        GuestText.Bytes(text).ShouldBe(bytes);
    }

    [Fact]
    public void A_surrogate_that_stands_for_no_byte_is_a_replacement_character() =>
        GuestText.Bytes("\uD800").ShouldBe("\uFFFD"u8.ToArray());
}
