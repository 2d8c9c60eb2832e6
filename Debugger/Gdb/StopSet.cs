namespace MmuEmu.Debugger.Gdb;

/// <summary>Breakpoints and watchpoints: numbers that the session keeps, never bytes in the guest's memory.</summary>
internal sealed class StopSet
{
    private const int Most = 4096;
    private const int MostWatches = 64;
    private readonly HashSet<(int Pid, ulong Address)> _breaks = [];
    private readonly List<Watched> _watches = [];

    /// <summary>Addresses of all breakpoints, of whichever process.</summary>
    public IReadOnlySet<ulong> Addresses => _breaks.Select(at => at.Address).ToHashSet();

    /// <summary>Watchpoints.</summary>
    public IReadOnlyList<Watched> Watches => _watches;

    /// <summary>True when the process has a breakpoint there.</summary>
    public bool Has(int pid, ulong address) => _breaks.Contains((pid, address));

    /// <summary>Sets a breakpoint; one that is there stays.</summary>
    /// <returns>False when there are too many.</returns>
    public bool Add(int pid, ulong address) => _breaks.Count < Most && (_breaks.Add((pid, address)) || true);

    /// <summary>Takes a breakpoint away, if it is there.</summary>
    public void Remove(int pid, ulong address) => _breaks.Remove((pid, address));

    /// <summary>Sets a watchpoint; one that is there stays.</summary>
    /// <returns>False when there are too many.</returns>
    public bool Add(Watched watched)
    {
        bool known = _watches.Contains(watched);
        if (!known && _watches.Count < MostWatches)
        {
            _watches.Add(watched);
            known = true;
        }

        return known;
    }

    /// <summary>Takes a watchpoint away, if it is there; also a physical one, whatever addresses mean by now.</summary>
    public void Remove(Watched watched)
    {
        if (!_watches.Remove(watched))
        {
            _watches.Remove(watched with { Space = null });
        }
    }

    /// <summary>Takes all away.</summary>
    public void Clear()
    {
        _breaks.Clear();
        _watches.Clear();
    }
}
