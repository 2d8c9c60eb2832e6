using MmuEmu.Debugger.Sessions;
using MmuEmu.Kernel.Story;

namespace MmuEmu.Debugger.Exports;

/// <summary>What is exported, and where to.</summary>
/// <param name="Plan">The run.</param>
/// <param name="Window">Which part of it.</param>
/// <param name="Kinds">Which events.</param>
/// <param name="Output">Where the bytes go; left open.</param>
internal sealed record ExportScene(PlannedRun Plan, ExportWindow Window, TraceKinds Kinds, Stream Output)
{
    /// <summary>The guest's file without its folder, which is the host's.</summary>
    public string Guest => Plan.Typed.Guest[(Plan.Typed.Guest.LastIndexOf('/') + 1)..];

    /// <summary>Bytes of the program, when a recording holds them; null to read its file.</summary>
    public byte[]? Program { get; init; }

    /// <summary>A writer of text to <see cref="Output"/>, which lines end in a line feed on every host.</summary>
    public StreamWriter Text() => new(Output, OwnText.Encoding, 1 << 16, leaveOpen: true) { NewLine = "\n" };
}
