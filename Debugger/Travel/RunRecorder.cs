using MmuEmu.Debugger.Recordings;
using MmuEmu.Debugger.Sessions;
using MmuEmu.Emulator.Tracing;
using MmuEmu.Kernel.Files;
using MmuEmu.Kernel.Run;

namespace MmuEmu.Debugger.Travel;

/// <summary>Runs a guest as ever, and writes a recording of it while it runs.</summary>
internal sealed class RunRecorder : IRunTape, IMilestones
{
    private readonly string _file;
    private readonly RecordingWriter _writer;
    private readonly HostTape _tape;
    private readonly ulong? _cutAt;
    private readonly TravelSink _sink = new();
    private StateChain? _chain;
    private Timeline? _line;
    private Moment? _passed;

    private RunRecorder(string file, RecordingWriter writer, HostTape tape, ulong? cutAt) => (_file, _writer, _tape, _cutAt) = (file, writer, tape, cutAt);

    /// <inheritdoc/>
    public ITraceSink Sink => _sink;

    /// <inheritdoc/>
    public GuestStreams Streams => _tape.Tapes.Input.Streams;

    /// <summary>A recorder into <paramref name="file"/>, which is made or emptied.</summary>
    /// <exception cref="CommandException">The file cannot be written.</exception>
    public static RunRecorder Begin(string file, PlannedRun plan, GuestStreams streams)
    {
        HostTape tape = new(RunTapes.Of(streams, plan.Options.Disk));
        RecordingWriter writer = RecordingFile.Create(file);
        writer.Begin(RecordedRun.Of(plan, tape.Tapes.Input.Kinds));
        return new RunRecorder(file, writer, tape, plan.Cut?.Time);
    }

    /// <inheritdoc/>
    public IHostDisk Disk => _tape.Tapes.Disk;

    /// <inheritdoc/>
    public RunResult Run(MiniKernel kernel, Func<bool> isEnded)
    {
        if (_chain is null)
        {
            // What the guest was loaded from is in the file from now on, however early the run is killed.
            _chain = new StateChain(kernel);
            Pass(new Moment(kernel.Moment.Time, kernel.Moment.Step));
        }

        _line ??= new Timeline(new Stage(kernel, _sink, _tape), new TimelineRules { Milestones = this, OnlyForward = true, CutAt = _cutAt });
        return _line.RunOn(isEnded);
    }

    /// <inheritdoc/>
    public void End(MiniKernel kernel, Verdict verdict)
    {
        (ulong time, uint step) = kernel.Moment;
        Pass(new Moment(time, step));
        RunCut? cut = verdict.Cause == InterruptCause.None ? null : new RunCut(verdict.Cause, verdict.Timeout, time);
        _writer.End(new RecordedEnd(verdict.Reason, verdict.Status, (int)verdict.Result.Signal, cut, new RunTrack(time, Convert.ToHexStringLower(kernel.HashRam())))
        {
            Outputs = [.. Enumerable.Range(0, 3).Select(i => new OutputTrack((ulong)_tape.Tapes.Input.Shown(i).Total, _tape.Tapes.Input.HashOf(i)))],
        });
    }

    /// <inheritdoc/>
    public string? Trouble() => _writer.IsFull ? $"'{_file}' is full: it holds as much as a recording may, and ends before its run" : null;

    /// <inheritdoc/>
    public IReadOnlyList<Segment> Foreseen => [];

    /// <inheritdoc/>
    public ulong? ForeseenEnd => null;

    /// <inheritdoc/>
    public Moment? Next(Moment now) => null;

    /// <inheritdoc/>
    public bool IsOver(Moment now) => false;

    /// <inheritdoc/>
    public void Made(Segment piece, RunResult? end) => _writer.Add(SegmentCoding.Write(piece));

    /// <inheritdoc/>
    public void Pass(Moment now)
    {
        if (now == _passed)
        {
            return;
        }

        _passed = now;
        _writer.Add(new RecordedMoment(now.Time, now.Step, _chain!.Pass()));
        _writer.Flush(_tape.Tapes);
    }

    /// <summary>Closes the file.</summary>
    public void Dispose()
    {
        _line?.Dispose();
        _writer.Dispose();
    }
}
