using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Memory;
using MmuEmu.Kernel.Vmas;

namespace MmuEmu.Kernel.Faults;

/// <summary>Lets a stack grow down to an address below it.</summary>
/// <remarks>Source: [Linux mm/mmap.c, expand_downwards, acct_stack_growth].</remarks>
internal static class StackGrowth
{
    /// <summary>Bytes that must stay free between a growing stack and the mapping below: 256 pages.</summary>
    public const ulong GuardGap = 256 * 4096;

    private const ulong LowestAddress = 0x1_0000;

    /// <summary>Grows <paramref name="vma"/>, which lies above <paramref name="address"/>; false when it may not.</summary>
    public static bool TryReach(MemorySystem mem, Vma vma, VirtAddr address)
    {
        if (!vma.Has(VmFlags.GrowsDown) || address.Raw < LowestAddress)
        {
            return false;
        }

        AddressSpace space = vma.Space;
        VirtRange grown = new(address.PageBase, vma.End);
        ulong growth = grown.LengthBytes - vma.Range.LengthBytes;
        bool fits = grown.LengthBytes <= space.Limits.StackBytes
            && space.Vmas.TotalBytes + growth <= space.Limits.AddressBytes
            && vma.PgOff >= growth >> 12
            && LeavesGap(space, vma, grown.Start);
        if (!fits || (vma.Has(VmFlags.Locked) && (space.LockedPages << 12) + growth > space.Limits.MayLockBytes))
        {
            return false;
        }

        if (vma.Has(VmFlags.Account) && Commit.Check(mem, space, growth >> 12) != Refusal.None)
        {
            return false;
        }

        if (vma.Has(VmFlags.Locked))
        {
            space.LockedPages += growth >> 12;
        }

        // A volatile range left behind under an earlier mapping must not reach into the stack.
        space.Volatile?.Forget(new VirtRange(grown.Start, vma.Start), MappingChange.Begins);
        space.Vmas.Resize(vma, grown);
        return true;
    }

    private static bool LeavesGap(AddressSpace space, Vma vma, VirtAddr start)
    {
        Vma? below = space.Vmas.Before(vma);
        return below is null
            || below.Has(VmFlags.GrowsDown)
            || !below.Flags.HasAny(VmFlagsOps.Access)
            || start.Raw - below.End.Raw >= GuardGap;
    }
}
