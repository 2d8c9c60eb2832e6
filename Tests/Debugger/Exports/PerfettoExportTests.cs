namespace MmuEmu.Tests.Debugger.Exports;

/// <summary>Traces of Perfetto, read by the field numbers of its published protos: trace_packet.proto, track_event.proto, track_descriptor.proto.</summary>
public sealed class PerfettoExportTests
{
    private const int Begin = 1;
    private const int End = 2;
    private const int Instant = 3;
    private const int Counter = 4;

    [Theory]
    [InlineData("vrange-recover")]
    [InlineData("cow-fork")]
    [InlineData("swap-through")]
    [InlineData("--cycles --cpus 3 --seed 5 pthread-mix-musl")]
    [InlineData("--from 1000 --to 300000 vrange-recover")]
    public void Every_packet_is_of_the_format(string line)
    {
        ProtoFields[] packets = Packets(line);

        packets.Select(packet => packet.Number(10)).Distinct().Count().ShouldBe(1);
        packets[0].Number(13).ShouldBe(1UL);
        packets.SelectMany(packet => packet.Known).Distinct().ShouldBeSubsetOf([8, 10, 11, 13, 60]);
        packets.ShouldAllBe(packet => packet.Has(11) != packet.Has(60));
        HashSet<ulong> told = [];
        foreach (ProtoFields packet in packets)
        {
            if (packet.Has(60))
            {
                ProtoFields track = packet.Message(60);
                told.Add(track.Number(1));
                (track.NumberOrNone(5) is not { } parent || told.Contains(parent)).ShouldBeTrue();
            }
            else
            {
                told.ShouldContain(packet.Message(11).Number(11));
                packet.Has(8).ShouldBeTrue();
            }
        }
    }

    [Theory]
    [InlineData("vrange-recover")]
    [InlineData("sockets")]
    [InlineData("--cycles --cpus 3 --seed 5 pthread-mix-musl")]
    [InlineData("--from 700 --to 300000 vrange-recover")]
    public void On_every_track_time_goes_on_and_what_begins_ends(string line)
    {
        Dictionary<ulong, (ulong At, int Depth)> tracks = [];
        foreach (ProtoFields packet in Packets(line).Where(packet => packet.Has(11)))
        {
            ProtoFields item = packet.Message(11);
            (ulong at, int depth) = tracks.GetValueOrDefault(item.Number(11));
            packet.Number(8).ShouldBeGreaterThanOrEqualTo(at);
            depth += item.Number(9) switch { Begin => 1, End => -1, _ => 0 };
            depth.ShouldBeInRange(0, 2);
            tracks[item.Number(11)] = (packet.Number(8), depth);
        }

        tracks.Values.ShouldAllBe(track => track.Depth == 0);
    }

    [Fact]
    public void Threads_and_the_machine_have_their_tracks_and_counters()
    {
        ProtoFields[] tracks = [.. Packets("vrange-recover").Where(packet => packet.Has(60)).Select(packet => packet.Message(60))];

        ProtoFields process = tracks.First(track => track.Has(3)).Message(3);
        (process.Number(1), process.Text(6)).ShouldBe((1000UL, "vrange-recover"));
        ProtoFields thread = tracks.Single(track => track.Has(4)).Message(4);
        (thread.Number(1), thread.Number(2), thread.Text(5)).ShouldBe((1000UL, 1000UL, "thread 1000"));
        string[] wanted = ["machine", "kernel mm", "walker", "reclaim", "signals", "free frames", "RSS pages"];
        wanted.ShouldBeSubsetOf(tracks.Select(track => track.Text(2)));
        tracks.Where(track => track.Has(8)).ShouldAllBe(track => track.Message(8).Number(3) == 2);
    }

    [Fact]
    public void Each_fault_is_there_and_each_purge_leads_to_the_fault_that_it_causes()
    {
        ProtoFields[] items = [.. Packets("vrange-recover").Where(packet => packet.Has(11)).Select(packet => packet.Message(11))];
        int faults = Exported.Text("--kinds fault vrange-recover").Split('\n').Count(line => line.Contains("\"type\":\"fault\"", StringComparison.Ordinal));

        items.Count(item => item.Number(9) == Begin && item.Text(22) == "fault").ShouldBe(faults);
        ProtoFields[] purges = [.. items.Where(item => item.Number(9) == Instant && item.Text(23) == "Purged")];
        ProtoFields[] caused = [.. items.Where(item => item.Text(23) == "#PF purged" && item.Has(48))];
        purges.Length.ShouldBe(4);
        caused.Length.ShouldBe(4);
        caused.Select(fault => fault.Number(48)).ShouldBe(purges.Select(purge => purge.Number(47)), ignoreOrder: true);
        foreach (ProtoFields fault in caused)
        {
            ProtoFields signal = fault.Messages(4).Single(fact => fact.Text(10) == "signal");
            signal.Text(6).ShouldBe("SIGBUS");
            fault.Messages(4).Single(fact => fact.Text(10) == "entries read").Number(3).ShouldBeGreaterThan(0UL);
        }
    }

    [Fact]
    public void Counters_end_where_the_machine_does()
    {
        ProtoFields[] packets = Packets("swap-through");
        ulong track = packets.Where(packet => packet.Has(60)).Select(packet => packet.Message(60)).Single(known => known.Text(2) == "swap slots used").Number(1);
        ulong[] values = [.. packets.Where(packet => packet.Has(11)).Select(packet => packet.Message(11))
            .Where(item => item.Number(9) == Counter && item.Number(11) == track).Select(item => item.Number(30))];

        values.Max().ShouldBeGreaterThan(1000UL);
        values.Zip(values.Skip(1)).ShouldAllBe(pair => pair.First != pair.Second);
    }

    private static ProtoFields[] Packets(string line) => [.. new ProtoFields(Exported.Of($"--format perfetto {line}")).Messages(1)];
}
