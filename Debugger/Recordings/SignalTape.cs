using MmuEmu.Kernel.Abi;

namespace MmuEmu.Debugger.Recordings;

/// <summary>A signal of the terminal that a run was sent.</summary>
/// <param name="Time">T when it was sent.</param>
/// <param name="Step">Which of the run's steps at that T; equal T with more than one step is a run that waits.</param>
/// <param name="Signal">The signal.</param>
internal readonly record struct SentSignal(ulong Time, uint Step, Signal Signal);

/// <summary>The terminal's signals in the order in which they were sent.</summary>
internal sealed class SignalTape
{
    private readonly List<SentSignal> _sent = [];

    /// <summary>All of them.</summary>
    public IReadOnlyList<SentSignal> Sent => _sent;

    /// <summary>Notes one that was sent now.</summary>
    /// <exception cref="ArgumentException">It was sent before the last one.</exception>
    public void Add(in SentSignal signal)
    {
        if (_sent.Count > 0 && IsBefore(signal, _sent[^1].Time, _sent[^1].Step))
        {
            throw new ArgumentException($"{signal} is before {_sent[^1]}", nameof(signal));
        }

        _sent.Add(signal);
    }

    /// <summary>Forgets those that were sent at that moment or later.</summary>
    public void Cut(ulong time, uint step) => _sent.RemoveRange(FirstFrom(time, step), _sent.Count - FirstFrom(time, step));

    /// <summary>The number of the first that was sent at that moment or later; the count of all when there is none.</summary>
    public int FirstFrom(ulong time, uint step)
    {
        (int low, int high) = (0, _sent.Count);
        while (low < high)
        {
            int middle = (low + high) / 2;
            (low, high) = IsBefore(_sent[middle], time, step) ? (middle + 1, high) : (low, middle);
        }

        return low;
    }

    private static bool IsBefore(in SentSignal signal, ulong time, uint step) => signal.Time < time || (signal.Time == time && signal.Step < step);
}
