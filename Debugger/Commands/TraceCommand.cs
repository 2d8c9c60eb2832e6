using System.CommandLine;

namespace MmuEmu.Debugger.Commands;

/// <summary><c>mmuemu trace</c>: what is done with all that a run tells.</summary>
internal static class TraceCommand
{
    /// <summary>The command and its verbs.</summary>
    public static Command Make(Output output) => new("trace", "Writes what happens in a run for other programs.")
    {
        TraceExportCommand.Make(output),
    };
}
