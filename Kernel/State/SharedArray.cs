namespace MmuEmu.Kernel.State;

/// <summary>An array that may be large: saving it costs what was set since, not its size.</summary>
/// <param name="length">How many values; all begin as the default.</param>
internal sealed class SharedArray<T>(int length) : IStateful
    where T : struct
{
    private const int ChunkShift = 6;
    private const int ChunkLength = 1 << ChunkShift;
    private readonly T[] _values = new T[length];
    private readonly bool[] _changed = new bool[(length + ChunkLength - 1) >> ChunkShift];

    // A chunk that is null holds defaults.
    private T[]?[] _saved = new T[]?[(length + ChunkLength - 1) >> ChunkShift];

    /// <summary>How many values.</summary>
    public int Length => _values.Length;

    /// <summary>The value at place <paramref name="index"/>.</summary>
    public T this[int index]
    {
        get => _values[index];
        set
        {
            _values[index] = value;
            _changed[index >> ChunkShift] = true;
        }
    }

    object IStateful.Save(object? last)
    {
        T[]?[]? next = null;
        for (int chunk = 0; chunk < _changed.Length; chunk++)
        {
            if (_changed[chunk])
            {
                next ??= [.. _saved];
                next[chunk] = Chunk(chunk).ToArray();
                _changed[chunk] = false;
            }
        }

        return _saved = next ?? _saved;
    }

    void IStateful.Restore(object state)
    {
        T[]?[] wanted = (T[]?[])state;
        for (int chunk = 0; chunk < _changed.Length; chunk++)
        {
            if (!_changed[chunk] && wanted[chunk] == _saved[chunk])
            {
                continue;
            }

            Chunk(chunk).Clear();
            wanted[chunk]?.CopyTo(Chunk(chunk));
            _changed[chunk] = false;
        }

        _saved = wanted;
    }

    private Span<T> Chunk(int chunk) =>
        _values.AsSpan(chunk << ChunkShift, Math.Min(ChunkLength, _values.Length - (chunk << ChunkShift)));
}
