using MmuEmu.Kernel.State;
using MmuEmu.Kernel.Vmas;

namespace MmuEmu.Kernel.Files;

/// <summary>The memory of a segment, of small pages or of huge ones.</summary>
internal interface ISegmentMemory : IBacking
{
    /// <summary>The last name went away: the pages go with the last user.</summary>
    void Unlinked();
}

/// <summary>A segment of System V shared memory.</summary>
/// <param name="Id">Its number.</param>
/// <param name="Key">The key it is found by; 0 for none.</param>
/// <param name="SizeBytes">The size it was asked for.</param>
/// <param name="Content">Its memory.</param>
internal sealed record SharedSegment(int Id, int Key, ulong SizeBytes, ISegmentMemory Content);

/// <summary>The segments of System V shared memory, until they are marked for removal.</summary>
/// <remarks>Source: [Linux ipc/shm.c].</remarks>
internal sealed class SharedSegments : IStateful
{
    private readonly SortedDictionary<int, SharedSegment> _segments = [];
    private int _next;

    /// <summary>The number of the next segment.</summary>
    public int NextId => _next;

    /// <summary>Adds a segment.</summary>
    public SharedSegment Add(int key, ulong sizeBytes, ISegmentMemory content)
    {
        SharedSegment segment = new(_next++, key, sizeBytes, content);
        _segments[segment.Id] = segment;
        return segment;
    }

    /// <summary>The segment of a number; null when there is none.</summary>
    public SharedSegment? Find(int id) => _segments.GetValueOrDefault(id);

    /// <summary>The segment of a key; null when there is none.</summary>
    public SharedSegment? FindKey(int key)
    {
        foreach (SharedSegment segment in _segments.Values)
        {
            if (segment.Key == key)
            {
                return segment;
            }
        }

        return null;
    }

    /// <summary>Removes a segment: nobody finds it any more, and its memory goes with its last mapping.</summary>
    public void Remove(SharedSegment segment)
    {
        _ = _segments.Remove(segment.Id);
        segment.Content.Unlinked();
    }

    object IStateful.Save(object? last) => (_next, (KeyValuePair<int, SharedSegment>[])[.. _segments]);

    void IStateful.Restore(object state)
    {
        (_next, KeyValuePair<int, SharedSegment>[] segments) = ((int, KeyValuePair<int, SharedSegment>[]))state;
        SavedItems.PutBack(_segments, segments);
    }

    void IStateful.SeeParts(StateVisitor visitor)
    {
        foreach (SharedSegment segment in _segments.Values)
        {
            visitor.SeeAny(segment.Content);
        }
    }
}
