using MmuEmu.Debugger.Sessions;
using MmuEmu.Kernel.Files;

namespace MmuEmu.Debugger.Recordings;

/// <summary>A run as it was recorded: what runs, and all that came from the host into it.</summary>
/// <param name="File">The recording's name as it was typed.</param>
/// <param name="Run">What runs and how.</param>
internal sealed record Recording(string File, RecordedRun Run)
{
    /// <summary>Answers of the streams.</summary>
    public required TapeNotes Notes { get; init; }

    /// <summary>Answers of the disk.</summary>
    public required IReadOnlyList<DiskAnswer> Disk { get; init; }

    /// <summary>Signals of the terminal.</summary>
    public required SignalTape Signals { get; init; }

    /// <summary>Moments of the run that can be known again, earliest first.</summary>
    public required IReadOnlyList<RecordedMoment> Checkpoints { get; init; }

    /// <summary>What was noted of the run's parts, in their order.</summary>
    public required IReadOnlyList<SegmentSummary> Segments { get; init; }

    /// <summary>How the run ended; null when the recording was cut short before.</summary>
    public required RecordedEnd? End { get; init; }

    /// <summary>Bytes of the file up to its last whole chunk.</summary>
    public required long WholeBytes { get; init; }

    /// <summary>Bytes of the file.</summary>
    public required long FileBytes { get; init; }

    /// <summary>Kinds of chunks that this program does not know and has passed over.</summary>
    public required IReadOnlyList<string> Skipped { get; init; }

    /// <summary>The recording does not reach to the end of its run.</summary>
    public bool IsCut => End is null;

    /// <summary>The bytes of the guest's own file; null when the recording does not hold them.</summary>
    public byte[]? Program => Run.ProgramHash is null ? null
        : Disk.FirstOrDefault(answer => answer.File?.Track.Hash == Run.ProgramHash && answer.File.Content is not null)?.File?.Content;

    /// <summary>The tapes, to be answered again.</summary>
    /// <param name="shows">Where output goes when it is written the first time; null for nowhere.</param>
    /// <param name="host">Where files are whose bytes the recording does not hold.</param>
    public RunTapes Tapes(GuestStreams? shows, IHostDisk host) => new(InputTape.Again(Notes, Run.Kinds, shows), DiskTape.Again(Disk, host), Signals);

    /// <summary>Lines that a user should be told of the recording.</summary>
    public IEnumerable<string> Remarks()
    {
        if (Run.Version != RunSchema.Version)
        {
            yield return $"'{File}' was written by version {Run.Version}, this is {RunSchema.Version}: the run may differ";
        }

        if (IsCut)
        {
            yield return $"'{File}' is cut short: it has {WholeBytes} whole bytes of {FileBytes}, and not the end of its run";
        }

        if (Skipped.Count > 0)
        {
            yield return $"'{File}' holds what this version does not know, and passes over: {string.Join(", ", Skipped)}";
        }
    }
}

/// <summary>A moment of a run that can be known again.</summary>
/// <param name="Time">T.</param>
/// <param name="Step">Which of the run's steps at that T.</param>
/// <param name="Hash">SHA-256 of what the run was then, in lower-case hexadecimal digits; of what exactly is its maker's to say.</param>
internal readonly record struct RecordedMoment(ulong Time, uint Step, string Hash);

/// <summary>What was noted of a part of a run; what the bytes mean is their maker's to say.</summary>
/// <param name="Version">The version of their layout.</param>
/// <param name="Bytes">The bytes.</param>
internal sealed record SegmentSummary(uint Version, byte[] Bytes);

/// <summary>What went out of a stream.</summary>
/// <param name="Length">How many bytes.</param>
/// <param name="Hash">SHA-256 of them in lower-case hexadecimal digits.</param>
internal readonly record struct OutputTrack(ulong Length, string Hash);

/// <summary>How a run ended.</summary>
/// <param name="Reason">Why, as one word of <see cref="Verdict.Reason"/>.</param>
/// <param name="Status">The exit status of the command.</param>
/// <param name="Signal">The number of the signal that ended the guest; 0 for none.</param>
/// <param name="Cut">Where and why the host ended it; null when it came to its own end.</param>
/// <param name="Left">What it left.</param>
internal sealed record RecordedEnd(string Reason, int Status, int Signal, RunCut? Cut, RunTrack Left)
{
    /// <summary>What went out of each of the three streams.</summary>
    public required IReadOnlyList<OutputTrack> Outputs { get; init; }
}
