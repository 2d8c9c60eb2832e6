using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Files;
using MmuEmu.Kernel.Memory;
using MmuEmu.Kernel.Mm;
using MmuEmu.Kernel.Vmas;

namespace MmuEmu.Kernel.Syscalls;

/// <summary>mmap, munmap, mprotect and the other calls about mappings.</summary>
/// <remarks>Source: [Linux mm/mmap.c, mm/mprotect.c, mm/madvise.c, mm/mremap.c, mm/mlock.c, mm/mincore.c, mm/msync.c].</remarks>
internal static class MemorySyscalls
{
    /// <summary>Where mappings of INT 80H end: 4 GiB less two pages and the room of a stack. Source: [Linux arch/x86/mm/mmap.c, mmap_base, compat].</summary>
    internal const ulong CompatTop = 0xF7FF_E000;

    private const ulong LockOnFault = 1;
    private const ulong LockCurrent = 1;
    private const ulong LockFuture = 2;
    private const ulong LockAllOnFault = 4;
    private const ulong SyncAsync = 1;
    private const ulong SyncInvalidate = 2;
    private const ulong SyncNow = 4;

    /// <summary><c>mmap</c>.</summary>
    /// <returns>The address; EBADF; EACCES when the file's opening forbids the rights; EPERM when its seals do; ENODEV for what cannot be mapped; EINVAL for an unaligned offset; see <see cref="Map.Place"/>.</returns>
    public static SyscallOutcome Mmap(in SyscallCall call)
    {
        if (!MapBits.Of(call.System.Memory.Profile, (MapFlags)call.A3).Has(out MapFlags flags, out Refusal refusal))
        {
            return refusal;
        }

        MapRequest request = new()
        {
            Address = new VirtAddr(call.A0),
            LengthBytes = call.A1,
            Prot = (Prot)call.A2 & (Prot.Read | Prot.Write | Prot.Exec),
            Flags = flags,
            PageOffset = call.A5 >> 12,
            Top = TopFor(call),
        };
        if ((call.A5 & 0xFFF) != 0)
        {
            return new Refusal(Errno.EINVAL, ErrnoCause.OffsetUnaligned);
        }

        refusal = (flags & MapFlags.Anonymous) != 0 ? SharedMemory(call, ref request) : FileMapping(call, ref request);
        if (refusal != Refusal.None)
        {
            return refusal;
        }

        Result<VirtAddr> placed = HugeMapping.Place(call.System.Memory, call.Space, request);
        if (!placed.Ok(out _, out _))
        {
            (request.Backing as MemContent)?.ForgetUnused();
        }

        return SyscallOutcome.Of(placed);
    }

    /// <summary><c>munmap</c>.</summary>
    /// <returns>0; see <see cref="Unmap.Range(MemorySystem, AddressSpace, VirtAddr, ulong)"/>.</returns>
    public static SyscallOutcome Munmap(in SyscallCall call) =>
        Unmap.Range(call.System.Memory, call.Space, new VirtAddr(call.A0), call.A1);

    /// <summary><c>mprotect</c>.</summary>
    /// <returns>0; see <see cref="Protect.Change"/>.</returns>
    public static SyscallOutcome Mprotect(in SyscallCall call) =>
        Protect.Change(call.System.Memory, call.Space, new ProtectRequest(new VirtAddr(call.A0), call.A1, (Prot)call.A2));

    /// <summary><c>brk</c>.</summary>
    /// <returns>The break as it is afterwards.</returns>
    public static SyscallOutcome Break(in SyscallCall call) =>
        Brk.Set(call.System.Memory, call.Space, new VirtAddr(call.A0));

    /// <summary><c>madvise</c>.</summary>
    /// <returns>0; see <see cref="Advise.Range"/>. 0 or 1 for MADV_NONVOLATILE; see <see cref="AdviseVolatile.Range"/>.</returns>
    public static SyscallOutcome Madvise(in SyscallCall call)
    {
        int number = unchecked((int)call.A2);
        OtherMeaning.TellOfAdvice(call, number);
        AdviseRequest request = new(new VirtAddr(call.A0), call.A1, call.Space.Meanings.AdviceOf(number));
        return request.Advice is Advice.Volatile or Advice.NonVolatile
            ? AdviseVolatile.Range(call.System.Memory, call.Space, request)
            : Advise.Range(call.System.Memory, call.Space, request);
    }

    /// <summary><c>mremap</c>.</summary>
    /// <returns>The address; see <see cref="Remap.Move"/>.</returns>
    public static SyscallOutcome Mremap(in SyscallCall call)
    {
        RemapRequest request = new(new VirtAddr(call.A0), call.A1, call.A2, (RemapFlags)call.A3, new VirtAddr(call.A4)) { Top = TopFor(call) };
        return SyscallOutcome.Of(Remap.Move(call.System.Memory, call.Space, request));
    }

