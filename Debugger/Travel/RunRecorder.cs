using MmuEmu.Debugger.Recordings;
using MmuEmu.Debugger.Sessions;
using MmuEmu.Emulator.Tracing;
using MmuEmu.Kernel.Files;
using MmuEmu.Kernel.Run;

namespace MmuEmu.Debugger.Travel;

/// <summary>Runs a guest as ever, and writes a recording of it while it runs.</summary>
internal sealed class RunRecorder : IMilestones, IDisposable
{
    private readonly RecordingWriter _writer;
    private readonly HostTape _tape;
    private readonly TravelSink _sink = new();
    private StateChain? _chain;
    private Timeline? _line;
    private Moment? _passed;

    private RunRecorder(RecordingWriter writer, HostTape tape) => (_writer, _tape) = (writer, tape);

    /// <summary>The recording holds as much as one may; it ends before its run.</summary>
    public bool IsFull => _writer.IsFull;

    /// <summary>Hears what happens, for the index.</summary>
    public ITraceSink Sink => _sink;

    /// <summary>The streams as the guest knows them.</summary>
    public GuestStreams Streams => _tape.Tapes.Input.Streams;

    /// <summary>A recorder into <paramref name="file"/>, which is made or emptied.</summary>
    /// <exception cref="CommandException">The file cannot be written.</exception>
    public static RunRecorder Begin(string file, PlannedRun plan, GuestStreams streams)
    {
        HostTape tape = new(RunTapes.Of(streams, plan.Options.Disk));
        RecordingWriter writer = RecordingFile.Create(file);
        writer.Begin(RecordedRun.Of(plan, tape.Tapes.Input.Kinds));
        return new RunRecorder(writer, tape);
    }

    /// <summary>The disk as the guest knows it.</summary>
    public IHostDisk Disk => _tape.Tapes.Disk;

    /// <summary>Runs on until the guest ends, or somebody wants a pause.</summary>
    /// <param name="kernel">The run.</param>
    /// <param name="isEnded">True when it was ended from outside.</param>
    public RunResult Run(MiniKernel kernel, Func<bool> isEnded)
    {
        if (_chain is null)
        {
            // What the guest was loaded from is in the file from now on, however early the run is killed.
            _chain = new StateChain(kernel);
            Pass(new Moment(kernel.Moment.Time, kernel.Moment.Step));
        }

        _line ??= new Timeline(new Stage(kernel, _sink, _tape), new TimelineRules { Milestones = this, OnlyForward = true });
        while (_line.Extend(Watcher.None) is not null)
        {
            if (_line.End is null && _line.Last!.Reason == EndReason.Interrupted && (!_line.IsFull || isEnded()))
            {
                return _line.Last;
            }
        }

        return _line.End!;
    }

    /// <summary>The run is over: writes how.</summary>
    /// <param name="kernel">The run.</param>
    /// <param name="verdict">What is made of it.</param>
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
