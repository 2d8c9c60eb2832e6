using MmuEmu.Emulator.Values;

namespace MmuEmu.Kernel.Frames;

/// <summary>The measures of a huge page: 2 MiB, what one entry of a page directory maps.</summary>
internal static class HugePage
{
    /// <summary>log2 of its frames.</summary>
    public const int Order = 9;

    /// <summary>Its frames: 512.</summary>
    public const int Frames = 1 << Order;

    /// <summary>Its bytes: 2 MiB.</summary>
    public const ulong Bytes = (ulong)Frames << 12;

    /// <summary>True for an address at which a huge page may begin.</summary>
    public static bool IsAligned(ulong address) => (address & (Bytes - 1)) == 0;

    /// <summary>The first address of the huge page around <paramref name="address"/>.</summary>
    public static VirtAddr StartOf(VirtAddr address) => new(address.Raw & ~(Bytes - 1));
}
