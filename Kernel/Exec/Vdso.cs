using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Files;
using MmuEmu.Kernel.Mm;
using MmuEmu.Kernel.Tasks;
using MmuEmu.Kernel.Vmas;

namespace MmuEmu.Kernel.Exec;

/// <summary>Puts the vDSO and its page of numbers into a new address space.</summary>
/// <remarks>
/// Between the mmap top and the stack, so that no other mapping lies elsewhere than without it. Source: [Linux arch/x86/entry/vdso/vma.c, map_vdso].
/// </remarks>
internal static class Vdso
{
    /// <summary>How far above the mmap top the two pages lie.</summary>
    private const ulong AboveMmapTop = 64 << 20;

    /// <summary>The image's name in /proc/PID/maps.</summary>
    public const string Name = "[vdso]";


    /// <summary>Maps both.</summary>
    /// <returns>Where the image begins; ENOMEM when a limit forbids it.</returns>
    public static Result<VirtAddr> Place(TaskSystem system, AddressSpace space)
    {
        MapRequest request = new()
        {
            Address = space.MmapTop + AboveMmapTop,
            LengthBytes = 2 * 4096,
            Prot = Prot.None,
        };
        if (!Placement.Choose(space, request, request.LengthBytes).Ok(out VirtAddr at, out Errno errno))
        {
            return errno;
        }

        errno = MapPage(system, space, at, system.VdsoClock.Page, VmFlags.MayRead);
        errno = errno == Errno.None ? MapPage(system, space, at + 4096, system.Vdso, VmFlags.MayRead | VmFlags.MayExec) : errno;
        return errno == Errno.None ? at + 4096 : errno;
    }

    private static Errno MapPage(TaskSystem system, AddressSpace space, VirtAddr at, SpecialPage page, VmFlags may)
    {
        MapRequest request = new()
        {
            Address = at,
            LengthBytes = 4096,
            Prot = may.Has(VmFlags.MayExec) ? Prot.Read | Prot.Exec : Prot.Read,
            Flags = MapFlags.Private | MapFlags.FixedNoReplace,
            Backing = page,
            May = may,
            Extra = VmFlags.DontExpand | VmFlags.DontDump | VmFlags.PfnMap,
            Label = page.Name,
        };
        return Map.Place(system.Memory, space, request).Ok(out _, out Errno errno) ? Errno.None : errno;
    }
}
