using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Vmas;

namespace MmuEmu.Kernel.Mm;

/// <summary>Advice that is a property of the mapping.</summary>
/// <remarks>Source: [Linux mm/madvise.c, madvise_vma_behavior].</remarks>
internal static class AdviseFlags
{
    private const VmFlags Reading = VmFlags.RandRead | VmFlags.SeqRead;

    public static Errno Normal(in AdviceSite site) => Set(site, VmFlags.None, Reading);

    public static Errno Random(in AdviceSite site) => Set(site, VmFlags.RandRead, Reading);

    public static Errno Sequential(in AdviceSite site) => Set(site, VmFlags.SeqRead, Reading);

    public static Errno DontFork(in AdviceSite site) => Set(site, VmFlags.DontCopy, VmFlags.None);

    public static Errno DoFork(in AdviceSite site) => Set(site, VmFlags.None, VmFlags.DontCopy);

    public static Errno Mergeable(in AdviceSite site) => Set(site, VmFlags.Mergeable, VmFlags.None);

    public static Errno Unmergeable(in AdviceSite site) => Set(site, VmFlags.None, VmFlags.Mergeable);

    public static Errno HugePage(in AdviceSite site) => Set(site, VmFlags.HugePage, VmFlags.NoHugePage);

    public static Errno NoHugePage(in AdviceSite site) => Set(site, VmFlags.NoHugePage, VmFlags.HugePage);

    public static Errno DontDump(in AdviceSite site) => Set(site, VmFlags.DontDump, VmFlags.None);

    public static Errno DoDump(in AdviceSite site) =>
        site.Vma.Flags.HasAny(VmFlagsOps.Special) ? Errno.EINVAL : Set(site, VmFlags.None, VmFlags.DontDump);

    /// <summary>Refuses mappings whose faults a file would serve: there the flag could never act (U-002).</summary>
    public static Errno UserFault(in AdviceSite site) =>
        site.Vma.IsAnonymous ? Set(site, VmFlags.UserFault, VmFlags.None) : Errno.EINVAL;

    public static Errno NoUserFault(in AdviceSite site) =>
        site.Vma.IsAnonymous ? Set(site, VmFlags.None, VmFlags.UserFault) : Errno.EINVAL;

    /// <summary>Changes the flags of the part, splitting and joining as needed; ENOMEM of a split becomes EAGAIN (U-008).</summary>
    private static Errno Set(in AdviceSite site, VmFlags set, VmFlags clear)
    {
        VmFlags flags = (site.Vma.Flags & ~clear) | set;
        if (flags == site.Vma.Flags)
        {
            return Errno.None;
        }

        if (VmaEdit.Isolate(site.Space, site.Part) != Errno.None)
        {
            VmaEdit.Join(site.Space, site.Part);
            return Errno.EAGAIN;
        }

        site.Space.FindVma(site.Part.Start)!.Flags = flags;
        VmaEdit.Join(site.Space, site.Part);
        return Errno.None;
    }
}
