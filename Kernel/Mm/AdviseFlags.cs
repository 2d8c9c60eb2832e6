using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Vmas;

namespace MmuEmu.Kernel.Mm;

/// <summary>Advice that is a property of the mapping.</summary>
/// <remarks>Source: [Linux mm/madvise.c, madvise_vma_behavior].</remarks>
internal static class AdviseFlags
{
    private const VmFlags Reading = VmFlags.RandRead | VmFlags.SeqRead;

    public static Refusal Normal(in AdviceSite site) => Set(site, VmFlags.None, Reading);

    public static Refusal Random(in AdviceSite site) => Set(site, VmFlags.RandRead, Reading);

    public static Refusal Sequential(in AdviceSite site) => Set(site, VmFlags.SeqRead, Reading);

    public static Refusal DontFork(in AdviceSite site) => Set(site, VmFlags.DontCopy, VmFlags.None);

    public static Refusal DoFork(in AdviceSite site) => Set(site, VmFlags.None, VmFlags.DontCopy);

    public static Refusal Mergeable(in AdviceSite site) => Set(site, VmFlags.Mergeable, VmFlags.None);

    public static Refusal Unmergeable(in AdviceSite site) => Set(site, VmFlags.None, VmFlags.Mergeable);

    public static Refusal HugePage(in AdviceSite site) => Set(site, VmFlags.HugePage, VmFlags.NoHugePage);

    public static Refusal NoHugePage(in AdviceSite site) => Set(site, VmFlags.NoHugePage, VmFlags.HugePage);

    public static Refusal DontDump(in AdviceSite site) => Set(site, VmFlags.DontDump, VmFlags.None);

    public static Refusal DoDump(in AdviceSite site) =>
        site.Vma.Flags.HasAny(VmFlagsOps.Special) ? new Refusal(Errno.EINVAL, ErrnoCause.MappingSpecial) : Set(site, VmFlags.None, VmFlags.DontDump);

    /// <summary>Refuses what a child could not lose alone: memory that is shared or has a file.</summary>
    /// <remarks>Source: [Linux mm/madvise.c, madvise_vma_behavior, MADV_WIPEONFORK].</remarks>
    public static Refusal WipeOnFork(in AdviceSite site)
    {
        if (!site.Vma.IsAnonymous)
        {
            return new Refusal(Errno.EINVAL, ErrnoCause.MappingHasFile);
        }

        return site.Vma.Has(VmFlags.Shared) ? new Refusal(Errno.EINVAL, ErrnoCause.MappingShared) : Set(site, VmFlags.WipeOnFork, VmFlags.None);
    }

    public static Refusal KeepOnFork(in AdviceSite site) => Set(site, VmFlags.None, VmFlags.WipeOnFork);

    /// <summary>Refuses mappings whose faults a file would serve: there the flag could never act (U-002).</summary>
    public static Refusal UserFault(in AdviceSite site) =>
        site.Vma.IsAnonymous ? Set(site, VmFlags.UserFault, VmFlags.None) : new Refusal(Errno.EINVAL, ErrnoCause.MappingHasFile);

    public static Refusal NoUserFault(in AdviceSite site) =>
        site.Vma.IsAnonymous ? Set(site, VmFlags.None, VmFlags.UserFault) : new Refusal(Errno.EINVAL, ErrnoCause.MappingHasFile);

    /// <summary>Changes the flags of the part, splitting and joining as needed; ENOMEM of a split becomes EAGAIN (U-008).</summary>
    private static Refusal Set(in AdviceSite site, VmFlags set, VmFlags clear)
    {
        VmFlags flags = (site.Vma.Flags & ~clear) | set;
        if (flags == site.Vma.Flags)
        {
            return Refusal.None;
        }

        if (Cut.Out(site.Mem, site.Space, site.Part) is var refusal && refusal != Refusal.None)
        {
            VmaEdit.Join(site.Space, site.Part);
            return refusal.Errno == Errno.ENOMEM ? refusal with { Errno = Errno.EAGAIN } : refusal;
        }

        site.Space.FindVma(site.Part.Start)!.Flags = flags;
        VmaEdit.Join(site.Space, site.Part);
        return Refusal.None;
    }
}
