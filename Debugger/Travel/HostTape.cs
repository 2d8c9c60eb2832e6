using MmuEmu.Debugger.Recordings;
using MmuEmu.Kernel.Abi;

namespace MmuEmu.Debugger.Travel;

/// <summary>The tapes of streams, disk and signals together.</summary>
/// <param name="input">Streams.</param>
/// <param name="disk">The disk.</param>
/// <param name="signals">Signals of the terminal.</param>
internal sealed class HostTape(InputTape input, DiskTape disk, SignalTape signals) : IHostTape
{
    private readonly List<(Moment When, Signal Signal)> _signals = [.. signals.Sent.Select(sent => (new Moment(sent.Time, sent.Step), sent.Signal))];

    /// <summary>Streams.</summary>
    public InputTape Input => input;

    /// <summary>The disk.</summary>
    public DiskTape Disk => disk;

    /// <summary>Signals of the terminal.</summary>
    public SignalTape Recorded => signals;

    /// <inheritdoc/>
    public int Position
    {
        get => input.Position;
        set => input.Position = value;
    }

    /// <inheritdoc/>
    public IReadOnlyList<(Moment When, Signal Signal)> Signals => _signals;

    /// <inheritdoc/>
    public void Sent(Moment when, Signal signal)
    {
        if (_signals.Count == 0 || _signals[^1].When < when || (_signals[^1].When == when && !_signals.Contains((when, signal))))
        {
            _signals.Add((when, signal));
            signals.Add(new SentSignal(when.Time, when.Step, signal));
        }
    }

    /// <summary>What of the host is not what it was; null when all is.</summary>
    public string? Trouble() => input.Departed is { } departed ? $"the run asks its streams for something else than it did: {departed}"
        : disk.Changed is { } changed ? $"a file is not what it was: {changed}"
        : disk.Missing is { } missing ? $"the run asks for a file that the recording does not hold: {missing}"
        : null;
}
