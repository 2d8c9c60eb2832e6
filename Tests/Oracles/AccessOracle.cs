using System.Numerics;
using MmuEmu.Debugger.Matrix;
using MmuEmu.Emulator.Paging;
using MmuEmu.Emulator.Values;

namespace MmuEmu.Tests.Oracles;

/// <summary>
/// What a processor does with a case of the matrix, worked out without a walk: each property of all levels is one small set,
/// and the answer is arithmetic on sets.
/// </summary>
/// <remarks>
/// Written from the sentences of [SDM3 Paging, "Determination of Access Rights", "Protection Keys", "Page-Fault Exceptions",
/// "Accessed and Dirty Flags"]; shares no code with AccessRules, ReservedBits or PageWalker. In a set, bit n stands for level n.
/// </remarks>
internal static class AccessOracle
{
    private const int PtBit = 1 << 1;
    private const int PdBit = 1 << 2;
    private const int PdptBit = 1 << 3;
    private const int Pml4Bit = 1 << 4;
    private const int Pml5Bit = 1 << 5;

    public static MatrixResult Expect(in MatrixCase one)
    {
        PagingBits on = one.Mode.Bits;
        int levels = (on & PagingBits.La57) != 0 ? 0b11_1110 : 0b1_1110;
        int present = SetOf(one, 0) & levels;
        int sized = SetOf(one, 7) & levels;
        int reserved = Reserved(one, levels, sized);
        int leaves = PtBit | (sized & (PdBit | PdptBit));

        // The highest level that is absent, reserved or a leaf is where translation ends.
        int ends = Highest((levels & ~present) | reserved | leaves);
        if ((present & ends) == 0)
        {
            return new MatrixResult(false, Code(one, PageFaultCode.None), 0, 0);
        }

        if ((reserved & ends) != 0)
        {
            return new MatrixResult(false, Code(one, PageFaultCode.P | PageFaultCode.Rsvd), 0, 0);
        }

        int used = levels & ~(ends - 1);
        bool writable = (used & ~SetOf(one, 1)) == 0;
        bool userPage = (used & ~SetOf(one, 2)) == 0;
        bool executable = (on & PagingBits.Nxe) == 0 || (used & SetOf(one, 63)) == 0;
        Pte leaf = one.Entries[BitOperations.Log2((uint)ends)];
        bool keyDenies = KeyDenies(one, userPage, (int)(leaf.Raw >> 59) & 15);
        if (keyDenies || !Permitted(one.Access, on, writable, userPage, executable))
        {
            return new MatrixResult(false, Code(one, PageFaultCode.P | (keyDenies ? PageFaultCode.PK : 0)), 0, 0);
        }

        int dirty = one.Access.Kind == AccessKind.Write ? ends & ~SetOf(one, 6) : 0;
        return new MatrixResult(true, PageFaultCode.None, (byte)(used & ~SetOf(one, 5)), (byte)dirty);
    }

    /// <summary>The manual's list, read as it stands: first by mode of the access, then by its kind.</summary>
    private static bool Permitted(Access access, PagingBits on, bool writable, bool userPage, bool executable)
    {
        bool wp = (on & PagingBits.Wp) != 0;
        bool smep = (on & PagingBits.Smep) != 0;
        bool smap = (on & PagingBits.Smap) != 0;
        bool ac = (on & PagingBits.Ac) != 0;
        if (access.Origin == AccessOrigin.User)
        {
            // "User-mode accesses": supervisor addresses never; reads of any user address; writes where every R/W is 1.
            return userPage && (access.Kind == AccessKind.Read
                || (access.Kind == AccessKind.Write && writable)
                || (access.Kind == AccessKind.Fetch && executable));
        }

        if (access.Kind == AccessKind.Fetch)
        {
            // "Instruction fetches": from user addresses only while SMEP is 0.
            return executable && (!userPage || !smep);
        }

        // "Data reads" and "data writes": to user addresses with SMAP only explicitly and with AC; R/W counts with WP.
        bool reachable = !userPage || !smap || (ac && access.Origin == AccessOrigin.Supervisor);
        return reachable && (access.Kind == AccessKind.Read || writable || !wp);
    }

    private static bool KeyDenies(in MatrixCase one, bool userPage, int key)
    {
        bool applies = (one.Mode.Bits & PagingBits.Pke) != 0 && userPage && one.Access.Kind != AccessKind.Fetch;
        bool ad = ((one.Mode.Pkru >> (2 * key)) & 1) == 1;
        bool wd = ((one.Mode.Pkru >> ((2 * key) + 1)) & 1) == 1;
        bool wdCounts = one.Access.Origin == AccessOrigin.User || (one.Mode.Bits & PagingBits.Wp) != 0;
        return applies && (ad || (wd && wdCounts && one.Access.Kind == AccessKind.Write));
    }

    private static PageFaultCode Code(in MatrixCase one, PageFaultCode cause)
    {
        bool tellsFetch = (one.Mode.Bits & (PagingBits.Nxe | PagingBits.Smep)) != 0;
        return cause
            | (one.Access.Kind == AccessKind.Write ? PageFaultCode.WR : 0)
            | (one.Access.Origin == AccessOrigin.User ? PageFaultCode.US : 0)
            | (one.Access.Kind == AccessKind.Fetch && tellsFetch ? PageFaultCode.ID : 0);
    }

    /// <summary>Levels whose entry has a reserved bit; whether they are present is another question.</summary>
    private static int Reserved(in MatrixCase one, int levels, int sized)
    {
        int reserved = 0;
        for (int bit = one.Mode.MaxPhyAddr; bit <= 51; bit++)
        {
            reserved |= SetOf(one, bit);
        }

        reserved |= (one.Mode.Bits & PagingBits.Nxe) == 0 ? SetOf(one, 63) : 0;
        reserved |= sized & (Pml4Bit | Pml5Bit);
        reserved |= (one.Mode.Bits & PagingBits.Page1G) == 0 ? sized & PdptBit : 0;
        reserved |= (one.Mode.Bits & PagingBits.Pml4Bit8Reserved) != 0 ? SetOf(one, 8) & Pml4Bit : 0;
        for (int bit = 13; bit <= 29; bit++)
        {
            reserved |= SetOf(one, bit) & sized & PdptBit;
            reserved |= bit <= 20 ? SetOf(one, bit) & sized & PdBit : 0;
        }

        return reserved & levels;
    }

    /// <summary>The levels whose entry has a bit set.</summary>
    private static int SetOf(in MatrixCase one, int bit)
    {
        ulong set = 0;
        for (int level = 5; level >= 1; level--)
        {
            set = (set << 1) | ((one.Entries[level].Raw >> bit) & 1);
        }

        return (int)set << 1;
    }

    private static int Highest(int set) => 1 << BitOperations.Log2((uint)set);
}
