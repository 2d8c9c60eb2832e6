namespace MmuEmu.Emulator.Timing;

/// <summary>Copies of a clock's counters, which nobody changes.</summary>
/// <param name="Loads">As of <see cref="CycleModel.Loads"/>; the others likewise.</param>
/// <param name="Stores">Translations of stores.</param>
/// <param name="Fetches">Translations of fetches.</param>
/// <param name="Walker">Entries that walks read.</param>
/// <param name="LoadLines">Lines of loads.</param>
/// <param name="StoreLines">Lines of stores.</param>
/// <param name="FetchLines">Lines of fetches.</param>
/// <param name="KernelLines">Lines of the kernel.</param>
internal sealed record ClockCounters(
    TranslationCounters Loads, TranslationCounters Stores, TranslationCounters Fetches, WalkerCounters Walker,
    CacheCounters LoadLines, CacheCounters StoreLines, CacheCounters FetchLines, CacheCounters KernelLines)
{
    /// <summary>Copies of the counters of <paramref name="clock"/>.</summary>
    internal static ClockCounters Of(CycleModel clock) => new(
        clock.Loads.Copy(), clock.Stores.Copy(), clock.Fetches.Copy(), clock.Walker.Copy(),
        clock.LoadLines.Copy(), clock.StoreLines.Copy(), clock.FetchLines.Copy(), clock.KernelLines.Copy());

    /// <summary>Gives <paramref name="clock"/> these counts.</summary>
    internal void CopyTo(CycleModel clock)
    {
        clock.Loads.Take(Loads);
        clock.Stores.Take(Stores);
        clock.Fetches.Take(Fetches);
        clock.Walker.Take(Walker);
        clock.LoadLines.Take(LoadLines);
        clock.StoreLines.Take(StoreLines);
        clock.FetchLines.Take(FetchLines);
        clock.KernelLines.Take(KernelLines);
    }
}
