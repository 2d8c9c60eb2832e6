using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Abi;

namespace MmuEmu.Kernel.Vmas;

/// <summary>The volatile ranges of one file, which hold for all who map it shared, as the floors around vrange see them.</summary>
/// <remarks>Keys are byte offsets in the file. The file tells what happens to it; nothing here reads or writes it but a purge.</remarks>
internal interface IVolatileFile
{
    /// <summary>The key of the page at <paramref name="address"/> of <paramref name="vma"/>, which maps the file: its offset, but for a quirk (V-112).</summary>
    ulong KeyOf(Vma vma, VirtAddr address);

    /// <summary>True when any of the <paramref name="lengthBytes"/> bytes from <paramref name="key"/> on is volatile.</summary>
    bool IsVolatile(ulong key, ulong lengthBytes = 4096);

    /// <summary>True when a touch at <paramref name="address"/> of <paramref name="vma"/>, which maps the file shared and met a purged entry, must be SIGBUS.</summary>
    bool IsPurged(Vma vma, VirtAddr address);

    /// <summary>True when page <paramref name="pageIndex"/> was purged and is volatile still: a mapping made since then must not find zeros (OPEN-11).</summary>
    bool IsLost(ulong pageIndex);

    /// <summary>Makes bytes volatile for everyone who shares the file; what was purged among them stays reported.</summary>
    /// <returns><see cref="Refusal.None"/>; ENOMEM when there is no node to be had, and then nothing changed.</returns>
    Refusal Mark(ulong key, ulong lengthBytes);

    /// <summary>Makes bytes non-volatile for everyone; <paramref name="purged"/> tells the first who asks whether some were lost (V-193).</summary>
    /// <returns><see cref="Refusal.None"/>; ENOMEM when there is no spare node, and then nothing changed.</returns>
    Refusal Unmark(ulong key, ulong lengthBytes, out bool purged);

    /// <summary>Purges every purgeable volatile page of these bytes now.</summary>
    /// <returns>Frames freed.</returns>
    ulong PurgeNow(ulong key, ulong lengthBytes);

    /// <summary>The file was cut: the state of bytes that it has no longer goes with them.</summary>
    void Truncated(ulong sizeBytes);

    /// <summary>One opening of the file ended; v8 as posted forgets everything then (V-201).</summary>
    void OpeningEnded();

    /// <summary>Nobody has the file open or mapped any more: all volatility is cleared (V-200, V-203).</summary>
    void Unused();
}
