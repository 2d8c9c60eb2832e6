namespace MmuEmu.Emulator.Cpu;

/// <summary>Where an operand has to lie while alignment is checked (<see cref="AccessChecks"/>).</summary>
internal static class Alignment
{
    /// <summary>The alignment that an access of <paramref name="bytes"/> bytes wants, as a mask of address bits that are zero.</summary>
    /// <remarks>
    /// Operands up to 16 bytes want their own size, 32 bytes want 16 (where vectors are checked at all), far pointers the size of their offset, 80-bit values 8, x87 environments and
    /// states the size of their words. Source: [SDM3 Interrupt and Exception Handling, "Alignment Requirements by Data Type"].
    /// </remarks>
    public static ulong MaskOf(int bytes) => bytes switch
    {
        2 or 4 or 8 or 16 => (ulong)bytes - 1,
        32 => 15,
        6 or 28 or 108 => 3,
        10 => 7,
        14 or 94 => 1,
        _ => 0,
    };
}
