namespace MmuEmu.Debugger.Source;

/// <summary>To what the numbers in the entries of a unit are relative.</summary>
/// <param name="Shape">The unit's sizes.</param>
/// <param name="StrOffsets">Where its names by number begin in .debug_str_offsets.</param>
/// <param name="Addr">Where its addresses by number begin in .debug_addr.</param>
/// <param name="RngLists">Where its range lists by number begin in .debug_rnglists.</param>
/// <param name="LowPc">The address to which its range lists are relative.</param>
internal readonly record struct UnitBases(UnitShape Shape, ulong StrOffsets, ulong Addr, ulong RngLists, ulong LowPc);
