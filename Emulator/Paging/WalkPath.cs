using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using MmuEmu.Emulator.Values;

namespace MmuEmu.Emulator.Paging;

/// <summary>One entry that a walk read.</summary>
/// <param name="Level">The table it was read from.</param>
/// <param name="Slot">Where it lies in guest RAM.</param>
/// <param name="Entry">Its value when it was read, before any A or D bit was set.</param>
public readonly record struct WalkStep(PagingLevel Level, PhysAddr Slot, Pte Entry);

/// <summary>The entries a walk read, from the first to the last; at most five.</summary>
/// <remarks>A walk that starts from a paging-structure cache begins below the root, so the first step names its level.</remarks>
public struct WalkPath
{
    private Steps _steps;

    /// <summary>Number of entries read: the walk's memory references.</summary>
    public int Count { get; private set; }

    /// <summary>Step <paramref name="index"/>, 0 being the highest level read.</summary>
    [UnscopedRef]
    public readonly ref readonly WalkStep this[int index] => ref _steps[index];

    /// <summary>The last entry read: the leaf, or the entry that ended the walk.</summary>
    public readonly WalkStep Last => _steps[Count - 1];

    /// <summary>Notes one more entry; at most five in a path.</summary>
    public void Add(in WalkStep step) => _steps[Count++] = step;

    /// <summary>Forgets every entry; costs one store, where assigning the default value clears all of it.</summary>
    public void Clear() => Count = 0;

    /// <summary>Takes another path over; costs what that one holds, where an assignment copies room for five.</summary>
    internal void Take(in WalkPath other)
    {
        Count = other.Count;
        for (int i = 0; i < other.Count; i++)
        {
            _steps[i] = other._steps[i];
        }
    }

    [InlineArray(5)]
    private struct Steps
    {
        private WalkStep _first;
    }
}
