using MmuEmu.Emulator.Tracing;
using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Story;

namespace MmuEmu.Debugger.Sessions;

/// <summary>Remembers which pages raised SIGBUS and whether the program went on: what the end of a run is told about.</summary>
internal sealed class NotableSignals : ITraceSink
{
    private readonly SortedDictionary<ulong, int> _handled = [];

    /// <inheritdoc/>
    public TraceMask Wanted { get; } = TraceMask.Of(KernelEvent.Signal);

    /// <summary>Pages whose SIGBUS a handler took, with how often; more than once means it came again after the handler.</summary>
    public IReadOnlyDictionary<ulong, int> HandledPages => _handled;

    /// <inheritdoc/>
    public void Take(in TraceEvent happened)
    {
        if (happened.Detail is SignalDetail { Fate: SignalFate.Handled, Info: { Signal: Signal.SIGBUS, Code: SigCode.BusAdrErr } info })
        {
            ulong page = info.Address.PageBase.Raw;
            _handled[page] = _handled.GetValueOrDefault(page) + 1;
        }
    }

    /// <summary>The pages as text, the first few of them.</summary>
    public string PagesText(int most)
    {
        string shown = string.Join(' ', _handled.Keys.Take(most).Select(page => new VirtAddr(page).ToString()));
        return _handled.Count > most ? $"{shown} and {_handled.Count - most} more" : shown;
    }
}
