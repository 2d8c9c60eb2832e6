using Iced.Intel;

namespace MmuEmu.Tests.Fuzz;

/// <summary>Addresses of memory operands: inside a window, misaligned, across pages, in read-only or unmapped pages, anywhere.</summary>
public static class FuzzSpots
{
    /// <summary>Bytes of the memory operand, at least 1.</summary>
    public static int SizeOf(in Instruction instruction) => Math.Max(1, instruction.MemorySize.GetSize());

    /// <summary>Base of the segment that the instruction addresses.</summary>
    public static ulong SegmentBase(in Instruction instruction) => instruction.SegmentPrefix switch
    {
        Register.FS => FuzzLayout.FsBase,
        Register.GS => FuzzLayout.GsBase,
        _ => 0,
    };

    /// <summary>An address for an operand of <paramref name="size"/> bytes.</summary>
    public static ulong Address(FuzzRandom random, int size)
    {
        int natural = Math.Min(32, size);
        ulong part = (ulong)random.Next(1, Math.Max(2, natural));
        return random.Next(100) switch
        {
            < 40 => Inner(random, size) & ~((ulong)natural - 1),
            < 62 => Inner(random, size),
            < 72 => FuzzLayout.Page1 - part,
            < 76 => FuzzLayout.Page1 - (ulong)size,
            < 79 => FuzzLayout.Page0,
            < 81 => FuzzLayout.Page0 - part,
            < 83 => FuzzLayout.ReadOnlyPage - part,
            < 86 => FuzzLayout.ReadOnlyPage - (ulong)size,
            < 89 => FuzzLayout.ReadOnlyPage + ((ulong)random.Next(64) & ~((ulong)natural - 1)),
            < 91 => FuzzLayout.Beyond - part,
            < 93 => FuzzLayout.PageQ + 0x1000 - part,
            < 96 => FuzzLayout.PageQ + 0x1000 - (ulong)size,
            < 98 => FuzzLayout.Beyond + (ulong)random.Next(4096),
            < 99 => 0xFFFF_8000_0000_0000 | random.Bits(),
            _ => FuzzValues.Word(random),
        };
    }

    private static ulong Inner(FuzzRandom random, int size) =>
        FuzzLayout.Page1 + 0x400 + (ulong)random.Next(Math.Max(1, 192 - size));
}
