using MmuEmu.Emulator.Values;

namespace MmuEmu.Emulator.Paging;

/// <summary><see cref="AccessRules.Allow"/> worked out beforehand: one bit per combination of rights.</summary>
/// <remarks>
/// A row belongs to one setting of WP, SMEP, SMAP, NXE and AC. It has a byte for each origin and kind; in the byte, bit n tells
/// whether the rights with number n (RW 1, US 2, XD 4) let the access through. Derived from the rules, never written by hand.
/// </remarks>
internal static class AccessTable
{
    private const PagingBits Deciding = PagingBits.Wp | PagingBits.Smep | PagingBits.Smap | PagingBits.Nxe | PagingBits.Ac;
    private const int Kinds = 3;
    private const int Origins = 3;
    private static readonly byte[][] Rows = BuildRows();

    /// <summary>The column of an origin and a kind, 0 to 8.</summary>
    internal static int ColumnOf(AccessOrigin origin, AccessKind kind) => ((int)origin * Kinds) + (int)kind;

    /// <summary>The number of the rights that a raw entry holds, 0 to 7: RW 1, US 2, XD 4.</summary>
    internal static int NumberOf(ulong entry) => (int)((entry >> 1) & 3) | (int)((entry >> 61) & 4);

    /// <summary>The row for a mode; index it with <see cref="ColumnOf"/>.</summary>
    internal static byte[] Row(PagingBits bits) => Rows[RowNumber(bits)];

    private static int RowNumber(PagingBits bits) =>
        Bit(bits, PagingBits.Wp, 0) | Bit(bits, PagingBits.Smep, 1) | Bit(bits, PagingBits.Smap, 2)
        | Bit(bits, PagingBits.Nxe, 3) | Bit(bits, PagingBits.Ac, 4);

    private static int Bit(PagingBits bits, PagingBits bit, int place) => (bits & bit) == 0 ? 0 : 1 << place;

    private static byte[][] BuildRows()
    {
        byte[][] rows = new byte[32][];
        for (uint raw = 0; raw <= (uint)Deciding; raw++)
        {
            PagingBits bits = (PagingBits)raw;
            if ((bits & ~Deciding) == 0)
            {
                rows[RowNumber(bits)] = BuildRow(new PagingMode(default, 0, bits, 52, 0));
            }
        }

        return rows;
    }

    private static byte[] BuildRow(in PagingMode mode)
    {
        byte[] row = new byte[Kinds * Origins];
        for (int column = 0; column < row.Length; column++)
        {
            Access access = new(default, (AccessKind)(column % Kinds), (AccessOrigin)(column / Kinds));
            for (int number = 0; number < 8; number++)
            {
                ulong entry = ((ulong)(number & 3) << 1) | ((ulong)(number >> 2) << 63);
                if (AccessRules.Allow(access, mode, Rights.All.Narrow(new Pte(entry))))
                {
                    row[column] |= (byte)(1 << number);
                }
            }
        }

        return row;
    }
}
