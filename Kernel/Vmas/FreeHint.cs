using MmuEmu.Emulator.Values;

namespace MmuEmu.Kernel.Vmas;

/// <summary>What a search for free addresses, downwards from the top, found out.</summary>
/// <param name="Top">Where it began.</param>
/// <param name="From">A free gap whose lowest byte lies at or above this, and below the top, has at most <paramref name="Largest"/> bytes.</param>
/// <param name="Largest">Bytes.</param>
internal readonly record struct FreeHint(VirtAddr Top, VirtAddr From, ulong Largest)
{
    /// <summary>Where a search for <paramref name="length"/> bytes below <paramref name="top"/> may begin without missing the highest place.</summary>
    public VirtAddr StartFor(VirtAddr top, ulong length) => top == Top && length > Largest ? From : top;
}
