namespace MmuEmu.Kernel.Memory;

/// <summary>What becomes of an allocation that finds no frame.</summary>
internal interface IShortageRule
{
    /// <summary>An allocation has found nothing, and may have had somebody killed by now.</summary>
    /// <param name="againNs">Out: the moment on the monotonic clock at which it is to be tried again.</param>
    /// <returns>False when it fails.</returns>
    bool TriesAgain(out ulong againNs);
}
