using System.Collections.Immutable;

namespace MmuEmu.Kernel.State;

/// <summary>A map that may grow large: saving it costs what was set since, not its size.</summary>
internal sealed class SharedMap<TKey, TValue> : IStateful
    where TKey : notnull
    where TValue : class
{
    private readonly Dictionary<TKey, TValue> _values = [];
    private readonly HashSet<TKey> _changed = [];
    private ImmutableDictionary<TKey, TValue>? _saved;

    /// <summary>How many keys have a value.</summary>
    public int Count => _values.Count;

    /// <summary>What was set last at <paramref name="key"/>; null when nothing was.</summary>
    public TValue? Find(TKey key) => _values.GetValueOrDefault(key);

    /// <summary>The keys that have a value, in no order that holds.</summary>
    public IReadOnlyCollection<TKey> Keys => _values.Keys;

    /// <summary>The values, in no order that holds.</summary>
    public IReadOnlyCollection<TValue> Values => _values.Values;

    /// <summary>Sets a value in place of the one before.</summary>
    public void Set(TKey key, TValue value)
    {
        _values[key] = value;
        Note(key);
    }

    /// <summary>Takes a value away; false when there was none.</summary>
    public bool Remove(TKey key)
    {
        Note(key);
        return _values.Remove(key);
    }

    object IStateful.Save(object? last)
    {
        if (_saved is null)
        {
            _saved = _values.ToImmutableDictionary();
        }
        else if (_changed.Count > 0)
        {
            ImmutableDictionary<TKey, TValue>.Builder next = _saved.ToBuilder();
            foreach (TKey key in _changed)
            {
                if (_values.TryGetValue(key, out TValue? value))
                {
                    next[key] = value;
                }
                else
                {
                    _ = next.Remove(key);
                }
            }

            _saved = next.ToImmutable();
            _changed.Clear();
        }

        return _saved;
    }

    void IStateful.Restore(object state)
    {
        ImmutableDictionary<TKey, TValue> wanted = (ImmutableDictionary<TKey, TValue>)state;
        if (wanted == _saved)
        {
            TakeBack(wanted);
        }
        else
        {
            Refill(wanted);
        }

        _saved = wanted;
        _changed.Clear();
    }

    private void Note(TKey key)
    {
        if (_saved is not null)
        {
            _changed.Add(key);
        }
    }

    private void TakeBack(ImmutableDictionary<TKey, TValue> wanted)
    {
        foreach (TKey key in _changed)
        {
            if (wanted.TryGetValue(key, out TValue? value))
            {
                _values[key] = value;
            }
            else
            {
                _values.Remove(key);
            }
        }
    }

    private void Refill(ImmutableDictionary<TKey, TValue> wanted)
    {
        _values.Clear();
        foreach ((TKey key, TValue value) in wanted)
        {
            _values.Add(key, value);
        }
    }
}
