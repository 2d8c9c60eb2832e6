namespace MmuEmu.Emulator.Tlb;

/// <summary>Every translation cache of one core at one moment.</summary>
/// <param name="Arrays">The TLB arrays, each once.</param>
/// <param name="AnyNotHeld">Whether some translation found no array.</param>
/// <param name="Psc">The paging-structure caches by level; null where there is none.</param>
/// <param name="PscForgotten">The region whose forgetting is put off.</param>
internal sealed record TlbImage(TranslationArrayImage[] Arrays, bool AnyNotHeld, TranslationArrayImage?[] Psc, ulong PscForgotten);
