using System.Runtime.InteropServices;
using MmuEmu.Kernel.State;

namespace MmuEmu.Kernel.Run;

/// <summary>Counts occurrences, and says when the one is reached at which the run is to pause.</summary>
internal sealed class StopWatch : IStateful
{
    // Names apart by kind, as every system call is looked up here; their counts in the order of their first time.
    private readonly Dictionary<string, int>[] _places = new Dictionary<string, int>[Enum.GetValues<StopKind>().Length];
    private readonly List<(StopKind Kind, string Name)> _names = [];
    private readonly List<ulong> _byName = [];
    private readonly ulong[] _byKind = new ulong[Enum.GetValues<StopKind>().Length];
    private StopAt _stop;
    private bool _resumed;

    /// <summary>A watch that has seen nothing.</summary>
    public StopWatch()
    {
        for (int i = 0; i < _places.Length; i++)
        {
            _places[i] = [];
        }
    }

    /// <summary>The run has to pause at its next convenience.</summary>
    public bool Reached { get; private set; }

    /// <summary>T to pause at; the largest without one.</summary>
    public ulong Time { get; private set; } = ulong.MaxValue;

    /// <summary>T to pause at or behind, between two steps of the run; the largest without one.</summary>
    public ulong Between { get; private set; } = ulong.MaxValue;

    /// <summary>Sets what to pause at.</summary>
    public void Aim(StopAt stop)
    {
        (_stop, Reached) = (stop, false);
        Time = stop.Kind == StopKind.Time ? stop.Count : ulong.MaxValue;
        Between = stop.Kind == StopKind.Between ? stop.Count : ulong.MaxValue;
    }

    /// <summary>True when the run, at T <paramref name="now"/> behind <paramref name="steps"/> steps that began at it, is where it pauses between two.</summary>
    public bool IsBetween(ulong now, uint steps) => now >= Between && (now > Between || steps >= _stop.Step);

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
        for (int place = 0; place < _byName.Count; place++)
        {
            seen.Add(new StopAt(_names[place].Kind, _byName[place], _names[place].Name));
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
        if (!_places[(int)kind].TryGetValue(name, out int place))
        {
            place = Enter(kind, name);
        }

        return ++CollectionsMarshal.AsSpan(_byName)[place];
    }

    private int Enter(StopKind kind, string name)
    {
        int place = _names.Count;
        _places[(int)kind].Add(name, place);
        _names.Add((kind, name));
        _byName.Add(0);
        return place;
    }

    object IStateful.Save(object? last) => new Saved(_stop, _resumed, Reached, [.. _names], [.. _byName], [.. _byKind]);

    void IStateful.Restore(object state)
    {
        Saved saved = (Saved)state;
        Aim(saved.Stop);
        (_resumed, Reached) = (saved.Resumed, saved.Reached);
        saved.ByKind.CopyTo(_byKind, 0);
        foreach (Dictionary<string, int> places in _places)
        {
            places.Clear();
        }

        _names.Clear();
        _byName.Clear();
        foreach ((StopKind kind, string name) in saved.Names)
        {
            _ = Enter(kind, name);
        }

        SavedItems.PutBack(_byName, saved.ByName);
    }

    private sealed record Saved(StopAt Stop, bool Resumed, bool Reached, (StopKind Kind, string Name)[] Names, ulong[] ByName, ulong[] ByKind);
}
