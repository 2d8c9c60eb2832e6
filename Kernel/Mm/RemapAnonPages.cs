using MmuEmu.Emulator.Paging;
using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Frames;
using MmuEmu.Kernel.Memory;
using MmuEmu.Kernel.Swap;
using MmuEmu.Kernel.Tables;
using MmuEmu.Kernel.Vmas;

namespace MmuEmu.Kernel.Mm;

/// <summary><c>remap_anon_pages</c>: moves private anonymous pages by editing page tables; no byte is copied, no mapping changes.</summary>
/// <remarks>Never merged. Rows of the userfault specification.</remarks>
internal static class RemapAnonPages
{
    /// <summary>The only flag: holes in the source are counted as moved.</summary>
    public const ulong AllowSourceHoles = 1;

    /// <summary>Moves page by page from the start; stops at the first page that cannot be moved.</summary>
    /// <returns>
    /// Bytes moved, if any were; EINVAL for arguments and mappings that do not suit; EEXIST when the
    /// destination holds something; ENOENT for a hole in the source; EBUSY for a page that others share; EFAULT for an
    /// entry of another kind; ENOMEM when no table can be had. The 2013 posting answers EFAULT for all that concerns single pages.
    /// </returns>
    public static SysResult Move(MemorySystem mem, AddressSpace space, in RemapAnonRequest request)
    {
        ErrnoCause wrong = WhatIsWrong(mem.Profile, request);
        if (wrong != ErrnoCause.None || !TryFindVmas(space, request, out Vma source, out Vma destination, out wrong))
        {
            return SysResult.Of(new Refusal(Errno.EINVAL, wrong));
        }

        PageMove move = new(mem, source, destination, AllowsHoles(mem.Profile, request));
        ulong moved = 0;
        Refusal refusal = Refusal.None;
        while (moved < request.LengthBytes && refusal == Refusal.None)
        {
            VirtAddr from = request.Source + moved;
            refusal = MoveNext(move, from, request.Destination + moved, request.LengthBytes - moved, out ulong bytes);
            moved += refusal == Refusal.None ? bytes : 0;
        }

        if (moved > 0)
        {
            return SysResult.Of(moved);
        }

        return SysResult.Of(mem.Profile.UserFault == UserFaultVersion.Uf2013 ? refusal with { Errno = Errno.EFAULT } : refusal);
    }

    private static bool AllowsHoles(KernelProfile profile, in RemapAnonRequest request) =>
        profile.UserFault != UserFaultVersion.Uf2013 && (request.Flags & AllowSourceHoles) != 0;

    private static ErrnoCause WhatIsWrong(KernelProfile profile, in RemapAnonRequest request)
    {
        bool flagsKnown = profile.UserFault == UserFaultVersion.Uf2013 || (request.Flags & ~AllowSourceHoles) == 0;
        bool wraps = unchecked(request.Source.Raw + request.LengthBytes) < request.Source.Raw
            || unchecked(request.Destination.Raw + request.LengthBytes) < request.Destination.Raw;
        return request switch
        {
            _ when request.Source.PageOffset != 0 => ErrnoCause.StartUnaligned,
            _ when request.Destination.PageOffset != 0 => ErrnoCause.DestinationUnaligned,
            _ when (request.LengthBytes & 0xFFF) != 0 => ErrnoCause.LengthUnaligned,
            _ when !flagsKnown => ErrnoCause.FlagsUnknown,
            { LengthBytes: 0 } => ErrnoCause.LengthZero,
            _ when wraps => ErrnoCause.RangeWraps,
            _ => ErrnoCause.None,
        };
    }

    private static bool TryFindVmas(AddressSpace space, in RemapAnonRequest request, out Vma source, out Vma destination, out ErrnoCause wrong)
    {
        Vma? from = space.FindVma(request.Source);
        Vma? to = space.FindVma(request.Destination);
        (source, destination) = (from!, to!);
        wrong = from is null || to is null ? ErrnoCause.NotMapped : WhatIsWrong(from, to, request);
        return wrong == ErrnoCause.None;
    }

    private static ErrnoCause WhatIsWrong(Vma from, Vma to, in RemapAnonRequest request)
    {
        bool inside = from.Range.Contains(VirtRange.Of(request.Source, request.LengthBytes))
            && to.Range.Contains(VirtRange.Of(request.Destination, request.LengthBytes));
        return request switch
        {
            _ when !inside => ErrnoCause.SpansMappings,
            _ when from.Has(VmFlags.Shared) || to.Has(VmFlags.Shared) => ErrnoCause.MappingShared,
            _ when ((from.Flags ^ to.Flags) & (VmFlagsOps.Access | VmFlags.Locked)) != 0 => ErrnoCause.MappingsDiffer,
            _ when !from.IsAnonymous || !to.IsAnonymous => ErrnoCause.MappingHasFile,
            _ => ErrnoCause.None,
        };
    }

    /// <summary>Moves a huge page whole where that can be, else one page of 4 KiB.</summary>
    private static Refusal MoveNext(in PageMove move, VirtAddr from, VirtAddr to, ulong left, out ulong bytes)
    {
        bytes = 4096;
        if (move.Source.Space.SpareTables.Count == 0)
        {
            return MoveOne(move, from, to);
        }

        Refusal refusal = RemapHuge.Try(move, from, to, left, out HugeMoving moving);
        bytes = moving == HugeMoving.Moved ? HugePage.Bytes : bytes;
        return moving == HugeMoving.Small ? MoveOne(move, from, to) : refusal;
    }

