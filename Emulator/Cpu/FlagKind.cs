namespace MmuEmu.Emulator.Cpu;

/// <summary>From what the arithmetic flags CF, PF, AF, ZF, SF and OF follow.</summary>
/// <remarks>
/// ZF, SF and PF always follow from the result; the kinds differ in CF, OF and AF. Operands lie left-aligned in 64 bits,
/// so that one formula serves every width.
/// <code>
///  kind     CF            OF                    AF
///  Add      R &lt; A         (A^R)&amp;(B^R)           A^B^R
///  Sub      A &lt; B         (A^B)&amp;(A^R)           A^B^R
///  Logic    0             0                     0
///  Carry    stash bit 0   (A^R)&amp;(B^R)           A^B^R      ADC, INC
///  Borrow   stash bit 0   (A^B)&amp;(A^R)           A^B^R      SBB, DEC
///  Stash    stash bit 0   stash bit 11          stash bit 4    shifts, rotates, multiplications
///  Eager    RFLAGS holds all six
/// </code>
/// </remarks>
public enum FlagKind : uint
{
    /// <summary>RFLAGS holds them.</summary>
    Eager,

    /// <summary>An addition without carry in.</summary>
    Add,

    /// <summary>A subtraction or comparison without borrow in.</summary>
    Sub,

    /// <summary>A logical operation.</summary>
    Logic,

    /// <summary>An addition whose CF is stashed.</summary>
    Carry,

    /// <summary>A subtraction whose CF is stashed.</summary>
    Borrow,

    /// <summary>CF and OF are stashed.</summary>
    Stash,
}
