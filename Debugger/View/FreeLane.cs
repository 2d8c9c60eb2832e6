using MmuEmu.Debugger.Travel;

namespace MmuEmu.Debugger.View;

/// <summary>How much RAM is free at a moment.</summary>
/// <param name="Time">T.</param>
/// <param name="Tenths">Full tenths of the frames that can be handed out, at most 9.</param>
internal readonly record struct FreeLevel(ulong Time, int Tenths);

/// <summary>Free RAM along the line of time, as pieces of the run know it.</summary>
internal static class FreeLane
{
    /// <summary>The levels at the begin of each line and at the ends of its pieces; none where all are the same, and there is nothing to see.</summary>
    public static IReadOnlyList<FreeLevel> Of(Course course)
    {
        List<FreeLevel> levels = [];
        for (int number = 0; number < course.Lines.Count; number++)
        {
            Timeline line = course.Lines[number];
            long free = (long)line.FreeAtBegin;
            levels.Add(Level(line.Begin.Time, free, line));
            foreach (Segment piece in number + 1 == course.Lines.Count ? line.Segments.Concat(line.Ahead) : line.Segments)
            {
                free -= piece.FramesTaken;
                if (piece.End.Time < course.LeftAt(number))
                {
                    levels.Add(Level(piece.End.Time, free, line));
                }
            }
        }

        return levels.Exists(level => level.Tenths != levels[0].Tenths) ? levels : [];
    }

    /// <summary>A digit for each of <paramref name="room"/> columns: the least that was free there.</summary>
    /// <param name="levels">The levels, in their order.</param>
    /// <param name="room">How many columns.</param>
    /// <param name="at">The column of a T.</param>
    public static char[] Drawn(IReadOnlyList<FreeLevel> levels, int room, Func<ulong, int> at)
    {
        int[] least = new int[room];
        Array.Fill(least, int.MaxValue);
        foreach (FreeLevel level in levels)
        {
            int column = at(level.Time);
            least[column] = Math.Min(least[column], level.Tenths);
        }

        // Between two moments it is what the later one found.
        for (int column = room - 2; column >= 0; column--)
        {
            least[column] = least[column] == int.MaxValue ? least[column + 1] : least[column];
        }

        return [.. least.Select(tenths => tenths == int.MaxValue ? ' ' : (char)('0' + tenths))];
    }

    private static FreeLevel Level(ulong time, long free, Timeline line) =>
        new(time, (int)Math.Clamp(Math.Max(free, 0) * 10 / (long)Math.Max(line.MostFree, 1), 0, 9));
}
