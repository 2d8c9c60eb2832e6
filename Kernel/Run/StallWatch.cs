using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.State;
using MmuEmu.Kernel.Story;
using MmuEmu.Kernel.Tasks;

namespace MmuEmu.Kernel.Run;

/// <summary>Sees that nothing moves on any more: page after page is brought in, each for another that goes, and no instruction of any thread retires.</summary>
/// <remarks>
/// An instruction needs some dozens of pages at most, tables of its own code among them, and each once when the others stay. A thread that cannot
/// finish one may give way to another, so the bound grows with the threads.
/// </remarks>
internal sealed class StallWatch : IStateful
{
    private const uint Most = 4096;
    private const uint MostOfThread = 64;

    /// <summary>How many of the last faults before the end are looked at for their pages.</summary>
    private const uint Looked = 64;

    private readonly List<(TaskName Task, VirtAddr Page)> _needed = [];
    private ulong _time;
    private uint _faults;
    private ulong _stalledAt = ulong.MaxValue;
    private uint _rounds;

    /// <summary>Times in a row that it was seen without an instruction in between.</summary>
    public uint Rounds => _rounds;

    /// <summary>Page faults since an instruction retired.</summary>
    public uint Faults => _faults;

    /// <summary>Counts a page fault that was handled, so that its instruction is to be tried again.</summary>
    /// <param name="now">T.</param>
    /// <param name="thread">Whose.</param>
    /// <param name="address">What was accessed.</param>
    /// <param name="processes">All threads there are.</param>
    /// <returns>True when nothing moves on any more; counting begins anew then.</returns>
    public bool IsStalled(ulong now, UserThread thread, VirtAddr address, ProcessTable processes)
    {
        if (now != _time)
        {
            (_time, _faults) = (now, 0);
        }

        return ++_faults >= Most - Looked && IsTheEnd(thread, address, Most + (MostOfThread * (uint)processes.ThreadCount));
    }

    /// <summary>Who needed which pages when nothing moved on, each once.</summary>
    public IReadOnlyList<(TaskName Task, VirtAddr Page)> TakeNeeded()
    {
        (TaskName, VirtAddr)[] needed = [.. _needed];
        _needed.Clear();
        _faults = 0;
        return needed;
    }

    private bool IsTheEnd(UserThread thread, VirtAddr address, uint most)
    {
        (TaskName, VirtAddr) needed = (thread.Title, address.PageBase);
        if (_faults < most - Looked)
        {
            _needed.Clear();
        }
        else if (!_needed.Contains(needed))
        {
            _needed.Add(needed);
        }

        if (_faults < most)
        {
            return false;
        }

        (_stalledAt, _rounds) = (_time, _stalledAt == _time ? _rounds + 1 : 1);
        return true;
    }

    object IStateful.Save(object? last) => (_time, _faults, _stalledAt, _rounds, ((TaskName, VirtAddr)[])[.. _needed]);

    void IStateful.Restore(object state)
    {
        (_time, _faults, _stalledAt, _rounds, (TaskName, VirtAddr)[] needed) = ((ulong, uint, ulong, uint, (TaskName, VirtAddr)[]))state;
        SavedItems.PutBack(_needed, needed);
    }
}
