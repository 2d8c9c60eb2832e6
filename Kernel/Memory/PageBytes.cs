using MmuEmu.Kernel.Frames;

namespace MmuEmu.Kernel.Memory;

/// <summary>Copies whole pages: directly, or by way of windows where the kernel has no mapping of them.</summary>
internal static class PageBytes
{
    /// <summary>Makes <paramref name="to"/> hold what <paramref name="from"/> holds.</summary>
    public static void Copy(MemorySystem mem, PageFrame from, PageFrame to)
    {
        if (mem.Windows is { } windows)
        {
            windows.Copy(from, to);
            return;
        }

        mem.Ram.CopyPage(from.Pfn, to.Pfn);
    }
}
