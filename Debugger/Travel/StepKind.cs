namespace MmuEmu.Debugger.Travel;

/// <summary>How far one step of a thread goes.</summary>
internal enum StepKind
{
    /// <summary>An instruction.</summary>
    Instruction,

    /// <summary>An instruction; what it calls is passed over, and so is a signal's handler.</summary>
    InstructionOver,

    /// <summary>A line of source; what has no source is passed over.</summary>
    Line,

    /// <summary>A line of source; what it calls is passed over.</summary>
    LineOver,

    /// <summary>To the end of the function: behind its return, or backwards to the call of it.</summary>
    Out,
}

/// <summary>Where in the source an instruction lies.</summary>
/// <param name="Line">A number for file and line; equal numbers are equal lines.</param>
/// <param name="IsStart">The line's code begins here, as the compiler marked it.</param>
internal readonly record struct LinePoint(long Line, bool IsStart);
