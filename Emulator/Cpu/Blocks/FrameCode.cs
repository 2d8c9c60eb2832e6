namespace MmuEmu.Emulator.Cpu.Blocks;

/// <summary>What blocks were decoded from in one frame, by lines of 64 bytes: a store asks those of its own line alone.</summary>
internal sealed class FrameCode
{
    private const int LineShift = 6;
    private const int Lines = 64;

    // A piece of more lines than this is asked at every store instead of being in the list of each of them.
    private const int Few = 4;

    private readonly List<CodePiece>?[] _byLine = new List<CodePiece>?[Lines];
    private readonly List<CodePiece> _long = [];
    private int _count;

    // What it was when it was saved or restored last; null when it has changed since.
    private FrameCodeImage? _image;

    /// <summary>True when no block was decoded from it.</summary>
    internal bool IsEmpty => _count == 0;

    internal void Add(in CodePiece piece)
    {
        _count++;
        _image = null;
        if (LastLineOf(piece) - FirstLineOf(piece) >= Few)
        {
            _long.Add(piece);
            return;
        }

        for (int line = FirstLineOf(piece); line <= LastLineOf(piece); line++)
        {
            (_byLine[line] ??= []).Add(piece);
        }
    }

    /// <summary>Takes out the blocks that hold one of the bytes.</summary>
    internal void Take(int first, int end, List<int> taken)
    {
        for (int line = first >> LineShift; line <= (end - 1) >> LineShift; line++)
        {
            if (_byLine[line] is { Count: > 0 } pieces)
            {
                Take(pieces, first, end, taken);
            }
        }

        if (_long.Count > 0)
        {
            Take(_long, first, end, taken);
        }
    }

    /// <summary>Its state as a value; the same object until something changes.</summary>
    internal FrameCodeImage Save(ulong frame)
    {
        if (_image is not null)
        {
            return _image;
        }

        CodePiece[]?[] byLine = new CodePiece[]?[Lines];
        for (int line = 0; line < Lines; line++)
        {
            byLine[line] = _byLine[line]?.ToArray();
        }

        return _image = new FrameCodeImage(frame, this, byLine, _long.ToArray(), _count);
    }

    /// <summary>Takes that state again.</summary>
    internal void Restore(FrameCodeImage image)
    {
        if (ReferenceEquals(_image, image))
        {
            return;
        }

        for (int line = 0; line < Lines; line++)
        {
            _byLine[line] = image.ByLine[line] is { } pieces ? [.. pieces] : null;
        }

        _long.Clear();
        _long.AddRange(image.Long);
        (_count, _image) = (image.Count, image);
    }

    private void Take(List<CodePiece> pieces, int first, int end, List<int> taken)
    {
        for (int i = pieces.Count - 1; i >= 0; i--)
        {
            CodePiece piece = pieces[i];
            if (piece.Overlaps(first, end))
            {
                taken.Add(piece.Block);
                Remove(piece, pieces, i);
                _count--;
                _image = null;
            }
        }
    }

    private void Remove(in CodePiece piece, List<CodePiece> found, int at)
    {
        RemoveAt(found, at);
        if (found == _long)
        {
            return;
        }

        for (int line = FirstLineOf(piece); line <= LastLineOf(piece); line++)
        {
            if (_byLine[line] is { } pieces && pieces != found)
            {
                RemoveAt(pieces, pieces.IndexOf(piece));
            }
        }
    }

    private static void RemoveAt(List<CodePiece> pieces, int at)
    {
        pieces[at] = pieces[^1];
        pieces.RemoveAt(pieces.Count - 1);
    }

    private static int FirstLineOf(in CodePiece piece) => piece.First >> LineShift;

    private static int LastLineOf(in CodePiece piece) => (piece.End - 1) >> LineShift;
}
