using System.Runtime.InteropServices;

namespace MmuEmu.Debugger.Screens;

/// <summary>Tells a screen what the host signals, and gives the terminal back before a signal ends the command.</summary>
internal sealed class ScreenSignals : IDisposable
{
    private readonly List<PosixSignalRegistration> _registrations = [];

    private ScreenSignals()
    {
    }

    /// <summary>Listens from now on.</summary>
    public static ScreenSignals Of(TerminalScreen screen)
    {
        ScreenSignals signals = new();
        foreach (PosixSignal end in (PosixSignal[])[PosixSignal.SIGTERM, PosixSignal.SIGHUP, PosixSignal.SIGQUIT, PosixSignal.SIGINT])
        {
            signals.On(end, screen.Dispose, isAnswered: false);
        }

        if (!OperatingSystem.IsWindows())
        {
            signals.On(PosixSignal.SIGTSTP, screen.Suspend, isAnswered: true);
            signals.On(PosixSignal.SIGCONT, screen.Resume, isAnswered: false);
            signals.On(PosixSignal.SIGWINCH, screen.TakeSize, isAnswered: false);
        }

        return signals;
    }

    /// <summary>Nobody listens any more.</summary>
    public void Dispose() => _registrations.ForEach(one => one.Dispose());

    private void On(PosixSignal signal, Action act, bool isAnswered) => _registrations.Add(PosixSignalRegistration.Create(signal, context =>
    {
        act();
        context.Cancel = isAnswered;
    }));
}
