using MmuEmu.Debugger.Gdb;

namespace MmuEmu.Tests.Debugger.Gdb;

/// <summary>Packets as bytes.</summary>
public sealed class PacketReaderTests
{
    [Theory]
    [InlineData("OK", "$OK#9a")]
    [InlineData("", "$#00")]
    [InlineData("0000", "$0* #7a")]
    [InlineData("000000", "$0*\"#7c")]
    [InlineData("0000000", "$0*\"0#ac")]
    [InlineData("a}b", "$a}]b#9d")]
    public void A_packet_is_framed(string data, string framed) => HexText.Raw(PacketText.Frame(data)).ShouldBe(framed);

    [Fact]
    public void What_is_framed_is_read_again()
    {
        Random random = new(3);
        for (int i = 0; i < 2000; i++)
        {
            string data = string.Concat(Enumerable.Range(0, random.Next(300)).Select(_ => (char)(random.Next(3) == 0 ? '0' : random.Next(256))));
            Expand(HexText.Raw(PacketText.Frame(data))).ShouldBe(data);
        }
    }

    [Fact]
    public void Bytes_between_packets_are_passed_over_and_03_is_a_stop()
    {
        List<WireItem> items = Read("++x$g#67\u0003-$g#00$m0,4#");

        items.Select(item => item.Kind).ShouldBe([WireKind.Packet, WireKind.Interrupt, WireKind.Again, WireKind.Damaged]);
        items[0].Text.ShouldBe("g");
    }

    [Fact]
    public void A_packet_that_is_cut_off_by_another_is_forgotten() => Read("$m1234$g#67").ShouldBe([new WireItem(WireKind.Packet, "g")]);

    [Fact]
    public void A_packet_that_is_too_long_is_damaged()
    {
        string data = new('a', PacketReader.MostBytes + 1);
        byte sum = 0;
        foreach (char letter in data)
        {
            sum += (byte)letter;
        }

        Read($"${data}#{sum:x2}").ShouldBe([new WireItem(WireKind.Damaged)]);
    }

    private static List<WireItem> Read(string bytes)
    {
        PacketReader reader = new();
        return [.. HexText.BytesOf(bytes).Select(next => reader.Take(next)).OfType<WireItem>()];
    }

    /// <summary>What gdb makes of a packet: runs resolved, escapes resolved.</summary>
    private static string Expand(string framed)
    {
        framed[0].ShouldBe('$');
        string body = framed[1..^3];
        ((byte)body.Sum(c => c)).ToString("x2", System.Globalization.CultureInfo.InvariantCulture).ShouldBe(framed[^2..]);
        List<char> data = [];
        for (int i = 0; i < body.Length; i++)
        {
            if (body[i] == '*')
            {
                body[i + 1].ShouldNotBe('#');
                ((int)body[i + 1]).ShouldBeInRange(32, 126);
                data.AddRange(Enumerable.Repeat(data[^1], body[++i] - 29));
                continue;
            }

            data.Add(body[i] == '}' ? (char)(body[++i] ^ 0x20) : body[i]);
        }

        return string.Concat(data);
    }
}