    /// <summary><c>mincore</c>.</summary>
    /// <returns>0; EINVAL for an unaligned start; ENOMEM for unmapped pages; EFAULT when the vector cannot be written.</returns>
    public static SyscallOutcome MinCore(in SyscallCall call)
    {
        if (!Mincore.Of(call.System.Memory, call.Space, new VirtAddr(call.A0), call.A1).Has(out byte[]? pages, out Refusal refusal))
        {
            return refusal;
        }

        return call.Guest.TryWrite(call.A2, pages) ? Refusal.None : new Refusal(Errno.EFAULT, ErrnoCause.BadPointer);
    }

    /// <summary><c>msync</c>: files of memory are their own storage, and host files are never written.</summary>
    /// <returns>0; EINVAL for an unaligned start or bad flags; EBUSY for MS_INVALIDATE of locked pages; ENOMEM for unmapped pages, past which it goes on unless MS_ASYNC alone was asked for.</returns>
    public static SyscallOutcome Msync(in SyscallCall call)
    {
        bool bothWays = (call.A2 & (SyncAsync | SyncNow)) == (SyncAsync | SyncNow);
        if ((call.A2 & ~(SyncAsync | SyncInvalidate | SyncNow)) != 0 || bothWays)
        {
            return new Refusal(Errno.EINVAL, bothWays ? ErrnoCause.FlagsConflict : ErrnoCause.FlagsUnknown);
        }

        if ((call.A0 & 0xFFF) != 0)
        {
            return new Refusal(Errno.EINVAL, ErrnoCause.StartUnaligned);
        }

        ulong end = unchecked(call.A0 + VirtRange.PageAlign(call.A1));
        return end < call.A0 ? new Refusal(Errno.ENOMEM, ErrnoCause.RangeWraps) : Sync(call, end);
    }

    private static SyscallOutcome Sync(in SyscallCall call, ulong end)
    {
        Refusal hole = Refusal.None;
        VirtAddr at = new(call.A0);
        while (at.Raw < end)
        {
            Vma? vma = call.Space.Vmas.FindAtOrAbove(at);
            if (vma is null || vma.Start.Raw > at.Raw)
            {
                hole = new Refusal(Errno.ENOMEM, ErrnoCause.NotMapped);
                if (vma is null || vma.Start.Raw >= end || call.A2 == SyncAsync)
                {
                    return hole;
                }
            }

            if ((call.A2 & SyncInvalidate) != 0 && vma.Has(VmFlags.Locked))
            {
                return new Refusal(Errno.EBUSY, ErrnoCause.MappingLocked);
            }

            at = vma.End;
        }

        return hole;
    }

    /// <summary><c>mlock</c>.</summary>
    /// <returns>0; see <see cref="MemoryLock.Range"/>.</returns>
    public static SyscallOutcome Mlock(in SyscallCall call) =>
        MemoryLock.Range(call.System.Memory, call.Space, new VirtAddr(call.A0), call.A1);

    /// <summary><c>mlock2</c>; MLOCK_ONFAULT fills the pages at once as well.</summary>
    /// <returns>As mlock; EINVAL for other flags.</returns>
    public static SyscallOutcome Mlock2(in SyscallCall call) => (call.A2 & ~LockOnFault) != 0
        ? new Refusal(Errno.EINVAL, ErrnoCause.FlagsUnknown)
        : Mlock(call);

    /// <summary><c>munlock</c>.</summary>
    /// <returns>0; see <see cref="MemoryLock.Release"/>.</returns>
    public static SyscallOutcome Munlock(in SyscallCall call) =>
        MemoryLock.Release(call.System.Memory, call.Space, new VirtAddr(call.A0), call.A1);

    /// <summary><c>mlockall</c>.</summary>
    /// <returns>0; EINVAL for no or unknown flags; ENOMEM beyond the limit.</returns>
    public static SyscallOutcome MlockAll(in SyscallCall call)
    {
        bool unknown = (call.A0 & ~(LockCurrent | LockFuture | LockAllOnFault)) != 0;
        if (unknown || (call.A0 & (LockCurrent | LockFuture)) == 0)
        {
            return new Refusal(Errno.EINVAL, unknown ? ErrnoCause.FlagsUnknown : ErrnoCause.FlagsConflict);
        }

        call.Space.DefaultFlags = (call.A0 & LockFuture) != 0 ? VmFlags.Locked : VmFlags.None;
        return (call.A0 & LockCurrent) != 0 ? MemoryLock.All(call.System.Memory, call.Space, VmFlags.Locked) : Refusal.None;
    }

    /// <summary><c>munlockall</c>.</summary>
    /// <returns>0.</returns>
    public static SyscallOutcome MunlockAll(in SyscallCall call)
    {
        call.Space.DefaultFlags = VmFlags.None;
        return MemoryLock.All(call.System.Memory, call.Space, VmFlags.None);
    }

