using MmuEmu.Debugger.Gdb;
using MmuEmu.Tests.Debugger.Travel;

namespace MmuEmu.Tests.Debugger.Gdb;

/// <summary>A run and a debugger that talks to it in this process, packet by packet.</summary>
internal sealed class GdbTalk : IDisposable
{
    public const string Hello = "qSupported:multiprocess+;swbreak+;hwbreak+;fork-events+;vfork-events+;exec-events+";

    private readonly List<byte> _console = [];

    public GdbTalk(string line)
    {
        Run = new TravelledRun(line);
        Desk = new PacketDesk(Run.Journey, new GdbConsole(), new PlainMonitor(Run.Journey).Run);
        Desk.Begin(_console.AddRange);
        Ask(Hello);
    }

    public TravelledRun Run { get; }

    public PacketDesk Desk { get; }

    /// <summary>What the user was told.</summary>
    public string Console => System.Text.Encoding.UTF8.GetString([.. _console]);

    public string Ask(string packet) => Desk.Answer(packet);

    /// <summary>The number in a register.</summary>
    public ulong Register(string name)
    {
        HexText.TryBytes(Ask($"p{RegisterTable.NumberOf(name):x}"), out byte[] bytes).ShouldBeTrue();
        Array.Resize(ref bytes, sizeof(ulong));
        return BitConverter.ToUInt64(bytes);
    }

    /// <summary>A whole document.</summary>
    public string Document(string name)
    {
        string text = "";
        for (string part = "m"; part[0] == 'm';)
        {
            part = Ask($"qXfer:{name}:{text.Length:x},200");
            part.ShouldNotBeEmpty();
            text += part[1..];
        }

        return text;
    }

    /// <summary>A whole file of the guest; null when it cannot be opened.</summary>
    public byte[]? File(string path)
    {
        string opened = Ask($"vFile:open:{HexText.OfText(path)},0,0");
        if (opened.StartsWith("F-1", StringComparison.Ordinal))
        {
            return null;
        }

        string content = "";
        for (string part = "?"; part.Length > 0;)
        {
            part = Ask($"vFile:pread:{opened[1..]},1000,{content.Length:x}").Split(';', 2)[1];
            content += part;
        }

        Ask($"vFile:close:{opened[1..]}").ShouldBe("F0");
        return HexText.BytesOf(content);
    }

    public void Dispose()
    {
        Desk.Dispose();
        Run.Dispose();
    }
}