    /// <summary>Moves one page; the destination is looked at first .</summary>
    /// <remarks>A huge leaf was seen to before: one that is there now came while a table was made .</remarks>
    private static Refusal MoveOne(in PageMove move, VirtAddr from, VirtAddr to)
    {
        // The tables come first: making one may reclaim the very page that is to move.
        Descent met = SpaceTables.MakePte(move.Mem, move.Source.Space, to, out PteSlot target);
        if (met == Descent.NoTable)
        {
            return new Refusal(Errno.ENOMEM, ErrnoCause.NoFrame);
        }

        if (met == Descent.Larger)
        {
            return new Refusal(Errno.EFAULT, ErrnoCause.EntryUnmovable);
        }

        if (target.Entry.Raw != 0)
        {
            return new Refusal(Errno.EEXIST, ErrnoCause.PlaceTaken);
        }

        if (move.Mem.Editor.FindPte(move.Source.Space.Tables, from, out PteSlot source) == Descent.Larger)
        {
            return new Refusal(Errno.EFAULT, ErrnoCause.EntryUnmovable);
        }

        return move.Mem.SoftPtes.KindOf(source.Entry) switch
        {
            SoftPteKind.None => move.AllowHoles ? Refusal.None : new Refusal(Errno.ENOENT, ErrnoCause.SourceEmpty),
            SoftPteKind.Present or SoftPteKind.ProtNone => MoveFrame(move, source, target),
            SoftPteKind.Swap => MoveSwap(move, source, target),
            SoftPteKind.Purged or SoftPteKind.MigrationRead or SoftPteKind.MigrationWrite => new Refusal(Errno.EFAULT, ErrnoCause.EntryUnmovable),
            SoftPteKind.HwPoison or SoftPteKind.NonlinearFile or SoftPteKind.Unknown => new Refusal(Errno.EFAULT, ErrnoCause.EntryUnmovable),
        };
    }

    private static Refusal MoveFrame(in PageMove move, in PteSlot from, in PteSlot to)
    {
        MemorySystem mem = move.Mem;
        if (SoftPteFormat.IsSpecial(from.Entry) || !MayMove(mem, mem.Frames[from.Entry.Frame]))
        {
            return new Refusal(Errno.EBUSY, ErrnoCause.PageInUse);
        }

        PageFrame frame = mem.Frames[from.Entry.Frame];
        using TlbGather gather = mem.Gathers.Take(move.Source.Space.Tag);
        _ = mem.Editor.Write(from, Pte.None, gather);
        gather.Flush();

        if (frame.Mapping.IsLazyFree)
        {
            mem.Lru.UncountLazyFree(frame);
            if (!frame.Has(PageFlags.SwapBacked))
            {
                mem.Lru.Move(frame, PageFlags.SwapBacked, PageFlags.None);
            }
        }

        mem.Rmap.AdoptAnon(frame, move.Destination, to.Address);
        _ = mem.Editor.Write(to, move.Destination.EntryOf(frame.Pfn, PteBits.D), gather);
        mem.Counters.Add(MmCounter.RemapMoved);
        return Refusal.None;
    }

    private static Refusal MoveSwap(in PageMove move, in PteSlot from, in PteSlot to)
    {
        MemorySystem mem = move.Mem;
        SwapEntry entry = SoftPteFormat.SwapOf(from.Entry);
        if (mem.Swap.CountOf(entry) != 1 || mem.Swap.FindCached(entry) is not null)
        {
            return new Refusal(Errno.EBUSY, ErrnoCause.PageInUse);
        }

        using TlbGather gather = mem.Gathers.Take(move.Source.Space.Tag);
        _ = mem.Rmap.FamilyOf(move.Destination);
        _ = mem.Editor.Write(from, Pte.None, gather);
        _ = mem.Editor.Write(to, from.Entry, gather);
        mem.Counters.Add(MmCounter.RemapMoved);
        return Refusal.None;
    }

    /// <summary>True for a page that only this entry has: private, anonymous, not merged, not shared by fork, nor through its swap slot.</summary>
    private static bool MayMove(MemorySystem mem, PageFrame frame)
    {
        bool cached = frame.Has(PageFlags.SwapCache);
        bool slotShared = cached && mem.Swap.CountOf(SwapEntry.OfRaw(frame.Swap)) > 0;
        bool pinned = frame.RefCount > frame.MapCount + (cached ? 1 : 0);
        return frame.Mapping.LeadsToAnonVma
            && frame.MapCount == 1
            && !slotShared
            && !(pinned && mem.Profile.Has(ProfileSwitches.RemapPinnedBusy));
    }
}

/// <summary>A move that was checked.</summary>
/// <param name="Mem">Memory management.</param>
/// <param name="Source">The mapping that the pages leave.</param>
/// <param name="Destination">The one that they go to.</param>
/// <param name="AllowHoles">A hole in the source counts as moved.</param>
internal readonly record struct PageMove(MemorySystem Mem, Vma Source, Vma Destination, bool AllowHoles);

/// <summary>What <c>remap_anon_pages</c> is asked for.</summary>
/// <param name="Destination">Where the pages go.</param>
/// <param name="Source">Where they are.</param>
/// <param name="LengthBytes">A multiple of the page size.</param>
/// <param name="Flags">0 or 1; not looked at in the 2013 posting, which has three arguments.</param>
internal readonly record struct RemapAnonRequest(VirtAddr Destination, VirtAddr Source, ulong LengthBytes, ulong Flags);
