using System.Runtime.InteropServices;
using MmuEmu.Kernel.State;

namespace MmuEmu.Kernel.Run;

/// <summary>Counts occurrences, and says when the one is reached at which the run is to pause.</summary>
internal sealed class StopWatch : IStateful
{
    private readonly Dictionary<(StopKind Kind, string Name), ulong> _byName = [];
    private readonly ulong[] _byKind = new ulong[Enum.GetValues<StopKind>().Length];
    private StopAt _stop;
    private bool _resumed;

    /// <summary>The run has to pause at its next convenience.</summary>
    public bool Reached { get; private set; }

    /// <summary>Sets what to pause at.</summary>
    public void Aim(StopAt stop) => (_stop, Reached) = (stop, false);

    /// <summary>Something of this kind is about to happen: counted once, also when the run pauses right before it.</summary>
    /// <returns>True when it is what was aimed at.</returns>
    public bool IsReached(StopKind kind, string name = "")
    {
        if (_resumed)
        {
            _resumed = false;
            return false;
        }

        ulong count = name.Length == 0 ? ++_byKind[(int)kind] : CountOf(kind, name);
        if (_stop.Kind != kind || _stop.Count != count || _stop.Name != name)
        {
            return false;
        }

        Reached = true;
        _resumed = true;
        return true;
    }

    /// <summary>Something has just happened that a pause may follow.</summary>
    public void Passed(StopKind kind, string name)
    {
        Reached |= IsReached(kind, name);
        _resumed = false;
    }

    /// <summary>The last of each kind and name so far, the names in the order of their first time.</summary>
    public IReadOnlyList<StopAt> Seen()
    {
        List<StopAt> seen = [];
        foreach (((StopKind kind, string name), ulong count) in _byName)
        {
            seen.Add(new StopAt(kind, count, name));
        }

        for (int kind = 0; kind < _byKind.Length; kind++)
        {
            if (_byKind[kind] > 0)
            {
                seen.Add(new StopAt((StopKind)kind, _byKind[kind]));
            }
        }

        return seen;
    }

    /// <summary>The run has paused.</summary>
    public void Taken() => Reached = false;

    private ulong CountOf(StopKind kind, string name)
    {
        ref ulong count = ref CollectionsMarshal.GetValueRefOrAddDefault(_byName, (kind, name), out _);
        return ++count;
    }

    object IStateful.Save(object? last) => new Saved(_stop, _resumed, Reached, [.. _byName], [.. _byKind]);

    void IStateful.Restore(object state)
    {
        Saved saved = (Saved)state;
        (_stop, _resumed, Reached) = (saved.Stop, saved.Resumed, saved.Reached);
        saved.ByKind.CopyTo(_byKind, 0);
        SavedItems.PutBack(_byName, saved.ByName);
    }

    private sealed record Saved(StopAt Stop, bool Resumed, bool Reached, KeyValuePair<(StopKind Kind, string Name), ulong>[] ByName, ulong[] ByKind);
}
