namespace MmuEmu.Debugger.Travel;

/// <summary>The instructions of the pieces of a run that were followed last: steps come in rows, and a piece takes as long as a hundred steps.</summary>
internal sealed class TrailPieces
{
    private const int MostKept = 2;
    private readonly LinkedList<(Timeline Line, int Piece, IReadOnlyList<TrailPoint> Points)> _kept = new();

    /// <summary>Those of a piece that is kept; null of another.</summary>
    public IReadOnlyList<TrailPoint>? Find(Timeline line, int piece)
    {
        for (LinkedListNode<(Timeline Line, int Piece, IReadOnlyList<TrailPoint> Points)>? node = _kept.First; node is not null; node = node.Next)
        {
            if (node.Value.Line == line && node.Value.Piece == piece)
            {
                return node.Value.Points;
            }
        }

        return null;
    }

    /// <summary>Keeps them, and lets go of the oldest.</summary>
    public void Add(Timeline line, int piece, IReadOnlyList<TrailPoint> points)
    {
        _kept.AddFirst((line, piece, points));
        while (_kept.Count > MostKept)
        {
            _kept.RemoveLast();
        }
    }

    /// <summary>Forgets all: the run has another future.</summary>
    public void Clear() => _kept.Clear();
}
