using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Files;
using MmuEmu.Kernel.Frames;
using MmuEmu.Kernel.Memory;
using MmuEmu.Kernel.Mm;
using MmuEmu.Kernel.Vmas;

namespace MmuEmu.Kernel.Syscalls;

/// <summary>Mappings of huge pages of the pool: by MAP_HUGETLB, and by the two calls of 2.5.36 that came before it.</summary>
/// <remarks>Source: [Linux mm/mmap.c, ksys_mmap_pgoff; mm/hugetlb.c]; [Linux man-pages, alloc_hugepages(2)].</remarks>
internal static class HugeMapping
{
    private const string AnonymousName = "/anon_hugepage (deleted)";
    private const ulong Create = 0x200;

    /// <summary>Puts a file of hugetlb without a name behind an anonymous request.</summary>
    /// <returns>None; ENOMEM when the pool has too few pages to promise.</returns>
    public static Refusal Anonymous(MemorySystem mem, AddressSpace space, bool shared, ref MapRequest request)
    {
        ulong length = MapBits.HugeAlign(request.LengthBytes);
        bool promise = (request.Flags & MapFlags.NoReserve) == 0;
        if (!HugeContent.Create(mem, AnonymousName, length, shared ? null : space, promise).Has(out HugeContent? content, out Refusal refusal))
        {
            return refusal;
        }

        request = request with { Backing = content, LengthBytes = length, Label = AnonymousName };
        return Refusal.None;
    }

    /// <summary>Makes the mapping; what was promised for one that fails is given back.</summary>
    public static Result<VirtAddr> Place(MemorySystem mem, AddressSpace space, MapRequest request)
    {
        Result<VirtAddr> placed = Map.Place(mem, space, request);
        (request.Backing as HugeContent)?.Unlinked();
        return placed;
    }

    /// <summary><c>alloc_hugepages</c> of 2.5.36: key, address, length, protection, flag.</summary>
    /// <returns>The address; ENOSYS in other profiles; EINVAL for a length or address that is no multiple of 2 MiB, or a negative key; ENOENT for a
    /// key that nobody made; ENOMEM when the pool is too small.</returns>
    public static SyscallOutcome Alloc(in SyscallCall call)
    {
        MemorySystem mem = call.System.Memory;
        int key = unchecked((int)call.A0);
        if (!mem.Profile.Has(ProfileSwitches.HugeCalls))
        {
            return new Refusal(Errno.ENOSYS, ErrnoCause.NotInProfile);
        }

        if (call.A2 == 0 || !HugePage.IsAligned(call.A2) || !HugePage.IsAligned(call.A1) || key < 0)
        {
            return new Refusal(Errno.EINVAL, ErrnoCause.HugePageCut);
        }

        MapRequest request = new()
        {
            Address = new VirtAddr(call.A1),
            LengthBytes = call.A2,
            Prot = (Prot)call.A3 & (Prot.Read | Prot.Write | Prot.Exec),
            Flags = MapFlags.HugeTlb | (key == 0 ? MapFlags.Private : MapFlags.Shared),
            Top = new VirtAddr(MemorySyscalls.CompatTop),
            Extra = key == 0 ? VmFlags.DontCopy : VmFlags.None,
            Label = AnonymousName,
        };
        return SyscallOutcome.Of(key == 0 ? Private(call, request) : OfKey(call, key, request));
    }

    /// <summary><c>free_hugepages</c> of 2.5.36: the address that alloc_hugepages gave.</summary>
    /// <returns>0; ENOSYS in other profiles; EINVAL when no such pages begin there.</returns>
    public static SyscallOutcome Free(in SyscallCall call)
    {
        MemorySystem mem = call.System.Memory;
        if (!mem.Profile.Has(ProfileSwitches.HugeCalls))
        {
            return new Refusal(Errno.ENOSYS, ErrnoCause.NotInProfile);
        }

        return call.Space.FindVma(new VirtAddr(call.A0)) is { } vma && vma.Start.Raw == call.A0 && vma.Has(VmFlags.HugeTlb)
            ? Unmap.Range(mem, call.Space, vma.Range)
            : new Refusal(Errno.EINVAL, ErrnoCause.NoSegmentThere);
    }

    private static Result<VirtAddr> Private(in SyscallCall call, MapRequest request)
    {
        Refusal refusal = Anonymous(call.System.Memory, call.Space, shared: false, ref request);
        return refusal == Refusal.None ? Place(call.System.Memory, call.Space, request) : refusal;
    }

    /// <summary>Pages that all who know the key share: a segment that lives as long as it is mapped.</summary>
    private static Result<VirtAddr> OfKey(in SyscallCall call, int key, MapRequest request)
    {
        MemorySystem mem = call.System.Memory;
        KeyedHugePages keyed = call.System.Files.HugeKeys;
        if (keyed.Find(key) is { } found)
        {
            bool fits = request.LengthBytes <= found.SizeBytes;
            return fits ? Map.Place(mem, call.Space, request with { Backing = found }) : new Refusal(Errno.EINVAL, ErrnoCause.SegmentShorter);
        }

        if ((call.A4 & Create) == 0)
        {
            return new Refusal(Errno.ENOENT, ErrnoCause.SegmentUnknown);
        }

        if (!HugeContent.Create(mem, AnonymousName, request.LengthBytes, null, promise: true).Has(out HugeContent? made, out Refusal refusal))
        {
            return refusal;
        }

        keyed.Add(key, made);
        return Place(mem, call.Space, request with { Backing = made });
    }
}
