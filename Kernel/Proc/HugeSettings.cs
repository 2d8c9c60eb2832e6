using System.Globalization;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Files;
using MmuEmu.Kernel.Memory;
using MmuEmu.Kernel.Mm;

namespace MmuEmu.Kernel.Proc;

/// <summary>/sys/kernel/mm/transparent_hugepage/enabled.</summary>
/// <remarks>Source: [Linux mm/huge_memory.c, enabled_show, enabled_store].</remarks>
internal sealed class HugeModeSetting(MemorySystem mem) : ISetting
{
    private static readonly (HugeMode Mode, string Word)[] Words = [(HugeMode.Always, "always"), (HugeMode.Madvise, "madvise"), (HugeMode.Never, "never")];

    /// <inheritdoc/>
    public string Text() => string.Join(' ', Array.ConvertAll(Words, word => word.Mode == mem.Huge.Mode ? $"[{word.Word}]" : word.Word)) + "\n";

    /// <inheritdoc/>
    public Refusal Set(string text)
    {
        foreach ((HugeMode mode, string word) in Words)
        {
            if (word == text)
            {
                mem.Huge.Mode = mode;
                return Refusal.None;
            }
        }

        return Errno.EINVAL;
    }
}

/// <summary>/proc/sys/vm/nr_hugepages: the pages of the pool; written, it grows or shrinks as far as it can.</summary>
/// <remarks>Source: [Linux mm/hugetlb.c, hugetlb_sysctl_handler].</remarks>
internal sealed class HugePoolSetting(MemorySystem mem) : ISetting
{
    /// <inheritdoc/>
    public string Text() => string.Create(CultureInfo.InvariantCulture, $"{mem.Huge.Pool.Total}\n");

    /// <inheritdoc/>
    public Refusal Set(string text)
    {
        if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int pages))
        {
            return Errno.EINVAL;
        }

        HugePoolSize.Set(mem, pages);
        return Refusal.None;
    }
}

/// <summary>/proc/sys/kernel/shm-use-bigpages: segments of shared memory are made of huge pages (K-076).</summary>
internal sealed class HugeSegmentSetting(MemorySystem mem) : ISetting
{
    /// <inheritdoc/>
    public string Text() => mem.Huge.HugeSegments ? "1\n" : "0\n";

    /// <inheritdoc/>
    public Refusal Set(string text)
    {
        if (text is not ("0" or "1"))
        {
            return Errno.EINVAL;
        }

        mem.Huge.HugeSegments = text == "1";
        return Refusal.None;
    }
}
