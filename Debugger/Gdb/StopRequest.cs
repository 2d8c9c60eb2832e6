using MmuEmu.Debugger.Travel;

namespace MmuEmu.Debugger.Gdb;

/// <summary>The other end wants a stop; it may say so at any moment of a move, and it is heard.</summary>
/// <param name="journey">Who moves.</param>
internal sealed class StopRequest(Journey journey) : IDisposable
{
    private static readonly TimeSpan Again = TimeSpan.FromMilliseconds(50);
    private readonly Lock _gate = new();
    private Timer? _timer;
    private bool _moving;
    private bool _waits;
    private volatile bool _asked;

    /// <summary>True once it was said in this move.</summary>
    public bool IsAsked => _asked;

    /// <summary>A move begins; what was said since the last one holds for it.</summary>
    /// <remarks>
    /// A debugger that evaluates a condition at each stop says it whenever its user does, and often that is between two moves. One that has
    /// heard of a stop only afterwards stops once more, as with a debugger's server under Linux.
    /// </remarks>
    public void Begin()
    {
        lock (_gate)
        {
            (_moving, _asked, _waits) = (true, _waits, false);
        }
    }

    /// <summary>Somebody else is at the other end: what was said before means nothing.</summary>
    public void Forget()
    {
        lock (_gate)
        {
            _waits = false;
        }
    }

    /// <summary>The move is over.</summary>
    public void End()
    {
        lock (_gate)
        {
            _moving = false;
            _timer?.Dispose();
            _timer = null;
        }
    }

    /// <summary>Asks, from any thread: the move at work to end, or the next one.</summary>
    public void Ask()
    {
        lock (_gate)
        {
            _waits = !_moving;
            if (_moving)
            {
                // A part of a move that begins just now forgets what was asked before: it is asked until the move is over.
                _asked = true;
                _timer ??= new Timer(_ => Press(), null, TimeSpan.Zero, Again);
            }
        }
    }

    /// <summary>Asks the move at work to end, if there is one: nobody waits for it any more.</summary>
    public void GiveUp()
    {
        lock (_gate)
        {
            if (_moving)
            {
                Ask();
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => End();

    private void Press()
    {
        lock (_gate)
        {
            if (_moving)
            {
                journey.Interrupt();
            }
        }
    }
}
