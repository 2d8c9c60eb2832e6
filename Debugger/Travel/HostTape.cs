using MmuEmu.Debugger.Recordings;
using MmuEmu.Kernel.Abi;

namespace MmuEmu.Debugger.Travel;

/// <summary>A run's tapes as travelling sees them.</summary>
/// <param name="tapes">They.</param>
internal sealed class HostTape(RunTapes tapes) : IHostTape
{
    private readonly List<(Moment When, Signal Signal)> _signals = [.. tapes.Signals.Sent.Select(sent => (new Moment(sent.Time, sent.Step), sent.Signal))];

    /// <summary>The tapes.</summary>
    public RunTapes Tapes => tapes;

    /// <inheritdoc/>
    public int Position
    {
        get => tapes.Input.Position;
        set => tapes.Input.Position = value;
    }

    /// <inheritdoc/>
    public IReadOnlyList<(Moment When, Signal Signal)> Signals => _signals;

    /// <inheritdoc/>
    public void Sent(Moment when, Signal signal)
    {
        if (_signals.Count == 0 || _signals[^1].When < when || (_signals[^1].When == when && !_signals.Contains((when, signal))))
        {
            _signals.Add((when, signal));
            tapes.Signals.Add(new SentSignal(when.Time, when.Step, signal));
        }
    }

    /// <inheritdoc/>
    public void Type(Moment now, ReadOnlySpan<byte> text) => tapes.Input.Type(now.Time, text);

    /// <inheritdoc/>
    public void Cut(Moment now)
    {
        tapes.Input.Cut(now.Time);
        tapes.Signals.Cut(now.Time, now.Step);
        _signals.RemoveAll(sent => sent.When >= now);
    }
}
