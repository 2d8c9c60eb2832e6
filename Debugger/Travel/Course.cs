using MmuEmu.Emulator.Tracing;
using MmuEmu.Emulator.Translation;
using MmuEmu.Kernel.Run;

namespace MmuEmu.Debugger.Travel;

/// <summary>The past and the future of now: a timeline, and for each change that somebody made to the machine another one that begins there.</summary>
internal sealed class Course : IDisposable
{
    private const int MostKnown = 16;
    private readonly TimelineRules _rules;
    private readonly List<Timeline> _lines = [];
    private readonly LinkedList<(Timeline Line, Happenings What)> _known = new();

    /// <summary>The run on <paramref name="stage"/>, from its begin.</summary>
    public Course(Stage stage, TimelineRules rules)
    {
        (Stage, _rules) = (stage, rules);
        _lines.Add(new Timeline(stage, rules));
    }

    /// <summary>The machine.</summary>
    public Stage Stage { get; }

    /// <summary>The timelines, each of which holds from its begin to that of the next.</summary>
    public IReadOnlyList<Timeline> Lines => _lines;

    /// <summary>Changes that were made to the machine on the way to the newest future.</summary>
    public int Branches => _lines.Count - 1;

    /// <summary>The last line, which is explored further when somebody asks for more.</summary>
    public Timeline Newest => _lines[^1];

    /// <summary>The number of the line that holds <paramref name="time"/>.</summary>
    public int LineOf(ulong time) => Math.Max(0, _lines.FindLastIndex(line => line.Begin.Time <= time));

    /// <summary>T at which line <paramref name="number"/> is left for the next one; the greatest number for the newest.</summary>
    public ulong LeftAt(int number) => number + 1 < _lines.Count ? _lines[number + 1].Begin.Time : ulong.MaxValue;

    /// <summary>Explores until what happens at <paramref name="time"/> is known, or the run is over, or <paramref name="isUnwanted"/> says so.</summary>
    /// <returns>True when it is known.</returns>
    public bool Reach(ulong time, Func<bool> isUnwanted)
    {
        while (Newest.Explored.Time <= time && Newest.End is null && !isUnwanted())
        {
            Newest.Extend(Watcher.None);
        }

        return Newest.Explored.Time > time || Newest.End is not null;
    }

    /// <summary>All that happens at <paramref name="time"/>, which has been reached.</summary>
    public Happenings At(ulong time)
    {
        Timeline line = _lines[LineOf(time)];
        for (LinkedListNode<(Timeline Line, Happenings What)>? node = _known.First; node is not null; node = node.Next)
        {
            if (node.Value.Line == line && node.Value.What.Time == time)
            {
                _known.Remove(node);
                _known.AddFirst(node);
                return node.Value.What;
            }
        }

        Happenings what = Collect(line, time);
        if (line.End is not null || line.Explored.Time > time)
        {
            _known.AddFirst((line, what));
            while (_known.Count > MostKnown)
            {
                _known.RemoveLast();
            }
        }

        return what;
    }

    /// <summary>Looks at the run at a position; <paramref name="look"/> must change nothing.</summary>
    public T Look<T>(Position position, Func<MiniKernel, T> look)
    {
        Timeline line = _lines[LineOf(position.Time)];
        Happenings what = At(position.Time);
        if (position.Step == what.Start || what.EventAt(position.Step) is not { } number)
        {
            line.Visit(position.Time);
            return look(Stage.Kernel);
        }

        return LookInside(line, position.Time, number, look);
    }

    /// <summary>Makes another future begin where the machine stands, which was changed; what lay behind is forgotten.</summary>
    /// <remarks>
    /// Several changes at one point are one branch: a line that began there is given up for the new one, unless something has happened in it
    /// before. Nothing can be compared with a recording any more.
    /// </remarks>
    public void Branch(ulong time)
    {
        int number = LineOf(time);
        bool isAgain = number > 0 && _lines[number].Begin.Time == time
            && _known.Any(known => known.Line == _lines[number] && known.What.Time == time && known.What.BeginsAtOnce);
        for (int gone = _lines.Count - 1; gone >= (isAgain ? number : number + 1); gone--)
        {
            _lines[gone].Dispose();
            _lines.RemoveAt(gone);
        }

        if (!isAgain)
        {
            _lines[number].Leave(Stage.Now);
        }

        Stage.Tape.Cut(Stage.Now);
        _lines.Add(new Timeline(Stage, _rules with { Milestones = null }));
        _known.Clear();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (Timeline line in _lines)
        {
            line.Dispose();
        }
    }

    private Happenings Collect(Timeline line, ulong time)
    {
        List<TraceEvent> events = [];
        List<byte> levels = [];
        EventTaker take = (in TraceEvent happened) =>
        {
            if (happened.Stamp.Time == time)
            {
                events.Add(happened);
                levels.Add(happened.Kind == TraceEventKind.Walk ? Outcome.TlbLevel : (byte)0);
            }
        };
        Again(line, time, () => true, take);
        return new Happenings(time, events, levels);
    }

    /// <summary>Runs the pieces again in which something may happen at <paramref name="time"/>, as long as <paramref name="isWanted"/> says so.</summary>
    internal static void Again(Timeline line, ulong time, Func<bool> isWanted, EventTaker take)
    {
        for (int piece = line.Find(time); isWanted() && piece < line.Segments.Count && line.Segments[piece].Reaches(time); piece++)
        {
            line.Replay(piece, new Watcher(Happenings.Kinds, take));
        }
    }

    private ref readonly MmuOutcome Outcome => ref Stage.Kernel.Core.Mmu.LastOutcome;

    private T LookInside<T>(Timeline line, ulong time, int number, Func<MiniKernel, T> look)
    {
        T? seen = default;
        Exception? failure = null;
        int left = number;
        EventTaker take = (in TraceEvent happened) =>
        {
            if (happened.Stamp.Time != time || left-- != 0)
            {
                return;
            }

            try
            {
                seen = look(Stage.Kernel);
            }
            catch (Exception refused)
            {
                // Nothing may leave through the machine, which has to come to its moment.
                failure = refused;
            }
        };
        Again(line, time, () => left >= 0, take);
        return failure is null ? seen! : throw new InvalidOperationException("A look at the machine failed.", failure);
    }
}
