using MmuEmu.Debugger.Recordings;
using MmuEmu.Debugger.Rendering;
using MmuEmu.Debugger.Sessions;
using MmuEmu.Emulator.Tracing;
using MmuEmu.Kernel.Run;
using MmuEmu.Kernel.Story;

namespace MmuEmu.Debugger.Travel;

/// <summary>A guest or a recording that somebody travels in.</summary>
internal sealed class TravelSession : IDisposable
{
    private readonly RecordedMilestones? _moments;

    private TravelSession(PlannedRun plan, MiniKernel kernel, HostTape tape, Journey journey, RecordedMilestones? moments) =>
        (Plan, Kernel, Tape, Journey, _moments) = (plan, kernel, tape, journey, moments);

    /// <summary>What happened before the run could be listened to: the begin of the first process.</summary>
    public required IReadOnlyList<TraceEvent> Boot { get; init; }

    /// <summary>What runs and how.</summary>
    public PlannedRun Plan { get; }

    /// <summary>The machine, wherever it stands; whoever wants to see it as it is at a position asks the journey.</summary>
    public MiniKernel Kernel { get; }

    /// <summary>What comes from the host and goes to it.</summary>
    public HostTape Tape { get; }

    /// <summary>The session.</summary>
    public Journey Journey { get; }

    /// <summary>True for a recording, which nothing changes.</summary>
    public bool IsRecording => _moments is not null;

    /// <summary>Starts a guest, which has run nothing then.</summary>
    /// <param name="plan">What runs.</param>
    /// <param name="streams">Its streams.</param>
    /// <param name="rules">What travelling may cost.</param>
    /// <param name="notices">Takes what the user should be told once.</param>
    /// <exception cref="CommandException">The guest or the machine is refused.</exception>
    public static TravelSession Start(PlannedRun plan, GuestStreams streams, TimelineRules rules, Action<Notice> notices)
    {
        HostTape tape = new(RunTapes.Of(streams, plan.Options.Disk));
        KernelOptions options = tape.Tapes.On(plan.Options);
        return On(plan, options, tape, rules, notices, null);
    }

    /// <summary>Opens a recording, of which nothing is run yet.</summary>
    /// <param name="recording">It.</param>
    /// <param name="plan">The run that it tells of.</param>
    /// <param name="shows">Where the guest's output goes when it is written the first time; null for nowhere.</param>
    /// <param name="rules">What travelling may cost.</param>
    /// <param name="notices">Takes what the user should be told once.</param>
    /// <exception cref="CommandException">The guest or the machine is refused, or nothing of the run was recorded.</exception>
    public static TravelSession Open(Recording recording, PlannedRun plan, GuestStreams? shows, TimelineRules rules, Action<Notice> notices)
    {
        RecordingFile.DemandRun(recording);
        HostTape tape = new(recording.Tapes(shows, plan.Options.Disk));
        KernelOptions options = recording.Run.On(plan.Options, tape.Tapes);
        RecordedMilestones moments = new(recording);
        return On(plan, options, tape, rules with { Milestones = moments }, notices, moments);
    }

    /// <summary>What is not as it was, in words; null while all is.</summary>
    public string? Trouble() => _moments?.Departed is null && Journey.End is not null && IsCut ? null : _moments?.Trouble(Tape.Tapes) ?? TapeText.Problem(Tape.Tapes);

    /// <summary>The recording ends before its run did.</summary>
    private bool IsCut => _moments?.IsOver(new Moment(ulong.MaxValue, uint.MaxValue)) == true;

    /// <inheritdoc/>
    public void Dispose()
    {
        Journey.Dispose();
        Kernel.Dispose();
    }

    private static TravelSession On(
        PlannedRun plan, KernelOptions options, HostTape tape, TimelineRules rules, Action<Notice> notices, RecordedMilestones? moments)
    {
        TravelSink sink = new();
        MiniKernel kernel = GuestSession.Start(options with { Trace = sink, Notices = new NoticeOnce(notices).Take });
        moments?.Begin(kernel);
        return new TravelSession(plan, kernel, tape, new Journey(new Course(new Stage(kernel, sink, tape), rules)), moments) { Boot = sink.Boot };
    }

    /// <summary>A run that is run again has the same to say; the user hears it once.</summary>
    private sealed class NoticeOnce(Action<Notice> notices)
    {
        private readonly HashSet<Notice> _told = [];

        public void Take(Notice notice)
        {
            if (_told.Add(notice))
            {
                notices(notice);
            }
        }
    }
}
