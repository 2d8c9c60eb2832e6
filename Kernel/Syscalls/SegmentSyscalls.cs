using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Files;
using MmuEmu.Kernel.Memory;
using MmuEmu.Kernel.Mm;
using MmuEmu.Kernel.Tasks;

namespace MmuEmu.Kernel.Syscalls;

/// <summary>System V shared memory.</summary>
/// <remarks>Source: [Linux ipc/shm.c].</remarks>
internal static class SegmentSyscalls
{
    private const int Private = 0;
    private const ulong Create = 0x200;
    private const ulong Exclusive = 0x400;
    private const ulong NoReserve = 0x1000;
    private const ulong ReadOnly = 0x1000;
    private const ulong RoundDown = 0x2000;
    private const ulong Replace = 0x4000;
    private const int Remove = 0;
    private const int Set = 1;
    private const int Status = 2;
    private const int StatusBytes = 112;

    /// <summary><c>shmget</c>.</summary>
    /// <returns>The number of a segment; ENOENT; EEXIST; EINVAL for a size of 0 or beyond the segment's; ENOMEM.</returns>
    public static SyscallOutcome Get(in SyscallCall call)
    {
        SharedSegments segments = call.System.Files.Segments;
        int key = (int)call.A0;
        if (key != Private && segments.FindKey(key) is { } found)
        {
            bool refused = (call.A2 & (Create | Exclusive)) == (Create | Exclusive);
            bool tooLong = call.A1 > found.SizeBytes;
            return refused ? Errno.EEXIST : tooLong ? new Refusal(Errno.EINVAL, ErrnoCause.SegmentShorter) : SyscallOutcome.Of((ulong)found.Id);
        }

        if (key != Private && (call.A2 & Create) == 0)
        {
            return Errno.ENOENT;
        }

        if (call.A1 is 0 or > long.MaxValue)
        {
            return new Refusal(Errno.EINVAL, call.A1 == 0 ? ErrnoCause.LengthZero : ErrnoCause.LengthTooLarge);
        }

        Refusal none = Make(call, $"/SYSV{key:x8}", out ISegmentMemory content);
        if (none != Refusal.None)
        {
            return none;
        }

        return SyscallOutcome.Of((ulong)segments.Add(key, call.A1, content).Id);
    }

    /// <summary>The memory of a new segment: huge pages while the machine is set so, without a flag of the caller's (K-076).</summary>
    private static Refusal Make(in SyscallCall call, string name, out ISegmentMemory content)
    {
        (TaskSystem system, ulong sizeBytes) = (call.System, call.A1);
        if (system.Memory.Huge.HugeSegments)
        {
            bool made = HugeContent.Create(system.Memory, name + " (deleted)", MapBits.HugeAlign(sizeBytes), null, promise: true).Has(out HugeContent? huge, out Refusal refusal);
            content = huge!;
            return made ? Refusal.None : refusal;
        }

        bool reserves = (call.A2 & NoReserve) == 0 || system.Memory.Profile.Overcommit == Overcommit.Never;
        ulong reserved = reserves ? VirtRange.PageAlign(sizeBytes) : 0;
        Refusal promise = Commit.Check(system.Memory, call.Space, reserved >> 12);
        MemContent small = system.Files.NewMemory(name, (ulong)system.Files.Segments.NextId, reserved);
        content = small;
        if (promise == Refusal.None && small.Resize(VirtRange.PageAlign(sizeBytes)) == Refusal.None)
        {
            return Refusal.None;
        }

        small.Unlinked();
        return promise == Refusal.None ? Errno.ENOMEM : promise;
    }

    /// <summary><c>shmat</c>.</summary>
    /// <returns>The address; EINVAL for an unknown segment or an unaligned address; see <see cref="Map.Place"/>.</returns>
    public static SyscallOutcome Attach(in SyscallCall call)
    {
        if (call.System.Files.Segments.Find((int)call.A0) is not { } segment)
        {
            return new Refusal(Errno.EINVAL, ErrnoCause.SegmentUnknown);
        }

        ulong address = (call.A2 & RoundDown) != 0 ? call.A1 & ~0xFFFUL : call.A1;
        if ((address & 0xFFF) != 0)
        {
            return new Refusal(Errno.EINVAL, ErrnoCause.StartUnaligned);
        }

        MapFlags place = address == 0 ? default : (call.A2 & Replace) != 0 ? MapFlags.Fixed : MapFlags.FixedNoReplace;
        MapRequest request = new()
        {
            Address = new VirtAddr(address),
            LengthBytes = VirtRange.PageAlign(segment.SizeBytes),
            Prot = (call.A2 & ReadOnly) != 0 ? Prot.Read : Prot.Read | Prot.Write,
            Flags = MapFlags.Shared | place,
            Backing = segment.Content,
            Label = $"/SYSV{segment.Key:x8} (deleted)",
        };
        bool placed = Map.Place(call.System.Memory, call.Space, request).Has(out VirtAddr start, out Refusal refusal);
        return placed ? SyscallOutcome.Of(start.Raw) : refusal.Errno == Errno.EEXIST ? refusal with { Errno = Errno.EINVAL } : refusal;
    }

    /// <summary><c>shmdt</c>.</summary>
    /// <returns>0; EINVAL when no segment is mapped from there on.</returns>
    public static SyscallOutcome Detach(in SyscallCall call)
    {
        VirtAddr start = new(call.A0);
        if (call.Space.FindVma(start) is not { Backing: { } backing } first || first.Start != start || first.Label?.StartsWith("/SYSV", StringComparison.Ordinal) != true)
        {
            return new Refusal(Errno.EINVAL, ErrnoCause.NoSegmentThere);
        }

        VirtAddr end = first.End;
        while (call.Space.FindVma(end) is { } next && next.Start == end && next.Backing == backing)
        {
            end = next.End;
        }

        return Unmap.Range(call.System.Memory, call.Space, start, end.Raw - start.Raw);
    }

    /// <summary><c>shmctl</c>: IPC_RMID, IPC_STAT; IPC_SET has no effect.</summary>
    /// <returns>0; EINVAL for an unknown segment or command; EFAULT.</returns>
    public static SyscallOutcome Control(in SyscallCall call)
    {
        if (call.System.Files.Segments.Find((int)call.A0) is not { } segment)
        {
            return new Refusal(Errno.EINVAL, ErrnoCause.SegmentUnknown);
        }

        switch ((int)call.A1)
        {
            case Remove:
                call.System.Files.Segments.Remove(segment);
                return Errno.None;
            case Set:
                return Errno.None;
            case Status:
                StructWriter status = new(StatusBytes);
                status.Put32(0, (uint)segment.Key);
                status.Put64(48, segment.SizeBytes);
                return call.Guest.TryWrite(call.A2, status.Bytes) ? Errno.None : Errno.EFAULT;
            default:
                return new Refusal(Errno.EINVAL, ErrnoCause.CommandUnknown);
        }
    }
}
