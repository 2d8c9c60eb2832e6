namespace MmuEmu.Debugger.Travel;

/// <summary>What one thread has called since a step began, told from its instructions.</summary>
/// <param name="flow">Which instructions call and return.</param>
internal sealed class CallStack(Flow flow)
{
    private const ulong RestorerBytes = 16;
    private readonly Stack<(ulong Rip, ulong Rsp)> _returns = new();
    private ulong? _ending;

    /// <summary>Calls and signal handlers that are not over.</summary>
    public int Depth => _returns.Count;

    /// <summary>The thread has gone from <paramref name="before"/> to <paramref name="now"/>.</summary>
    public void Forward(TrailPoint before, TrailPoint now)
    {
        if (IsHandler(before, now))
        {
            _returns.Push((before.Rip, before.Rsp));
        }
        else if (flow.Calls(before.Rip))
        {
            _returns.Push((before.Rip + (ulong)flow.LengthOf(before.Rip), before.Rsp));
        }

        // Behind a longjmp or an exception several frames are gone at once.
        while (_returns.TryPeek(out (ulong Rip, ulong Rsp) top) && (now.Rsp > top.Rsp || (now.Rsp == top.Rsp && now.Rip == top.Rip)))
        {
            _returns.Pop();
        }
    }

    /// <summary>The thread is followed back from <paramref name="later"/> to <paramref name="now"/>.</summary>
    public void Backward(TrailPoint later, TrailPoint now)
    {
        if (IsHandler(now, later))
        {
            Leave();
        }
        else if (flow.Calls(now.Rip))
        {
            Leave();
        }
        else if (IsSignalReturn(later, now))
        {
            _ending = now.Rip;
            _returns.Push((later.Rip, later.Rsp));
        }
        else if (flow.Returns(now.Rip))
        {
            // A handler returns into the code that makes rt_sigreturn: both end one and the same handler.
            if (_ending is { } ending && ending - later.Rip <= RestorerBytes)
            {
                _ending = null;
                return;
            }

            _returns.Push((later.Rip, later.Rsp));
        }
    }

    /// <summary>True when the instruction of <paramref name="before"/> was given up for a signal, whose handler <paramref name="now"/> begins.</summary>
    public static bool IsHandler(TrailPoint before, TrailPoint now) => before.Time == now.Time && before.Rip != now.Rip;

    private static bool IsSignalReturn(TrailPoint later, TrailPoint now) =>
        later.Time == now.Time + 1 && later.Rsp > now.Rsp + 256 && (later.Rip - now.Rip) > 16;

    private void Leave()
    {
        if (_returns.Count > 0)
        {
            _returns.Pop();
        }
    }
}
