using System.Collections.Immutable;
using MmuEmu.Kernel.State;

namespace MmuEmu.Kernel.Tasks;

/// <summary>All processes that are not yet reaped, by id.</summary>
/// <remarks>Ids grow from <see cref="FirstPid"/> and come round at 32768; 1 stands for a process outside, the parent of all orphans.</remarks>
internal sealed class ProcessTable : IStateful
{
    /// <summary>The id of the process that the machine boots into.</summary>
    public const int FirstPid = 1000;

    /// <summary>The parent of the first process and of orphans; no process of the machine.</summary>
    public const int OutsidePid = 1;

    private const int Highest = 32768;
    private readonly Dictionary<int, Process> _byPid = [];
    private int _last = FirstPid - 1;

    /// <summary>The processes, lowest id first; a copy of it stays as it is when processes come and go.</summary>
    public ImmutableArray<Process> All { get; private set; } = [];

    /// <summary>How many.</summary>
    public int Count => _byPid.Count;

    /// <summary>Threads of all processes, ended ones that still hold their ids included.</summary>
    public int ThreadCount
    {
        get
        {
            int count = 0;
            foreach (Process process in All)
            {
                count += process.Threads.Count;
            }

            return count;
        }
    }

    /// <summary>True when there is more than one.</summary>
    internal bool HaveSeveralThreads => All.Length == 1 ? All[0].Threads.Count > 1 : ThreadCount > 1;

    /// <summary>The process with that id, or null.</summary>
    public Process? Find(int pid) => _byPid.GetValueOrDefault(pid);

    /// <summary>The thread with that id, or null.</summary>
    public UserThread? FindThread(int tid)
    {
        foreach (Process process in All)
        {
            foreach (UserThread thread in process.Threads)
            {
                if (thread.Tid == tid)
                {
                    return thread;
                }
            }
        }

        return null;
    }

    /// <summary>A free id; 0 when there is none.</summary>
    public int NextPid()
    {
        for (int tries = 0; tries < Highest; tries++)
        {
            _last = _last >= Highest ? 300 : _last + 1;
            if (FindThread(_last) is null)
            {
                return _last;
            }
        }

        return 0;
    }

    /// <summary>Puts a process in.</summary>
    public void Add(Process process)
    {
        _byPid.Add(process.Pid, process);
        int at = All.Length;
        while (at > 0 && All[at - 1].Pid > process.Pid)
        {
            at--;
        }

        All = All.Insert(at, process);
    }

    /// <summary>Takes a process out.</summary>
    public void Remove(Process process)
    {
        _byPid.Remove(process.Pid);
        All = All.Remove(process);
    }

    object IStateful.Save(object? last) => (All, _last);

    void IStateful.Restore(object state)
    {
        (All, _last) = ((ImmutableArray<Process>, int))state;
        _byPid.Clear();
        foreach (Process process in All)
        {
            _byPid.Add(process.Pid, process);
        }
    }

    void IStateful.SeeParts(StateVisitor visitor)
    {
        foreach (Process process in All)
        {
            visitor.See(process);
        }
    }
}