    /// <summary><c>remap_anon_pages</c>.</summary>
    /// <returns>Bytes moved; see <see cref="RemapAnonPages.Move"/>.</returns>
    public static SyscallOutcome RemapAnon(in SyscallCall call) => RemapAnonPages.Move(
        call.System.Memory, call.Space, new RemapAnonRequest(new VirtAddr(call.A0), new VirtAddr(call.A1), call.A2, call.A3));

    /// <summary><c>vrange</c>.</summary>
    /// <returns>Bytes marked or unmarked; see <see cref="VrangeCall.Vrange"/>; ENOSYS when memory was set up without it.</returns>
    public static SyscallOutcome Vrange(in SyscallCall call) => call.System.Memory.Volatile is { } purge
        ? new VrangeCall(purge, call.Guest).Vrange(call.Space, VrangeArgs.Of(purge.Traits, call))
        : new Refusal(Errno.ENOSYS, ErrnoCause.NotInProfile);

    private static Refusal SharedMemory(in SyscallCall call, ref MapRequest request)
    {
        bool shared = ((uint)request.Flags & 0x0F) is (uint)MapFlags.Shared or (uint)MapFlags.SharedValidate;
        request = request with { PageOffset = 0 };
        const MapFlags Huge = MapFlags.HugeTlb | MapFlags.Anonymous;
        if ((request.Flags & Huge) == Huge && request.LengthBytes != 0)
        {
            return HugeMapping.Anonymous(call.System.Memory, call.Space, shared, ref request);
        }

        if (shared && request.LengthBytes != 0)
        {
            ulong bytes = VirtRange.PageAlign(request.LengthBytes);
            bool reserves = (request.Flags & MapFlags.NoReserve) == 0 || call.System.Memory.Profile.Overcommit == Overcommit.Never;
            Refusal refusal = reserves ? Commit.Check(call.System.Memory, call.Space, bytes >> 12) : Refusal.None;
            if (refusal != Refusal.None)
            {
                return refusal;
            }

            MemContent memory = call.System.Files.NewSharedMemory(reserves ? bytes : 0);
            if (memory.Resize(bytes) != Errno.None)
            {
                memory.ForgetUnused();
                return new Refusal(Errno.ENOMEM, ErrnoCause.LengthTooLarge);
            }

            request = request with { Backing = memory };
        }

        return Refusal.None;
    }

    private static Refusal FileMapping(in SyscallCall call, ref MapRequest request)
    {
        if (!call.FileOf(call.A4).Ok(out OpenFile? file, out Errno errno))
        {
            return errno;
        }

        VmFlags may = VmFlags.MayRead | VmFlags.MayExec | (file.CanWrite ? VmFlags.MayWrite : VmFlags.None);
        Refusal against = !file.CanRead ? new(Errno.EACCES, ErrnoCause.FileNotReadable) : Refusal.None;
        if (against == Refusal.None && file.Content is DeviceContent { Device: MemoryDevice.Zero })
        {
            request = request with { May = may, Label = "/dev/zero" };
            return SharedMemory(call, ref request);
        }

        if (against == Refusal.None && file.Content is AshmemArea area)
        {
            return AreaMapping(call, area, ref request);
        }

        bool shared = ((uint)request.Flags & 0x0F) is (uint)MapFlags.Shared or (uint)MapFlags.SharedValidate;
        against = against == Refusal.None && file.Content?.Backing is null ? new(Errno.ENODEV, ErrnoCause.FileNotMappable) : against;
        VmFlags unsealed = may;
        against = against == Refusal.None && shared && file.CanWrite ? SealSyscalls.CheckMapping(file, request.Prot, ref unsealed) : against;
        bool isSegment = file.Inode.Mount == call.System.Files.Mounts.SharedMemory;
        bool ofHuge = call.System.Memory.Huge.HugeSegments && isSegment && !shared;
        against = against == Refusal.None && ofHuge ? new(Errno.EINVAL, ErrnoCause.MappingPrivate) : against;
        request = request with { Backing = file.Content?.Backing, May = against == Refusal.None ? unsealed : may, Against = against };
        return Refusal.None;
    }

    private static Refusal AreaMapping(in SyscallCall call, AshmemArea area, ref MapRequest request)
    {
        Refusal refusal = area.Prepare(request.LengthBytes, request.Prot);
        if (refusal == Refusal.None)
        {
            _ = call.System.Memory.Volatile?.PinsOf(area.Memory!);
            request = request with { Backing = area.Memory, May = (VmFlags)((ulong)area.Rights.ToVmFlags() << 4) };
        }

        return refusal;
    }

    private static VirtAddr? TopFor(in SyscallCall call) => call.PointerBytes == 4 ? new VirtAddr(CompatTop) : null;
}
