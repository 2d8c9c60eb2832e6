namespace MmuEmu.Emulator.Timing;

/// <summary>Registers that an instruction reads or writes, as bits: what one instruction must wait for in another.</summary>
/// <param name="Bits">
/// <code>
///  15..0   RAX RCX RDX RBX RSP RBP RSI RDI R8..R15
///  31..16  XMM0..XMM15 with their upper halves
///  39..32  the x87 registers, MM0..MM7: physical ones are not known before it runs, so any x87 register is all of them
///  40      FS          41  GS          42  the other segment registers; each with its base
///  43      MXCSR       44  x87 control and status words
///  45      control, debug and descriptor-table registers
/// </code>
/// </param>
public readonly record struct RegisterSet(ulong Bits)
{
    /// <summary>No register.</summary>
    public static RegisterSet None => default;

    /// <summary>All x87 and MMX registers.</summary>
    public static RegisterSet X87 => new(0xFFUL << 32);

    /// <summary>FS, selector and base.</summary>
    public static RegisterSet Fs => new(1UL << 40);

    /// <summary>GS, selector and base.</summary>
    public static RegisterSet Gs => new(1UL << 41);

    /// <summary>The other segment registers.</summary>
    public static RegisterSet Segments => new(1UL << 42);

    /// <summary>MXCSR.</summary>
    public static RegisterSet Mxcsr => new(1UL << 43);

    /// <summary>The x87 control and status words.</summary>
    public static RegisterSet X87Words => new(1UL << 44);

    /// <summary>Control, debug and descriptor-table registers.</summary>
    public static RegisterSet System => new(1UL << 45);

    /// <summary>All that FXSAVE and XSAVE move: x87, vector registers and their words.</summary>
    public static RegisterSet SavedState => new RegisterSet(0xFF_FFFF_0000) | Mxcsr | X87Words;

    /// <summary>A general-purpose register by the hardware's number, 0 (RAX) to 15.</summary>
    public static RegisterSet General(int number) => new(1UL << number);

    /// <summary>A vector register, 0 to 15.</summary>
    public static RegisterSet Vector(int number) => new(1UL << (16 + number));

    /// <summary>The registers of both.</summary>
    public static RegisterSet operator |(RegisterSet left, RegisterSet right) => new(left.Bits | right.Bits);

    /// <summary>The registers that are in both.</summary>
    public static RegisterSet operator &(RegisterSet left, RegisterSet right) => new(left.Bits & right.Bits);

    /// <summary>True when every register of <paramref name="other"/> is in it.</summary>
    public bool Has(RegisterSet other) => (Bits & other.Bits) == other.Bits;

    /// <summary>True when it has none.</summary>
    public bool IsEmpty => Bits == 0;
}
