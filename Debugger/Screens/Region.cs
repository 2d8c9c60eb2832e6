namespace MmuEmu.Debugger.Screens;

/// <summary>A rectangle of cells.</summary>
/// <param name="Column">Its left column, from 0.</param>
/// <param name="Row">Its upper row, from 0.</param>
/// <param name="Columns">Its width.</param>
/// <param name="Rows">Its height.</param>
internal readonly record struct Region(int Column, int Row, int Columns, int Rows);
