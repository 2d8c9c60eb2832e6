using MmuEmu.Debugger.Recordings;
using MmuEmu.Kernel.Run;

namespace MmuEmu.Debugger.Travel;

/// <summary>The moments of a recording: the run is compared with each, and known no further than the last.</summary>
/// <param name="moments">They, earliest first.</param>
/// <param name="endsByItself">The run came to its own end, and is not cut where the last one is.</param>
internal sealed class RecordedMilestones(IReadOnlyList<RecordedMoment> moments, bool endsByItself) : IMilestones
{
    private StateChain? _chain;
    private int _next;

    /// <summary>T of the last moment at which the run was what it was; 0 before the first.</summary>
    public ulong Same { get; private set; }

    /// <summary>T of the first moment at which it was not; null while it was at all.</summary>
    public ulong? Departed { get; private set; }

    /// <summary>Compares from now on.</summary>
    public void Begin(MiniKernel kernel) => _chain = new StateChain(kernel);

    /// <inheritdoc/>
    public Moment? Next(Moment now) => _next < moments.Count ? MomentOf(moments[_next]) : null;

    /// <inheritdoc/>
    public bool IsOver(Moment now) => !endsByItself && (moments.Count == 0 || now >= MomentOf(moments[^1]));

    /// <inheritdoc/>
    public void Pass(Moment now)
    {
        if (_next >= moments.Count || MomentOf(moments[_next]) != now)
        {
            return;
        }

        bool same = _chain!.Pass() == moments[_next++].Hash;
        if (Departed is null)
        {
            Same = same ? now.Time : Same;
            Departed = same ? null : now.Time;
        }
    }

    private static Moment MomentOf(RecordedMoment moment) => new(moment.Time, moment.Step);
}
