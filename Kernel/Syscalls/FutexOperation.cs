namespace MmuEmu.Kernel.Syscalls;

/// <summary>What FUTEX_WAKE_OP does to the second word, and when it wakes the second word's waiters.</summary>
/// <param name="Raw">
/// <code>
///   31      30..28      27..24       23..12     11..0
///   shift   operation   comparison   operand    compared with
/// </code>
/// Both operands are signed; with the shift bit the first means one shifted by it.
/// </param>
/// <remarks>Source: [Linux kernel/futex/waitwake.c, futex_atomic_op_inuser].</remarks>
internal readonly record struct FutexOperation(uint Raw)
{
    private const uint HighestOperation = 4;
    private const uint HighestComparison = 5;

    /// <summary>The operation is one that Linux has.</summary>
    public bool KnowsOperation => Operation <= HighestOperation;

    /// <summary>The comparison is one that Linux has.</summary>
    public bool KnowsComparison => Comparison <= HighestComparison;

    private uint Operation => Raw >> 28 & 7;

    private uint Comparison => Raw >> 24 & 15;

    private uint Operand
    {
        get
        {
            int value = (int)(Raw << 8) >> 20;
            return (Raw >> 31) != 0 ? 1U << (value & 31) : (uint)value;
        }
    }

    private int Compared => (int)(Raw << 20) >> 20;

    /// <summary>The word's new value.</summary>
    public uint Apply(uint old) => Operation switch
    {
        0 => Operand,
        1 => old + Operand,
        2 => old | Operand,
        3 => old & ~Operand,
        _ => old ^ Operand,
    };

    /// <summary>The comparison holds for the word's old value.</summary>
    public bool Holds(uint old) => Comparison switch
    {
        0 => (int)old == Compared,
        1 => (int)old != Compared,
        2 => (int)old < Compared,
        3 => (int)old <= Compared,
        4 => (int)old > Compared,
        _ => (int)old >= Compared,
    };
}
