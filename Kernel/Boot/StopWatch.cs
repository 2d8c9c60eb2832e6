namespace MmuEmu.Kernel.Boot;

/// <summary>Counts occurrences, and says when the one is reached at which the run is to pause.</summary>
internal sealed class StopWatch
{
    private readonly Dictionary<(StopKind Kind, string Name), Tally> _byName = [];
    private readonly Tally[] _byKind = [new(), new(), new(), new(), new(), new()];
    private readonly Recent[] _recent = new Recent[64];
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

        ulong count = ++(name.Length == 0 ? _byKind[(int)kind] : TallyOf(kind, name)).Count;
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

    /// <summary>The run has paused.</summary>
    public void Taken() => Reached = false;

    /// <summary>Names are mostly of a table, the same objects each time: those that came lately are not hashed.</summary>
    private Tally TallyOf(StopKind kind, string name)
    {
        ref Recent recent = ref _recent[((name.Length << 3) ^ name[0] ^ (name[^1] << 1)) & 63];
        if (!ReferenceEquals(recent.Name, name) || recent.Kind != kind)
        {
            if (!_byName.TryGetValue((kind, name), out Tally? tally))
            {
                _byName[(kind, name)] = tally = new Tally();
            }

            recent = new Recent(kind, name, tally);
        }

        return recent.Tally;
    }

    private readonly record struct Recent(StopKind Kind, string Name, Tally Tally);

    private sealed class Tally
    {
        public ulong Count;
    }
}
