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
    private volatile bool _asked;

    /// <summary>True once it was said in this move.</summary>
    public bool IsAsked => _asked;

    /// <summary>A move begins.</summary>
    public void Begin()
    {
        lock (_gate)
        {
            (_moving, _asked) = (true, false);
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

    /// <summary>Asks, from any thread; nothing happens when there is no move.</summary>
    public void Ask()
    {
        lock (_gate)
        {
            if (_moving)
            {
                // A part of a move that begins just now forgets what was asked before: it is asked until the move is over.
                _asked = true;
                _timer ??= new Timer(_ => Press(), null, TimeSpan.Zero, Again);
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
