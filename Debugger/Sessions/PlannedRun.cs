using MmuEmu.Kernel.Files;
using MmuEmu.Kernel.Run;

namespace MmuEmu.Debugger.Sessions;

/// <summary>What a command line asks for.</summary>
/// <param name="Options">The run; streams and trace are the caller's to add.</param>
/// <param name="Typed">The run as the user typed it, for hints that can be typed again.</param>
/// <param name="Notes">Lines that the user should be told before the run.</param>
internal sealed record PlannedRun(KernelOptions Options, TypedRun Typed, IReadOnlyList<string> Notes)
{
    /// <summary>What a report keeps of it.</summary>
    public required RunRecord Record { get; init; }

    /// <summary>What the guest reads, when a report says it; null for the command's own standard input.</summary>
    public IHostStream? Input { get; init; }

    /// <summary>The run that is repeated; null for a run of its own.</summary>
    public PastRun? Past { get; init; }

    /// <summary>Where the host ended the run that is repeated; null to run to the end.</summary>
    public RunCut? Cut => Past?.Cut;

    /// <summary>The file that a recording is written to; null for none.</summary>
    public string? RecordTo { get; init; }

    /// <summary>Time of the host after which the run is ended; null for none.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>The pressure rules are the user's, not the catalogue's.</summary>
    public bool RulesAreTyped { get; init; }

    /// <summary>What was asked for and did not come is nothing to tell.</summary>
    public bool AllowUnfired { get; init; }

    /// <summary>The streams as the guest may know them.</summary>
    /// <remarks>
    /// A program that ships prints the same, by the same system calls, into a terminal and into a file; so does one whose run is repeated.
    /// </remarks>
    public GuestStreams StreamsOf(GuestStreams streams) => Options.ProgramPath is null && Input is null
        ? streams
        : new GuestStreams(Input ?? new PlainStream(streams.Input), new PlainStream(streams.Output), new PlainStream(streams.Error));

    /// <summary>Runs to the end; what the host cut short before is cut at the same T.</summary>
    public RunResult RunOn(MiniKernel kernel)
    {
        if (Cut is null)
        {
            return kernel.Run();
        }

        RunResult result = kernel.Run(StopAt.Between(Cut.Time));
        if (result.Reason != EndReason.Paused)
        {
            return result;
        }

        kernel.AskPause();
        return kernel.Run();
    }
}
