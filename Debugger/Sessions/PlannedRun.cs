using MmuEmu.Kernel.Run;

namespace MmuEmu.Debugger.Sessions;

/// <summary>What a command line asks for.</summary>
/// <param name="Options">The run; streams and trace are the caller's to add.</param>
/// <param name="Typed">The guest as the user typed it, its root folder before it, for hints that can be typed again.</param>
/// <param name="Notes">Lines that the user should be told before the run.</param>
internal sealed record PlannedRun(KernelOptions Options, string Typed, IReadOnlyList<string> Notes)
{
    /// <summary>The streams as the guest may know them.</summary>
    /// <remarks>A program that ships prints the same, by the same system calls, into a terminal and into a file.</remarks>
    public GuestStreams StreamsOf(GuestStreams streams) => Options.ProgramPath is null
        ? streams
        : new GuestStreams(new PlainStream(streams.Input), new PlainStream(streams.Output), new PlainStream(streams.Error));
}
