using System.Runtime.InteropServices;

namespace MmuEmu.Kernel.State;

/// <summary>What small collections hold, as values.</summary>
internal static class SavedItems
{
    /// <summary>The items of <paramref name="items"/>; <paramref name="last"/> itself when they are the same.</summary>
    public static T[] Of<T>(List<T> items, T[]? last) =>
        last is not null && CollectionsMarshal.AsSpan(items).SequenceEqual(last) ? last : [.. items];

    /// <summary>Makes <paramref name="items"/> hold what was saved.</summary>
    public static void PutBack<T>(List<T> items, T[] saved)
    {
        items.Clear();
        items.AddRange(saved);
    }

    /// <summary>Makes a map hold what was saved.</summary>
    public static void PutBack<TKey, TValue>(IDictionary<TKey, TValue> map, KeyValuePair<TKey, TValue>[] saved)
    {
        map.Clear();
        foreach ((TKey key, TValue value) in saved)
        {
            map.Add(key, value);
        }
    }

    /// <summary><paramref name="now"/>; <paramref name="last"/> itself when the two are equal.</summary>
    public static object Same(object now, object? last) => now.Equals(last) ? last : now;
}
