using MmuEmu.Emulator.Tracing;
using MmuEmu.Kernel.Story;

namespace MmuEmu.Debugger.Travel;

/// <summary>The instructions of a run one after the other, in both directions; pieces are run again as they are needed.</summary>
/// <param name="course">The run.</param>
/// <param name="pieces">The pieces followed last.</param>
/// <param name="isUnwanted">Ends it early.</param>
internal sealed class Trail(Course course, TrailPieces pieces, Func<bool> isUnwanted)
{
    /// <summary>Those at <paramref name="time"/> and later.</summary>
    public IEnumerable<TrailPoint> Forward(ulong time)
    {
        int tid = 0;
        for (int number = course.LineOf(time); number < course.Lines.Count && !isUnwanted(); number++)
        {
            Timeline line = course.Lines[number];
            for (int piece = line.Segments.Count == 0 ? 0 : line.Find(time); !isUnwanted(); piece++)
            {
                if (Points(line, piece, tid) is not { } points)
                {
                    break;
                }

                foreach (TrailPoint point in points)
                {
                    if (point.Time >= course.LeftAt(number))
                    {
                        break;
                    }

                    tid = point.Tid;
                    if (point.Time >= time)
                    {
                        yield return point;
                    }
                }

                if (line.Segments[piece].End.Time >= course.LeftAt(number))
                {
                    break;
                }
            }
        }
    }

    /// <summary>Those at <paramref name="time"/> and earlier, the latest first.</summary>
    public IEnumerable<TrailPoint> Backward(ulong time)
    {
        for (int number = course.LineOf(time); number >= 0; number--)
        {
            Timeline line = course.Lines[number];
            ulong last = Math.Min(time, course.LeftAt(number) - 1);
            for (int piece = Scan.LastOf(line, last); piece >= 0 && !isUnwanted(); piece--)
            {
                IReadOnlyList<TrailPoint> points = Points(line, piece, 0) ?? [];
                for (int i = points.Count - 1; i >= 0; i--)
                {
                    if (points[i].Time <= last)
                    {
                        yield return points[i];
                    }
                }
            }
        }
    }

    private IReadOnlyList<TrailPoint>? Points(Timeline line, int piece, int tid)
    {
        if (pieces.Find(line, piece) is { } kept)
        {
            return kept;
        }

        TrailProbe probe = new() { Tid = tid };
        Watcher watcher = new(TraceMask.Of(KernelEvent.UserEntry), (in TraceEvent entry) => probe.Tid = entry.Stamp.Tid, probe);
        if (piece < line.Segments.Count)
        {
            line.Replay(piece, watcher);
        }
        else if (line.Extend(watcher) is null)
        {
            return null;
        }

        pieces.Add(line, piece, probe.Points);
        return probe.Points;
    }
}
