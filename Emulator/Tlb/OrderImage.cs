using MmuEmu.Emulator.Memory;

namespace MmuEmu.Emulator.Tlb;

/// <summary>The lists by age of an array's sets at one moment.</summary>
/// <param name="Links">The links between slots.</param>
/// <param name="Sets">The ends of each set's list.</param>
internal sealed record OrderImage(ArrayImage Links, ArrayImage Sets);
