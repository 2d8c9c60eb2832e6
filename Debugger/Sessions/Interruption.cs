using System.Runtime.InteropServices;
using MmuEmu.Kernel.Run;

namespace MmuEmu.Debugger.Sessions;

/// <summary>What of the host ended a run.</summary>
internal enum InterruptCause
{
    /// <summary>Nothing: it came to its own end.</summary>
    None,

    /// <summary>The time of <c>--timeout</c> is over.</summary>
    Timeout,

    /// <summary>SIGINT, as by Ctrl-C, that is not the guest's.</summary>
    Signal,
}

/// <summary>Ends a run when its time is over, or when the user interrupts the command: the machine pauses between two steps.</summary>
/// <remarks>One more SIGINT then ends the command as if nobody had listened; so does the host, when the run hangs in a call of it.</remarks>
internal sealed class Interruption : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    // Nobody types twice as fast; but timeout(1) signals the command and then its whole group, the command again.
    private static readonly TimeSpan Echo = TimeSpan.FromMilliseconds(150);

    private readonly MiniKernel _kernel;
    private readonly Output _output;
    private readonly TimeSpan? _timeout;
    private readonly Timer _clock;
    private readonly PosixSignalRegistration _signal;
    private readonly TerminalSignals _terminal;
    private int _cause;
    private long? _heard;

    private Interruption(MiniKernel kernel, TimeSpan? timeout, GuestStreams? streams, Output output)
    {
        (_kernel, _output, _timeout) = (kernel, output, timeout);
        _clock = new Timer(_ => TimeIsOver(), null, timeout ?? Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _signal = PosixSignalRegistration.Create(PosixSignal.SIGINT, context => context.Cancel = Interrupt());
        _terminal = TerminalSignals.Of(kernel, streams, output.Seat);
    }

    /// <summary>What came first; None while nothing has come.</summary>
    public InterruptCause Cause => (InterruptCause)Volatile.Read(ref _cause);

    /// <summary>Watches over the runs of <paramref name="kernel"/>, from now on.</summary>
    /// <param name="kernel">The run.</param>
    /// <param name="plan">What was asked for.</param>
    /// <param name="output">Where the user sits.</param>
    /// <param name="streams">The streams as the guest knows them, where a terminal's signals may be its own; null where they are not.</param>
    public static Interruption Of(MiniKernel kernel, PlannedRun plan, Output output, GuestStreams? streams = null) => new(kernel, plan.Timeout, streams, output);

    /// <summary>The run is over: nobody listens any more, the terminal is as it was, and telling of the run may take its time.</summary>
    public void Dispose()
    {
        _signal.Dispose();
        _terminal.Dispose();
        _clock.Dispose();
        _output.Seat.Leave();
    }

    /// <summary>SIGINT: true when the guest or the run takes it, false when the command ends by it.</summary>
    private bool Interrupt()
    {
        long now = TimeProvider.System.GetTimestamp();
        bool isEcho = _heard is { } before && TimeProvider.System.GetElapsedTime(before, now) < Echo;
        _heard = isEcho ? _heard : now;
        bool isTaken = isEcho || (Cause == InterruptCause.None && _terminal.PassInterrupt()) || Ask(InterruptCause.Signal);
        if (!isTaken)
        {
            _output.Seat.Leave();
        }

        return isTaken;
    }

    private bool Ask(InterruptCause cause)
    {
        if (Interlocked.CompareExchange(ref _cause, (int)cause, (int)InterruptCause.None) != (int)InterruptCause.None)
        {
            return false;
        }

        _output.Seat.Interrupt.Ask();
        _kernel.AskPause();
        _clock.Change(Patience, Timeout.InfiniteTimeSpan);
        return true;
    }

    /// <summary>The first time asks the run to pause; the second time it has not.</summary>
    private void TimeIsOver()
    {
        if (!Ask(InterruptCause.Timeout))
        {
            _output.Seat.Leave();
            _output.Say("the run hangs in a call of the host, such as a write into a full pipe, and is given up");
            Environment.Exit(Verdict.StatusOf(Cause));
        }
    }
}
