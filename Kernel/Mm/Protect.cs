using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Memory;
using MmuEmu.Kernel.Tables;
using MmuEmu.Kernel.Vmas;

namespace MmuEmu.Kernel.Mm;

/// <summary><c>mprotect(2)</c>: changes the rights of mapped memory.</summary>
/// <remarks>Source: [Linux mm/mprotect.c, do_mprotect_pkey, mprotect_fixup, change_pte_range].</remarks>
internal static class Protect
{
    private const Prot Grows = Prot.GrowsDown | Prot.GrowsUp;

    /// <summary>Gives every page of the range the rights asked for.</summary>
    /// <returns>
    /// None; EINVAL for an unaligned start, unknown bits, both grow flags, or a grow flag on a mapping that does not grow so;
    /// ENOMEM when the range wraps, meets a hole (what lies below it is changed), a split needs one mapping too many, or private memory
    /// that becomes writable is more than RLIMIT_DATA or the mode of overcommit allows;
    /// EACCES when a mapping may not have the rights.
    /// </returns>
    public static Refusal Change(MemorySystem mem, AddressSpace space, in ProtectRequest request)
    {
        ulong length = VirtRange.PageAlign(request.LengthBytes);
        if ((request.Prot & Grows) == Grows)
        {
            return new Refusal(Errno.EINVAL, ErrnoCause.GrowsBothWays);
        }

        if (request.Start.PageOffset != 0)
        {
            return new Refusal(Errno.EINVAL, ErrnoCause.StartUnaligned);
        }

        if (request.LengthBytes == 0)
        {
            return Refusal.None;
        }

        if (length == 0 || unchecked(request.Start.Raw + length) <= request.Start.Raw)
        {
            return new Refusal(Errno.ENOMEM, ErrnoCause.RangeWraps);
        }

        if ((request.Prot & ~(Grows | Prot.Read | Prot.Write | Prot.Exec)) != 0)
        {
            return new Refusal(Errno.EINVAL, ErrnoCause.RightsUnknown);
        }

        Refusal refusal = Extend(space, request, length, out VirtRange range);
        return refusal == Refusal.None ? ChangeRange(mem, space, range, request.Prot.ToVmFlags()) : refusal;
    }

    private static Refusal Extend(AddressSpace space, in ProtectRequest request, ulong length, out VirtRange range)
    {
        range = VirtRange.Of(request.Start, length);
        if (space.Vmas.FindAtOrAbove(range.Start) is not { } first)
        {
            return new Refusal(Errno.ENOMEM, ErrnoCause.NotMapped);
        }

        if ((request.Prot & Prot.GrowsUp) != 0)
        {
            return new Refusal(Errno.EINVAL, ErrnoCause.DoesNotGrow);
        }

        if ((request.Prot & Prot.GrowsDown) == 0)
        {
            return first.Start.Raw > range.Start.Raw ? new Refusal(Errno.ENOMEM, ErrnoCause.NotMapped) : Refusal.None;
        }

        if (first.Start.Raw >= range.End.Raw)
        {
            return new Refusal(Errno.ENOMEM, ErrnoCause.NotMapped);
        }

        range = new VirtRange(first.Start, range.End);
        return first.Has(VmFlags.GrowsDown) ? Refusal.None : new Refusal(Errno.EINVAL, ErrnoCause.DoesNotGrow);
    }

    private static Refusal ChangeRange(MemorySystem mem, AddressSpace space, VirtRange range, VmFlags access)
    {
        using TlbGather gather = mem.Gathers.Take(space.Tag);
        VirtAddr at = range.Start;
        Refusal refusal = Refusal.None;
        while (refusal == Refusal.None && at.Raw < range.End.Raw)
        {
            if (space.FindVma(at) is not { } vma)
            {
                refusal = new Refusal(Errno.ENOMEM, ErrnoCause.NotMapped);
                break;
            }

            VirtRange part = range.Intersect(vma.Range);
            VmFlags may = (VmFlags)((ulong)(vma.Flags & VmFlagsOps.MayAccess) >> 4);
            refusal = (access & ~may) != 0
                ? new Refusal(Errno.EACCES, ErrnoCause.RightsNotGranted)
                : ChangePart(mem, space, part, new NewRights(access, gather));
            at = part.End;
        }

        VmaEdit.Join(space, range);
        return refusal;
    }

    private static Refusal ChangePart(MemorySystem mem, AddressSpace space, VirtRange part, NewRights change)
    {
        VmFlags old = space.FindVma(part.Start)!.Flags;
        VmFlags flags = (old & ~VmFlagsOps.Access) | change.Access;
        bool becomesWritable = flags.Has(VmFlags.Write) && !old.HasAny(VmFlags.Write | VmFlags.Account | VmFlags.Shared | VmFlags.NoReserve);
        if (becomesWritable)
        {
            flags |= VmFlags.Account;
        }

        if (flags == old)
        {
            return Refusal.None;
        }

        Refusal refusal = CheckRoom(mem, space, part, new Turn(old, flags));
        if (refusal != Refusal.None)
        {
            return refusal;
        }

        refusal = Cut.Out(mem, space, part);
        if (refusal != Refusal.None)
        {
            return refusal;
        }

        Vma vma = space.FindVma(part.Start)!;
        vma.Flags = flags;
        ChangeEntries(mem, vma, change.Gather);
        return Refusal.None;
    }

    /// <summary>Memory that becomes writable is data, and is promised.</summary>
    private static Refusal CheckRoom(MemorySystem mem, AddressSpace space, VirtRange part, Turn turn)
    {
        if (!turn.To.Has(VmFlags.Write))
        {
            return Refusal.None;
        }

        ulong bytes = part.LengthBytes;
        if (Room.IsDataOverLimit(space, bytes, turn.To) && !Room.IsDataOverLimit(space, bytes, turn.From))
        {
            return new Refusal(Errno.ENOMEM, ErrnoCause.DataLimit);
        }

        bool promised = turn.To.Has(VmFlags.Account) && !turn.From.Has(VmFlags.Account);
        return promised ? Commit.Check(mem, space, part.PageCount) : Refusal.None;
    }

    /// <summary>Rewrites the entries that hold a frame; swap entries and markers stay as they are (V-075).</summary>
    private static void ChangeEntries(MemorySystem mem, Vma vma, TlbGather gather)
    {
        TableCursor cursor = mem.Editor.Over(vma.Space.Tables, vma.Range);
        while (cursor.MoveNext())
        {
            if (!SoftPteFormat.HasFrame(cursor.Entry))
            {
                continue;
            }

            if (cursor.TryPte(out PteSlot at))
            {
                _ = mem.Editor.Write(at, vma.Reprotected(at.Entry), gather);
            }
            else
            {
                TableEntry leaf = cursor.Current;
                _ = mem.Editor.Write(leaf, vma.Reprotected(leaf.Entry, leaf.Level), gather);
            }
        }
    }

    private readonly record struct Turn(VmFlags From, VmFlags To);

    private readonly record struct NewRights(VmFlags Access, TlbGather Gather);
}

/// <summary>What <c>mprotect(2)</c> is asked for.</summary>
/// <param name="Start">The first byte; page-aligned.</param>
/// <param name="LengthBytes">Bytes; rounded up to pages.</param>
/// <param name="Prot">The new rights, and PROT_GROWSDOWN.</param>
internal readonly record struct ProtectRequest(VirtAddr Start, ulong LengthBytes, Prot Prot);
