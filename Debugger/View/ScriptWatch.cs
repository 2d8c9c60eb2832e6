using System.Globalization;
using System.Runtime.InteropServices;
using MmuEmu.Debugger.Travel;
using MmuEmu.Kernel.Abi;

namespace MmuEmu.Debugger.View;

/// <summary>Ends a script when its time is over or the user interrupts the command: the move at work ends, and the script behind it.</summary>
internal sealed class ScriptWatch : IDisposable
{
    private readonly Timer _clock;
    private readonly PosixSignalRegistration _interrupt;
    private readonly TimeSpan? _timeout;
    private volatile bool _isUnwanted;
    private volatile bool _isLate;

    /// <summary>Watches over <paramref name="journey"/>, at most as long as <paramref name="timeout"/> says.</summary>
    public ScriptWatch(Journey journey, TimeSpan? timeout)
    {
        _timeout = timeout;
        _clock = new Timer(_ =>
        {
            _isLate = true;
            journey.Interrupt();
        });
        _clock.Change(timeout ?? Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, context =>
        {
            // A second one ends the command as if nobody listened.
            context.Cancel = !_isUnwanted;
            _isUnwanted = true;
            journey.Interrupt();
        });
    }

    /// <summary>True when the script is to end.</summary>
    public bool IsOver => _isUnwanted || _isLate;

    /// <summary>Why it ends, in line <paramref name="number"/>: a status and words.</summary>
    public CommandException Reason(int number) => _isUnwanted
        ? new CommandException(ExitCodes.SignalBase + (int)Signal.SIGINT, $"interrupted in line {number}: the script ends there", "try: run to, seek and c with places that are nearer")
        : new CommandException(
            ExitCodes.Limit,
            string.Create(CultureInfo.InvariantCulture, $"the time of --timeout, {_timeout.GetValueOrDefault().TotalSeconds} s, was over in line {number}: the script ends there"),
            "try: --timeout with more seconds");

    /// <inheritdoc/>
    public void Dispose()
    {
        _clock.Dispose();
        _interrupt.Dispose();
    }
}
