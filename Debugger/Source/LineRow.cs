namespace MmuEmu.Debugger.Source;

/// <summary>One row of a line table: from its address on, up to the next row's, the code is of that line.</summary>
/// <param name="Address">Before any load bias.</param>
/// <param name="File">The number of the file in its table.</param>
/// <param name="Line">From 1 on; 0 for code that is of no line.</param>
/// <param name="Column">From 1 on; 0 when it is not told.</param>
/// <param name="IsStatement">is_stmt: a good place to stop.</param>
/// <param name="IsEnd">end_sequence: the address is the first behind the sequence, and the rest says nothing.</param>
/// <remarks>Source: [DWARF5 "State Machine Registers"].</remarks>
internal readonly record struct LineRow(ulong Address, int File, int Line, int Column, bool IsStatement, bool IsEnd);
