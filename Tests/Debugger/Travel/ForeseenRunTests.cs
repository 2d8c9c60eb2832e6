using MmuEmu.Debugger.Recordings;
using MmuEmu.Debugger.Travel;

namespace MmuEmu.Tests.Debugger.Travel;

/// <summary>A recording's index: what happens is known before the run is played, and is compared with it.</summary>
public sealed class ForeseenRunTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("mmuemu-foreseen").FullName;

    [Theory]
    [InlineData("vrange-recover")]
    [InlineData("swap-through")]
    [InlineData("--cpus 4 --seed 9 pthread-mix-glibc")]
    public void What_happens_is_known_at_once_and_is_what_is_found(string line)
    {
        Recording recording = Recorded(line.Split(' '));
        using AskedSession session = AskedSession.Of(recording);
        Timeline run = session.Journey.Course.Newest;

        (run.Known, run.IsWhole, run.Explored.Time, session.Session.Kernel.Time).ShouldBe((recording.End!.Left.Time, true, 0UL, 0UL));
        Landmark[] told = [.. run.Ahead.SelectMany(piece => piece.Landmarks)];
        session.Journey.Edge(Direction.Forward);

        run.Segments.SelectMany(piece => piece.Landmarks).ShouldBe(told);
        run.Ahead.ShouldBeEmpty();
        run.Known.ShouldBe(recording.End.Left.Time);
        session.Session.Trouble().ShouldBeNull();
    }

    [Fact]
    public void A_piece_in_which_something_else_happens_is_told_with_its_T()
    {
        Recording recording = Recorded("vrange-recover");
        IReadOnlyList<Segment> pieces = SegmentCoding.ReadAll(recording.Segments);
        SegmentSummary[] altered = [.. pieces.Select((piece, i) => SegmentCoding.Write(i == 2 ? piece with { FramesTaken = piece.FramesTaken + 1 } : piece))];
        using AskedSession session = AskedSession.Of(recording with { Segments = altered });

        session.Journey.Seek(pieces[1].End.Time - 1);
        session.Session.Trouble().ShouldBeNull();
        session.Journey.Edge(Direction.Forward);

        session.Session.Trouble().ShouldBe($"the run departs from its recording between T 0 and T {pieces[2].End.Time}");
        session.Journey.Course.Newest.Ahead.ShouldBeEmpty();
    }

    [Fact]
    public void A_moment_at_which_the_run_never_stands_is_a_departure_and_no_reason_to_wait()
    {
        Recording recording = Recorded("vrange-recover");
        ulong time = SegmentCoding.ReadAll(recording.Segments)[0].End.Time + 1;
        using AskedSession session = AskedSession.Of(recording with
        {
            Checkpoints = [recording.Checkpoints[0], recording.Checkpoints[0] with { Time = time, Step = 7 }, .. recording.Checkpoints.Skip(1)],
        });

        session.Journey.Edge(Direction.Forward).Reason.ShouldBe(StopReason.End);

        session.Session.Trouble().ShouldBe($"the run departs from its recording between T 0 and T {time}");
    }

    [Fact]
    public void A_run_that_ends_elsewhere_departs()
    {
        Recording recording = Recorded("hello");
        RecordedEnd end = recording.End! with { Left = recording.End!.Left with { Time = recording.End.Left.Time + 1 } };
        using AskedSession session = AskedSession.Of(recording with { End = end });

        session.Journey.Edge(Direction.Forward);

        session.Session.Trouble().ShouldNotBeNull().ShouldStartWith("the run departs from its recording between T 0 and T ");
    }

    [Fact]
    public void An_index_that_cannot_be_read_is_passed_over()
    {
        Recording recording = Recorded("vrange-recover");
        byte[] good = recording.Segments[0].Bytes;
        Random random = new(4);
        for (int i = 0; i < 300; i++)
        {
            byte[] bytes = [.. good[..random.Next(good.Length)]];
            random.NextBytes(bytes.AsSpan(random.Next(bytes.Length + 1)));
            SegmentCoding.ReadAll([new SegmentSummary(1, bytes)]).Count.ShouldBeLessThanOrEqualTo(1);
        }

        SegmentCoding.ReadAll([new SegmentSummary(SegmentCoding.Version + 1, good), recording.Segments[0]]).ShouldBeEmpty();
        using AskedSession session = AskedSession.Of(recording with { Segments = [new SegmentSummary(1, [1, 2, 3]), .. recording.Segments] });
        (session.Journey.Known, session.Journey.Course.Newest.IsWhole).ShouldBe((0UL, false));
        session.Journey.Edge(Direction.Forward);
        session.Session.Trouble().ShouldBeNull();
    }

    [Fact]
    public void Pieces_are_read_as_they_were_written()
    {
        Recording recording = Recorded("vrange-recover");

        IReadOnlyList<Segment> pieces = SegmentCoding.ReadAll(recording.Segments);

        pieces.Count.ShouldBe(recording.Segments.Count);
        pieces.Select(piece => Convert.ToHexString(SegmentCoding.Write(piece).Bytes)).ShouldBe(recording.Segments.Select(summary => Convert.ToHexString(summary.Bytes)));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private Recording Recorded(params string[] line)
    {
        string file = Path.Combine(_folder, "run.mmurec");
        CommandHarness.RunHere(["run", "-q", "--record", file, .. line]);
        return RecordingReader.Read(file);
    }
}
