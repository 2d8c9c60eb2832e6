using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Files;
using MmuEmu.Kernel.Vmas;

namespace MmuEmu.Kernel.Syscalls;

/// <summary>Resource limits: those of memory act, the others are told and kept as they are.</summary>
/// <remarks>Source: [Linux include/uapi/asm-generic/resource.h; kernel/sys.c, do_prlimit].</remarks>
internal static class Limits
{
    private const ulong Infinity = ulong.MaxValue;
    private const ulong StackHard = Infinity;

    private enum Resource : ulong
    {
        Cpu = 0,
        FileSize = 1,
        Data = 2,
        Stack = 3,
        Core = 4,
        Rss = 5,
        Processes = 6,
        Files = 7,
        LockedMemory = 8,
        AddressSpace = 9,
        Locks = 10,
        PendingSignals = 11,
        MessageQueue = 12,
        Nice = 13,
        RealTimePriority = 14,
        RealTimeCpu = 15,
    }

    /// <summary>Reads the old limit to <paramref name="oldAt"/> and sets the one at <paramref name="newAt"/>; 0 leaves either out.</summary>
    public static SyscallOutcome Exchange(in SyscallCall call, ulong resource, ulong newAt, ulong oldAt)
    {
        if (resource > (ulong)Resource.RealTimeCpu)
        {
            return new Refusal(Errno.EINVAL, ErrnoCause.ResourceUnknown);
        }

        (ulong soft, ulong hard) = (0, 0);
        if (newAt != 0 && !(call.Guest.TryReadUInt64(newAt, out soft) && call.Guest.TryReadUInt64(newAt + 8, out hard)))
        {
            return Errno.EFAULT;
        }

        if (newAt != 0 && soft > hard)
        {
            return new Refusal(Errno.EINVAL, ErrnoCause.SoftAboveHard);
        }

        (ulong oldSoft, ulong oldHard) = Of(call.Space.Limits, (Resource)resource);
        if (newAt != 0)
        {
            call.Space.Limits = With(call.Space.Limits, (Resource)resource, soft);
        }

        bool stored = oldAt == 0 || (call.Guest.TryWriteUInt64(oldAt, oldSoft) && call.Guest.TryWriteUInt64(oldAt + 8, oldHard));
        return stored ? Errno.None : Errno.EFAULT;
    }

    private static (ulong Soft, ulong Hard) Of(SpaceLimits limits, Resource resource) => resource switch
    {
        Resource.Data => (limits.DataBytes, Infinity),
        Resource.Stack => (limits.StackBytes, StackHard),
        Resource.AddressSpace => (limits.AddressBytes, Infinity),
        Resource.LockedMemory => (limits.LockedBytes, Infinity),
        Resource.Files => (FileTable.Limit, FileTable.Limit),
        Resource.Core => (0, Infinity),
        Resource.MessageQueue => (819_200, 819_200),
        Resource.Nice or Resource.RealTimePriority => (0, 0),
        Resource.Processes or Resource.PendingSignals => (32_768, 32_768),
        Resource.Cpu or Resource.FileSize or Resource.Rss or Resource.Locks or Resource.RealTimeCpu => (Infinity, Infinity),
    };

    private static SpaceLimits With(SpaceLimits limits, Resource resource, ulong soft) => resource switch
    {
        Resource.Data => limits with { DataBytes = soft },
        Resource.Stack => limits with { StackBytes = soft },
        Resource.AddressSpace => limits with { AddressBytes = soft },
        Resource.LockedMemory => limits with { LockedBytes = soft },
        _ => limits,
    };
}
