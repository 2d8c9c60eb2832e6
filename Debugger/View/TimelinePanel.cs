using System.Globalization;
using MmuEmu.Debugger.Screens;
using MmuEmu.Debugger.Travel;

namespace MmuEmu.Debugger.View;

/// <summary>The line of time: a lane for each kind of thing, from the begin to where the run is explored.</summary>
internal static class TimelinePanel
{
    private const int LabelColumns = 9;

    private static readonly (string Name, (Lane Lane, char Sign)[] Signs)[] Lanes =
    [
        ("faults", [(Lane.Fault, '^'), (Lane.BadFault, 'X')]),
        ("signals", [(Lane.Signal, '!')]),
        ("reclaim", [(Lane.Reclaim, '#'), (Lane.Rule, 'R')]),
        ("calls", [(Lane.Syscall, '.'), (Lane.Task, 'T'), (Lane.Mark, 'M')]),
    ];

    /// <summary>The lines; where rows are few, all lanes in one.</summary>
    public static IEnumerable<TextLine> Lines(Scene scene, int width, bool isShort)
    {
        TimelineScene time = scene.Timeline;
        int room = Math.Max(width - LabelColumns, 8);
        int here = At(time.Here, time.Explored, room);
        (string Name, (Lane Lane, char Sign)[] Signs)[] lanes = isShort ? [("events", [.. Lanes.Reverse().SelectMany(one => one.Signs)])] : Lanes;
        foreach ((string name, (Lane Lane, char Sign)[] signs) in lanes)
        {
            char[] lane = Drawn(time, signs, room);
            if (name is "faults" or "events" || lane.AsSpan().ContainsAnyExcept(' '))
            {
                yield return LineOf(name, lane, here);
            }
        }

        if (time.Free.Count > 0 && !isShort)
        {
            yield return LineOf("free", FreeLane.Drawn(time.Free, room, at => At(at, time.Explored, room)), here);
        }

        char[] marks = Blank(room);
        foreach (ulong mark in time.Marks)
        {
            marks[At(mark, time.Explored, room)] = 'b';
        }

        if (time.Marks.Count > 0)
        {
            yield return LineOf("marks", marks, here);
        }

        yield return Scale(scene, time, room, here);
    }

    private static TextLine Scale(Scene scene, TimelineScene time, int room, int here)
    {
        string end = time.Explored.ToString(CultureInfo.InvariantCulture) + (scene.Standing.IsWhole ? "" : "+");
        string label = $"^ T {time.Here.ToString(CultureInfo.InvariantCulture)}";
        char[] line = Blank(room);
        "0".CopyTo(line);
        if (end.Length < room)
        {
            end.AsSpan().CopyTo(line.AsSpan(room - end.Length));
        }

        int at = here + label.Length <= room ? here : Math.Max(here + 1 - label.Length, 0);
        label = at < here ? $"T {time.Here.ToString(CultureInfo.InvariantCulture)} ^" : label;
        label.AsSpan(0, Math.Min(label.Length, room - at)).CopyTo(line.AsSpan(at));
        return TextLine.Of($"{"T",-LabelColumns}{new string(line)}", Role.Faint);
    }

    private static char[] Drawn(TimelineScene time, (Lane Lane, char Sign)[] signs, int room)
    {
        char[] lane = Blank(room);
        foreach (Landmark mark in time.Landmarks)
        {
            foreach ((Lane kind, char sign) in signs)
            {
                // A sign that stands further behind in the list is rarer, and stays.
                int at = At(mark.Time, time.Explored, room);
                if (mark.Lane == kind && RankOf(signs, lane[at]) <= RankOf(signs, sign))
                {
                    lane[at] = sign;
                }
            }
        }

        return lane;
    }

    private static int RankOf((Lane Lane, char Sign)[] signs, char sign) => Array.FindIndex(signs, one => one.Sign == sign);

    private static char[] Blank(int room)
    {
        char[] line = new char[room];
        Array.Fill(line, ' ');
        return line;
    }

    private static int At(ulong time, ulong explored, int room) =>
        explored == 0 ? 0 : (int)Math.Min((ulong)room - 1, (ulong)((UInt128)time * (ulong)room / explored));

    private static TextLine LineOf(string name, char[] lane, int here)
    {
        string cursor = lane[here] == ' ' ? "|" : lane[here].ToString();
        return new TextLine(
            new TextSpan($"{name,-LabelColumns}", Role.Faint), new TextSpan(new string(lane, 0, here)), new TextSpan(cursor, Role.Cursor), new TextSpan(new string(lane, here + 1, lane.Length - here - 1)));
    }
}
