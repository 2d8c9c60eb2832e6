using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Story;

namespace MmuEmu.Debugger.Sessions;

/// <summary>Remembers which pages raised SIGBUS and whether the program went on: what the end of a run is told about.</summary>
internal sealed class NotableSignals : ITraceSink
{
    private readonly SortedDictionary<ulong, int> _handled = [];

    /// <inheritdoc/>
    public TraceKinds Wanted => TraceKinds.Signal;

    /// <summary>Pages whose SIGBUS a handler took, with how often; more than once means it came again after the handler.</summary>
    public IReadOnlyDictionary<ulong, int> HandledPages => _handled;

    /// <summary>The SIGBUS that ended the program, if one did.</summary>
    public SigInfo? Fatal { get; private set; }

    /// <inheritdoc/>
    public void OnSignal(in SignalEvent happened)
    {
        if (happened.Info.Signal != Signal.SIGBUS || happened.Info.Code != SigCode.BusAdrErr)
        {
            return;
        }

        if (happened.Fate == SignalFate.Handled)
        {
            ulong page = happened.Info.Address.PageBase.Raw;
            _handled[page] = _handled.GetValueOrDefault(page) + 1;
        }
        else if (happened.Fate == SignalFate.Fatal)
        {
            Fatal = happened.Info;
        }
    }

    /// <summary>The pages as text, the first few of them.</summary>
    public string PagesText(int most)
    {
        string shown = string.Join(' ', _handled.Keys.Take(most).Select(page => new VirtAddr(page).ToString()));
        return _handled.Count > most ? $"{shown} and {_handled.Count - most} more" : shown;
    }

    /// <inheritdoc/>
    public void OnFault(in FaultEvent happened)
    {
    }

    /// <inheritdoc/>
    public void OnWalk(in WalkEvent happened)
    {
    }

    /// <inheritdoc/>
    public void OnSyscall(in SyscallEvent happened)
    {
    }

    /// <inheritdoc/>
    public void OnMemory(in MemoryEvent happened)
    {
    }

    /// <inheritdoc/>
    public void OnMark(in MarkEvent happened)
    {
    }

    /// <inheritdoc/>
    public void OnTask(in TaskEvent happened)
    {
    }
}
