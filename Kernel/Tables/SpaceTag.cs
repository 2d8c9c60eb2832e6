using MmuEmu.Emulator.Values;

namespace MmuEmu.Kernel.Tables;

/// <summary>How page tables and TLBs name an address space.</summary>
/// <param name="Id">The kernel's number of the space; never used again.</param>
/// <param name="Root">The frame of its PML4.</param>
/// <param name="Pcid">Its process-context identifier, 0 to 4095.</param>
internal readonly record struct SpaceTag(int Id, Pfn Root, ushort Pcid);
