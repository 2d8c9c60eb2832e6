using MmuEmu.Kernel.Run;

namespace MmuEmu.Debugger.Travel;

/// <summary>A run saved at the start of a piece.</summary>
/// <param name="Segment">The piece's number.</param>
/// <param name="Image">The run.</param>
/// <param name="Tape">How much of the host's tape was over.</param>
/// <param name="ObjectBytes">Bytes that were taken to save it beside the pages of RAM: the most that its objects can hold, for what others hold too is not taken again.</param>
internal sealed record Checkpoint(int Segment, RunImage Image, int Tape, long ObjectBytes);
