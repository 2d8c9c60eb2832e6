namespace MmuEmu.Debugger.Source;

/// <summary>A function with code, or a call whose code stands in its caller.</summary>
/// <param name="Entry">Where in .debug_info it is described.</param>
/// <param name="Caller">The number of the scope whose code it stands in; -1 for a function of its own.</param>
/// <param name="CallFile">For a call: the number of the file that has it.</param>
/// <param name="CallLine">For a call: its line; 0 when that is not told.</param>
/// <param name="CallColumn">For a call: its column; 0 when that is not told.</param>
internal readonly record struct CodeScope(ulong Entry, int Caller, int CallFile, int CallLine, int CallColumn);
