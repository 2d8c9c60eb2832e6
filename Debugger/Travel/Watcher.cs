using MmuEmu.Emulator.Cpu;
using MmuEmu.Emulator.Tracing;

namespace MmuEmu.Debugger.Travel;

/// <summary>Who looks on while a piece of a run is run.</summary>
/// <param name="Kinds">The events that he wants.</param>
/// <param name="Take">Who takes them; null for nobody.</param>
/// <param name="Probe">Who sees each instruction; null for nobody.</param>
internal readonly record struct Watcher(TraceMask Kinds, EventTaker? Take, IInstructionProbe? Probe = null)
{
    /// <summary>Called when the machine stands at the piece's start; null for nothing.</summary>
    public Action? Begin { get; init; }

    /// <summary>Called when it stands at the piece's end; null for nothing.</summary>
    public Action? End { get; init; }

    /// <summary>Nobody.</summary>
    public static Watcher None => default;
}
