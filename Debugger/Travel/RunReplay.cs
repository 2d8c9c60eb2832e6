using MmuEmu.Debugger.Recordings;
using MmuEmu.Debugger.Sessions;
using MmuEmu.Emulator.Tracing;
using MmuEmu.Kernel.Files;
using MmuEmu.Kernel.Run;

namespace MmuEmu.Debugger.Travel;

/// <summary>Plays a recording as a run like any other, and compares the two on the way.</summary>
internal sealed class RunReplay : IRunTape
{
    private readonly Recording _recording;
    private readonly HostTape _tape;
    private readonly RecordedMilestones _moments;
    private readonly TravelSink _sink = new();
    private Timeline? _line;

    /// <summary>A run of <paramref name="recording"/>.</summary>
    /// <param name="recording">It.</param>
    /// <param name="shows">Where the guest's output goes; nothing is read from it.</param>
    /// <param name="disk">Where files are whose bytes the recording does not hold.</param>
    public RunReplay(Recording recording, GuestStreams shows, IHostDisk disk) =>
        (_recording, _tape, _moments) = (recording, new HostTape(recording.Tapes(shows, disk)), new RecordedMilestones(recording));

    /// <inheritdoc/>
    public GuestStreams Streams => _tape.Tapes.Input.Streams;

    /// <inheritdoc/>
    public IHostDisk Disk => _tape.Tapes.Disk;

    /// <inheritdoc/>
    public ITraceSink Sink => _sink;

    /// <summary>What the guest has read from its standard input.</summary>
    public RecordedInput Input => NotedInput.Of(_recording.Notes, _tape.Position);

    /// <inheritdoc/>
    public RunResult Run(MiniKernel kernel, Func<bool> isEnded)
    {
        if (_line is null)
        {
            _moments.Begin(kernel);
            _line = new Timeline(new Stage(kernel, _sink, _tape), new TimelineRules { Milestones = _moments, OnlyForward = true });
        }

        RunResult result = _line.RunOn(isEnded);
        if (result.Reason != EndReason.Paused)
        {
            return result;
        }

        // Here the host ended it then.
        kernel.AskPause();
        return kernel.Run();
    }

    /// <inheritdoc/>
    public void End(MiniKernel kernel, Verdict verdict)
    {
    }

    /// <inheritdoc/>
    public string? Trouble() => _moments.Trouble(_tape.Tapes)
        ?? (_recording.IsCut && _line?.End is { } end ? $"'{_recording.File}' is cut short: it was played to T {end.Time}, where what it holds ends, and the run went on" : null);

    /// <inheritdoc/>
    public void Dispose() => _line?.Dispose();
}
