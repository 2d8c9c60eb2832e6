using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Run;

namespace MmuEmu.Debugger.Sessions;

/// <summary>Passes on what the host's terminal signals, and gives the terminal back before a signal ends or stops the command.</summary>
/// <remarks>
/// A guest lives on a terminal when it knows its standard input and output as one. Only then are Ctrl-C, Ctrl-\ and, for a job of a shell in it,
/// Ctrl-Z the guest's; the second Ctrl-C within a second, or before the guest has read the first, ends the run whatever the guest does.
/// </remarks>
internal sealed class TerminalSignals : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly MiniKernel _kernel;
    private readonly HostSeat _seat;
    private readonly bool _isGuests;
    private readonly List<PosixSignalRegistration> _registrations = [];
    private long? _lastInterrupt;

    private TerminalSignals(MiniKernel kernel, GuestStreams? streams, HostSeat seat)
    {
        (_kernel, _seat) = (kernel, seat);
        _isGuests = seat.Terminal is not null && streams is { Input.IsTerminal: true, Output.IsTerminal: true };
    }

    /// <summary>Listens from now on.</summary>
    /// <param name="kernel">The run.</param>
    /// <param name="streams">The streams as the guest knows them; null for a guest that lives nowhere.</param>
    /// <param name="seat">Where the user sits.</param>
    public static TerminalSignals Of(MiniKernel kernel, GuestStreams? streams, HostSeat seat)
    {
        TerminalSignals signals = new(kernel, streams, seat);
        if (OperatingSystem.IsLinux() && seat.Terminal is not null)
        {
            signals.Listen();
        }

        return signals;
    }

    /// <summary>The user interrupts: true when the guest is to hear of it, false when the run is to end.</summary>
    public bool PassInterrupt()
    {
        if (!_isGuests || !OperatingSystem.IsLinux() || _seat.Terminal is not { } terminal)
        {
            return false;
        }

        long now = TimeProvider.System.GetTimestamp();
        bool isSecond = _lastInterrupt is { } last && TimeProvider.System.GetElapsedTime(last, now) < Patience;
        _lastInterrupt = now;
        if (terminal.TakesInterruptAsByte)
        {
            bool hangs = isSecond && terminal.HasTyped;
            if (!hangs)
            {
                terminal.Type();
            }

            return !hangs;
        }

        if (!isSecond)
        {
            _kernel.AskSignal(Signal.SIGINT);
        }

        return !isSecond;
    }

    /// <summary>Nobody listens any more.</summary>
    public void Dispose() => _registrations.ForEach(one => one.Dispose());

    [SupportedOSPlatform("linux")]
    private void Listen()
    {
        On(PosixSignal.SIGTERM, Leave);
        On(PosixSignal.SIGHUP, Leave);
        On(PosixSignal.SIGQUIT, () => Pass(Signal.SIGQUIT) || Leave());
        On(PosixSignal.SIGTSTP, () => (_kernel.HasForegroundJob && Pass(Signal.SIGTSTP)) || Stop());
        On(PosixSignal.SIGCONT, GoOn);
        On(PosixSignal.SIGWINCH, () => Pass(Signal.SIGWINCH));
    }

    /// <summary>Acts on a signal; the host's own action follows when <paramref name="act"/> answers false.</summary>
    private void On(PosixSignal signal, Func<bool> act) =>
        _registrations.Add(PosixSignalRegistration.Create(signal, context => context.Cancel = act()));

    private bool Pass(Signal signal)
    {
        if (_isGuests)
        {
            _kernel.AskSignal(signal);
        }

        return _isGuests;
    }

    private bool Leave()
    {
        _seat.Leave();
        return false;
    }

    /// <summary>The runtime's own answer to Ctrl-Z is to go on.</summary>
    private bool Stop()
    {
        _ = Leave();
        if (OperatingSystem.IsLinux())
        {
            HostDescriptor.StopSelf();
        }

        return true;
    }

    /// <summary>The runtime's own answer would set the terminal to what it found at its start.</summary>
    private bool GoOn()
    {
        if (OperatingSystem.IsLinux())
        {
            _seat.Terminal?.Resume();
        }

        _ = Pass(Signal.SIGCONT) && Pass(Signal.SIGWINCH);
        return true;
    }
}
