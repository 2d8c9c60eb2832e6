using MmuEmu.Debugger.Gdb;
using MmuEmu.Kernel.Views;

namespace MmuEmu.Tests.Debugger.Gdb;

/// <summary>Whatever comes over the wire: nothing is thrown, nothing grows, and what only reads changes nothing.</summary>
/// <remarks>
/// Packets that are answered, with bytes changed, added, taken out and cut off, before they are framed and behind it. The environment may ask for more
/// of them, and for others: MMUEMU_PACKETS and MMUEMU_PACKETS_SEED.
/// </remarks>
public sealed class PacketFuzzTests
{
    private const int MostGrowth = 64 << 20;

    private static readonly string[] Reads =
    [
        GdbTalk.Hello, "?", "g", "p10", "p5a", "p6b;thread:p3e8.3e8;", "m400000,40", "m7fffffffe000,100", "x400000,10", "Hgp3e8.3e8", "Hc-1", "Tp3e8.3e8", "qC",
        "qfThreadInfo", "qsThreadInfo", "qThreadExtraInfo,p3e8.3e8", "qXfer:features:read:target.xml:0,1000", "qXfer:threads:read::0,1000",
        "qXfer:auxv:read::0,100", "qXfer:siginfo:read::0,80", "qXfer:exec-file:read:3e8:0,100", "qSearch:memory:400000;100;ELF",
        "vFile:open:2f70726f632f313030302f6d617073,0,0", "vFile:pread:3,100,0", "vFile:fstat:3", "vFile:close:3", "vFile:setfs:0",
        "vFile:readlink:2f70726f632f313030302f657865", "Z0,401000,1", "z0,401000,1", "Z2,407000,8", "z2,407000,8", "Z3,407000,8", "z3,407000,8", "Z4,7fffffffe000,40",
        "z4,7fffffffe000,40", "Z1,401000,1", "z1,401000,1", "QPassSignals:e;10", "QCatchSyscalls:1;3c",
        "Qqemu.PhyMemMode:0", "qRcmd,68656c70", "qMemoryRegionInfo:400010", "qHostInfo", "qProcessInfo", "QThreadSuffixSupported", "vCont?", "qAttached",
    ];

    private static readonly string[] Moves =
        ["vCont;c", "vCont;s:p3e8.3e8;c", "vCont;r401000,402000:p3e8.3e8", "c", "s", "C0a", "S0a", "bc", "bs", "M407000,2:abcd", "X407000,2:ab", "P0=1122334455667788", "G1122334455667788", "vRun;", "D;3e8", "vKill;3e8"];

    private static int Rounds => NumberIn("MMUEMU_PACKETS", 1_000_000);

    private static int Seed => NumberIn("MMUEMU_PACKETS_SEED", 17);

    [Fact]
    public void What_reads_changes_nothing_however_it_is_damaged()
    {
        using GdbTalk talk = new("hello");
        talk.Run.Journey.Seek(1000);
        string here = talk.Run.Here();
        byte[] state = StateOf(talk);
        long before = GC.GetTotalMemory(true);
        Random random = new(Seed);
        PacketReader reader = new();

        for (int i = 0; i < Rounds; i++)
        {
            foreach (byte next in Damaged(random, Reads))
            {
                if (reader.Take(next) is { Kind: WireKind.Packet } item && IsRead(item.Text))
                {
                    talk.Ask(item.Text).ShouldNotBeNull();
                }
            }
        }

        (GC.GetTotalMemory(true) - before).ShouldBeLessThan(MostGrowth);
        StateOf(talk).ShouldBe(state);
        talk.Run.Here().ShouldBe(here);
    }

    [Fact]
    public void Moves_and_writes_throw_nothing_either()
    {
        using GdbTalk talk = new("hello");
        Random random = new(Seed + 6);
        string[] all = [.. Reads, .. Moves, .. Moves];

        for (int i = 0; i < Rounds / 500; i++)
        {
            string packet = HexText.Raw(Mutated(random, HexText.BytesOf(all[random.Next(all.Length)])));
            talk.Ask(packet).ShouldNotBeNull(packet);
            if (talk.Desk.Farewell != Farewell.None || random.Next(40) == 0)
            {
                talk.Desk.Begin(null);
            }
        }
    }

    [Fact]
    public void The_reader_takes_any_bytes()
    {
        Random random = new(Seed + 12);
        PacketReader reader = new();
        byte[] bytes = new byte[4096];

        for (int i = 0; i < Rounds / 1000; i++)
        {
            random.NextBytes(bytes);
            foreach (byte next in bytes)
            {
                (reader.Take(next)?.Text.Length ?? 0).ShouldBeLessThanOrEqualTo(PacketReader.MostBytes);
            }
        }
    }

    private static int NumberIn(string variable, int usual) => int.TryParse(Environment.GetEnvironmentVariable(variable), out int number) ? number : usual;

    private static byte[] StateOf(GdbTalk talk) => talk.Run.Journey.Look(kernel => new KernelView(kernel).HashState());

    private static bool IsRead(string packet) => packet.Length > 0
        && !"cCsSbRDkGPMX".Contains(packet[0], StringComparison.Ordinal)
        && (packet[0] != 'v' || packet.StartsWith("vFile", StringComparison.Ordinal));

    /// <summary>A packet, mostly with the right checksum, of which mostly something is wrong.</summary>
    private static byte[] Damaged(Random random, string[] corpus)
    {
        byte[] data = Mutated(random, HexText.BytesOf(corpus[random.Next(corpus.Length)]));
        byte[] framed = PacketText.Frame(HexText.Raw(data));
        return random.Next(8) switch
        {
            0 => framed[..random.Next(framed.Length)],
            1 => Mutated(random, framed),
            _ => framed,
        };
    }

    private static byte[] Mutated(Random random, byte[] data)
    {
        List<byte> bytes = [.. data];
        for (int i = random.Next(4); i > 0; i--)
        {
            int at = random.Next(bytes.Count + 1);
            switch (random.Next(4))
            {
                case 0:
                    bytes.Insert(at, (byte)random.Next(256));
                    break;
                case 1 when at < bytes.Count:
                    bytes.RemoveAt(at);
                    break;
                case 2 when at < bytes.Count:
                    bytes[at] = (byte)"0123456789abcdef:;,.-p$#}*\u0003\0"[random.Next(28)];
                    break;
                default:
                    bytes.RemoveRange(at, bytes.Count - at);
                    break;
            }
        }

        return [.. bytes];
    }
}
