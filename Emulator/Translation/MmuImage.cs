using MmuEmu.Emulator.Paging;
using MmuEmu.Emulator.Tlb;

namespace MmuEmu.Emulator.Translation;

/// <summary>One MMU at one moment.</summary>
/// <param name="Mode">The control state.</param>
/// <param name="Tlb">Its caches.</param>
/// <param name="Last">What the last translation did.</param>
/// <param name="LastHeld">Whether the translation last walked for was held.</param>
/// <param name="Counters">The counters; nobody changes this copy.</param>
internal sealed record MmuImage(PagingMode Mode, TlbImage Tlb, MmuOutcome Last, bool LastHeld, MmuCounters Counters);
