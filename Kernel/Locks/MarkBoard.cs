using MmuEmu.Kernel.State;

namespace MmuEmu.Kernel.Locks;

/// <summary>How often each mark was set: what tasks that a rule holds wait for.</summary>
internal sealed class MarkBoard : IStateful
{
    private readonly SortedDictionary<string, ulong> _times = new(StringComparer.Ordinal);

    /// <summary>A mark was set.</summary>
    public void Note(string mark) => _times[mark] = TimesOf(mark) + 1;

    /// <summary>How often a mark was set.</summary>
    public ulong TimesOf(string mark) => _times.GetValueOrDefault(mark);

    object IStateful.Save(object? last) => (KeyValuePair<string, ulong>[])[.. _times];

    void IStateful.Restore(object state) => SavedItems.PutBack(_times, (KeyValuePair<string, ulong>[])state);
}
