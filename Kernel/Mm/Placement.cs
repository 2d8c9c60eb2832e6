using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Frames;
using MmuEmu.Kernel.Vmas;

namespace MmuEmu.Kernel.Mm;

/// <summary>Finds room for a mapping: where it was asked for, or top-down from the mmap top.</summary>
/// <remarks>Source: [Linux mm/mmap.c, get_unmapped_area, arch_get_unmapped_area_topdown; security_mmap_addr].</remarks>
internal static class Placement
{
    /// <summary>The lowest address that an ordinary process may map, and where a lower hint goes, vm.mmap_min_addr.</summary>
    public const ulong MinAddress = 0x1_0000;

    private const ulong Top32Bit = 0x8000_0000;

    /// <summary>The address for <paramref name="length"/> bytes.</summary>
    /// <returns>The address; ENOMEM when there is no room; EPERM below the lowest address; EEXIST when NOREPLACE meets a mapping.</returns>
    public static Result<VirtAddr> Choose(AddressSpace space, MapRequest request, ulong length)
    {
        if ((request.Flags & (MapFlags.Fixed | MapFlags.FixedNoReplace)) != 0)
        {
            return Fixed(space, request, length);
        }

        if (request.Backing is IHugeBacking)
        {
            return Huge(space, request, length);
        }

        VirtAddr hint = HintOf(request.Address.PageBase);
        bool fits = request.Top is not { } limit || hint.Raw + length <= limit.Raw;
        if (hint.Raw != 0 && fits && IsFree(space, hint, length))
        {
            return hint;
        }

        VirtAddr? top = (request.Flags & MapFlags.Map32Bit) != 0 ? new VirtAddr(Top32Bit) : request.Top;
        return Search(space, length, top);
    }

    /// <summary>A place that begins at a multiple of 2 MiB.</summary>
    private static Result<VirtAddr> Huge(AddressSpace space, MapRequest request, ulong length)
    {
        VirtAddr hint = new(MapBits.HugeAlign(request.Address.Raw));
        if (hint.Raw >= MinAddress && (request.Top is not { } limit || hint.Raw + length <= limit.Raw) && IsFree(space, hint, length))
        {
            return hint;
        }

        VirtAddr? top = (request.Flags & MapFlags.Map32Bit) != 0 ? new VirtAddr(Top32Bit) : request.Top;
        bool found = Search(space, length + HugePage.Bytes - 4096, top).Has(out VirtAddr start, out Refusal refusal);
        return found ? new VirtAddr(MapBits.HugeAlign(start.Raw)) : refusal;
    }

    /// <summary>The highest free place below <paramref name="top"/>; without one below the mmap top, or failing that the highest above it.</summary>
    public static Result<VirtAddr> Search(AddressSpace space, ulong length, VirtAddr? top = null)
    {
        if (top is { } ceiling)
        {
            return TopDown(space, ceiling, length);
        }

        Result<VirtAddr> below = TopDown(space, space.MmapTop, length);
        return below.Ok(out _, out _) ? below : TopDown(space, new VirtAddr(VirtRange.TaskSize), length);
    }

    private static Result<VirtAddr> Fixed(AddressSpace space, MapRequest request, ulong length)
    {
        if (request.Address.Raw > VirtRange.TaskSize - length)
        {
            return new Refusal(Errno.ENOMEM, ErrnoCause.BeyondUserSpace);
        }

        if (IsTooLow(space, request.Address))
        {
            return new Refusal(Errno.EPERM, ErrnoCause.BelowMinAddress);
        }

        bool replace = (request.Flags & MapFlags.FixedNoReplace) == 0;
        bool taken = !replace && space.Vmas.Overlaps(VirtRange.Of(request.Address, length));
        return taken ? new Refusal(Errno.EEXIST, ErrnoCause.PlaceTaken) : request.Address;
    }

    /// <summary>True below vm.mmap_min_addr, unless root asks.</summary>
    public static bool IsTooLow(AddressSpace space, VirtAddr address) => address.Raw < MinAddress && !space.Limits.OfRoot;

    /// <summary>A hint in the lowest pages means the lowest address; 0 is none.</summary>
    /// <remarks>Source: [Linux include/linux/mm.h, round_hint_to_min].</remarks>
    private static VirtAddr HintOf(VirtAddr page) => page.Raw is > 0 and < MinAddress ? new VirtAddr(MinAddress) : page;

    private static bool IsFree(AddressSpace space, VirtAddr start, ulong length) =>
        start.Raw <= VirtRange.TaskSize - length
        && !space.Vmas.Overlaps(VirtRange.Of(start, length + GapAbove(space, start)));

    /// <summary>A stack above keeps its guard gap free.</summary>
    private static ulong GapAbove(AddressSpace space, VirtAddr start) =>
        space.Vmas.FindAtOrAbove(start) is { } above && above.Has(VmFlags.GrowsDown) ? GuardBytes : 0;

    private const ulong GuardBytes = 256 * 4096;

    private static Result<VirtAddr> TopDown(AddressSpace space, VirtAddr top, ulong length)
    {
        FreeHint hint = space.Vmas.Free;
        VirtAddr from = hint.StartFor(top, length);
        (ulong ceiling, ulong largest) = (top.Raw, from == top ? 0 : hint.Largest);
        for (int at = space.Vmas.IndexAtOrAbove(from); ; at--)
        {
            if (at < space.Vmas.Count)
            {
                Vma above = space.Vmas[at];
                ulong edge = above.Start.Raw - (above.Has(VmFlags.GrowsDown) ? Math.Min(above.Start.Raw, GuardBytes) : 0);
                ceiling = Math.Min(ceiling, edge);
            }

            ulong floor = at > 0 ? space.Vmas[at - 1].End.Raw : 0;
            floor = Math.Max(floor, MinAddress);
            if (ceiling > floor && ceiling - floor >= length)
            {
                space.Vmas.Free = new FreeHint(top, new VirtAddr(ceiling), largest);
                return new VirtAddr(ceiling - length);
            }

            largest = Math.Max(largest, ceiling > floor ? ceiling - floor : 0);
            if (at == 0)
            {
                return new Refusal(Errno.ENOMEM, ErrnoCause.NoPlace);
            }
        }
    }
}
