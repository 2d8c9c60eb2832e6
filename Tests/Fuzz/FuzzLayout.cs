namespace MmuEmu.Tests.Fuzz;

/// <summary>Where everything lies in a fuzz program; all of it below 2 GiB, so that the runner needs no register to reach it.</summary>
/// <remarks>
/// <code>
///  0040_0000 runner            r-x      1000_0000  unmapped page
///  0050_0039 case code, 64 B a slot     1000_1000  page 0    rw-
///  0080_0000 case records      r--      1000_2000  page 1    rw-
///  0100_0000 register images   r--      1000_3000  page 2    r--
///  0180_0000 memory images     r--      1000_4000  unmapped
///  2B6D_3000 control block     rw-      1010_0000  page Q    rw-, unmapped before and behind
///  2C6D_5000 output, alternate stack, stack
/// </code>
/// </remarks>
public static class FuzzLayout
{
    public const ulong Runner = 0x40_0000;

    /// <summary>Not a multiple of 64: every 64th slot lies across two pages.</summary>
    public const ulong Slots = 0x50_0039;
    public const int SlotBytes = 64;

    /// <summary>In a slot: where taken branches arrive.</summary>
    public const int Landing = 56;
    public const ulong Records = 0x80_0000;
    public const int RecordBytes = 192;
    public const ulong Images = 0x100_0000;
    public const int ImageBytes = 832;
    public const ulong Memories = 0x180_0000;
    /// <summary>What the runner writes lies far from round numbers, which wild addresses like.</summary>
    public const ulong Control = 0x2B6D_3000;
    public const ulong Output = 0x2C6D_5000;
    public const ulong AltStack = 0x2D6D_7000;
    public const int StackBytes = 0x1_0000;
    public const ulong Stack = 0x2E6D_9000;
    public const ulong Page0 = 0x1000_1000;
    public const ulong Page1 = Page0 + 0x1000;
    public const ulong ReadOnlyPage = Page0 + 0x2000;
    public const ulong Beyond = Page0 + 0x3000;
    public const ulong PageQ = 0x1010_0000;
    public const ulong EndOfProgram = 0x1_0000_0000;
    public const ulong EndOfUserSpace = 0x7FFF_FFFF_F000;
    public const ulong FsBase = Page1 + 0x200;
    public const ulong GsBase = PageQ + 0x100;

    /// <summary>Parts of the written memory that are set before and kept after each case: the edges of pages and one inner place.</summary>
    public static IReadOnlyList<FuzzWindow> EdgeWindows { get; } =
    [
        new(Page0, 64), new(Page1 - 64, 128), new(Page1 + 0x400, 192), new(ReadOnlyPage - 64, 64), new(PageQ + 0x1000 - 64, 64),
    ];

    /// <summary>All written memory, for instructions that touch much of it.</summary>
    public static IReadOnlyList<FuzzWindow> WholeWindows { get; } = [new(Page0, 0x2000), new(PageQ, 0x1000)];
}

/// <summary>A piece of memory that a case may change.</summary>
/// <param name="At">Its address, a multiple of 8.</param>
/// <param name="Bytes">Its length, a multiple of 8.</param>
public readonly record struct FuzzWindow(ulong At, int Bytes);

/// <summary>One case as the runner reads it: byte offsets in a record.</summary>
public static class FuzzRecord
{
    public const int Registers = 0;
    public const int Flags = 128;
    public const int Code = 136;
    public const int Image = 144;
    public const int Memory = 152;
    public const int Patch1At = 160;
    public const int Patch1Value = 168;
    public const int Patch2At = 176;
    public const int Patch2Value = 184;
}

/// <summary>What the runner writes for a case: byte offsets.</summary>
/// <remarks>An XSAVE area of 832 bytes, 24 words of registers and signal, then the windows of memory.</remarks>
public static class FuzzResult
{
    public const int Fcw = 0;
    public const int Fsw = 2;
    public const int Tags = 4;
    public const int FpuPointers = 6;
    public const int Mxcsr = 24;
    public const int St = 32;
    public const int Xmm = 160;
    public const int LegacyEnd = 416;
    public const int Upper = 576;
    public const int Registers = 832;
    public const int Flags = Registers + 128;
    public const int Rip = Flags + 8;
    public const int Signal = Rip + 8;
    public const int Address = Signal + 8;
    public const int Trap = Address + 8;
    public const int Cr2 = Trap + 8;
    public const int FsBase = Cr2 + 8;
    public const int GsBase = FsBase + 8;
    public const int Windows = GsBase + 8;
}
