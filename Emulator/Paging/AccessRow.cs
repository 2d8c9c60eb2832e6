using System.Runtime.CompilerServices;
using MmuEmu.Emulator.Values;

namespace MmuEmu.Emulator.Paging;

/// <summary><see cref="AccessRules.Allow"/> worked out beforehand for one setting of WP, SMEP, SMAP, NXE and AC.</summary>
/// <remarks>
/// A word per origin. Bit 8k + n tells whether rights number n (RW 1, US 2, XD 4) let an access of kind k through.
/// Derived from the rules, never written by hand.
/// </remarks>
internal readonly struct AccessRow
{
    private const PagingBits Deciding = PagingBits.Wp | PagingBits.Smep | PagingBits.Smap | PagingBits.Nxe | PagingBits.Ac;
    private static readonly AccessRow[] Rows = BuildRows();

    private readonly Words _words;

    private AccessRow(in PagingMode mode)
    {
        for (AccessOrigin origin = AccessOrigin.User; origin <= AccessOrigin.ImplicitSupervisor; origin++)
        {
            _words[(int)origin] = BuildWord(mode, origin);
        }
    }

    /// <summary>The row of a mode.</summary>
    internal static AccessRow Of(PagingBits bits) => Rows[RowNumber(bits)];

    /// <summary>What the rights of a raw entry allow an origin: bit 0 read, bit 8 write, bit 16 fetch.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal uint Allowed(AccessOrigin origin, ulong entry) =>
        _words[(int)origin & 3] >> (int)(((entry >> 1) & 3) | ((entry >> 61) & 4));

    private static int RowNumber(PagingBits bits) =>
        Bit(bits, PagingBits.Wp, 0) | Bit(bits, PagingBits.Smep, 1) | Bit(bits, PagingBits.Smap, 2)
        | Bit(bits, PagingBits.Nxe, 3) | Bit(bits, PagingBits.Ac, 4);

    private static int Bit(PagingBits bits, PagingBits bit, int place) => (bits & bit) == 0 ? 0 : 1 << place;

    private static AccessRow[] BuildRows()
    {
        AccessRow[] rows = new AccessRow[32];
        for (uint raw = 0; raw <= (uint)Deciding; raw++)
        {
            PagingBits bits = (PagingBits)raw;
            if ((bits & ~Deciding) == 0)
            {
                rows[RowNumber(bits)] = new AccessRow(new PagingMode(default, 0, bits, 52, 0));
            }
        }

        return rows;
    }

    private static uint BuildWord(in PagingMode mode, AccessOrigin origin)
    {
        uint word = 0;
        for (int bit = 0; bit < 24; bit++)
        {
            Access access = new(default, (AccessKind)(bit >> 3), origin);
            ulong entry = ((ulong)(bit & 3) << 1) | ((ulong)(bit >> 2) << 63);
            word |= AccessRules.Allow(access, mode, Rights.All.Narrow(new Pte(entry))) ? 1U << bit : 0;
        }

        return word;
    }

    /// <summary>One per origin; the fourth is never used, it spares the bounds check.</summary>
    [InlineArray(4)]
    private struct Words
    {
        private uint _first;
    }
}
