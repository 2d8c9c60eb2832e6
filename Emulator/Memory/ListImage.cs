namespace MmuEmu.Emulator.Memory;

/// <summary>The objects of a list at one moment, in runs that are shared with the image before where they are the same objects.</summary>
internal sealed class ListImage<T>
    where T : class
{
    private const int RunLength = 256;

    private readonly T[][] _runs;

    private ListImage(T[][] runs, int count) => (_runs, Count) = (runs, count);

    /// <summary>Number of objects.</summary>
    internal int Count { get; }

    /// <summary>The object at <paramref name="index"/>.</summary>
    internal T this[int index] => _runs[index / RunLength][index % RunLength];

    /// <summary>An image of <paramref name="objects"/>; <paramref name="last"/> is an earlier one to share with.</summary>
    internal static ListImage<T> Of(ReadOnlySpan<T> objects, ListImage<T>? last)
    {
        T[][] runs = new T[(objects.Length + RunLength - 1) / RunLength][];
        for (int i = 0; i < runs.Length; i++)
        {
            ReadOnlySpan<T> run = objects[(i * RunLength)..Math.Min(objects.Length, (i + 1) * RunLength)];
            T[]? before = last is not null && i < last._runs.Length ? last._runs[i] : null;
            runs[i] = before is not null && AreSame(run, before) ? before : run.ToArray();
        }

        return new ListImage<T>(runs, objects.Length);
    }

    private static bool AreSame(ReadOnlySpan<T> one, T[] other)
    {
        bool same = one.Length == other.Length;
        for (int i = 0; i < one.Length && same; i++)
        {
            same = ReferenceEquals(one[i], other[i]);
        }

        return same;
    }
}
