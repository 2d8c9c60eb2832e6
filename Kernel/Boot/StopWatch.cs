namespace MmuEmu.Kernel.Boot;

/// <summary>Counts occurrences, and says when the one is reached at which the run is to pause.</summary>
internal sealed class StopWatch
{
    private readonly Dictionary<(StopKind Kind, string Name), ulong> _seen = [];
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

        (StopKind, string) key = (kind, name);
        ulong count = _seen.GetValueOrDefault(key) + 1;
        _seen[key] = count;
        if (_stop.Kind != kind || _stop.Name != name || _stop.Count != count)
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

    /// <summary>The run has paused.</summary>
    public void Taken() => Reached = false;
}
