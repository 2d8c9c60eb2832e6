namespace MmuEmu.Emulator.Cpu;

/// <summary>The descriptor table that programs meet while their kernel is outside the machine: flat segments, all bases zero.</summary>
/// <remarks>
/// <code>
///  0x10  kernel code   0x18  kernel data   0x23  32-bit code   0x2B  data   0x33  64-bit code   0x7B  the processor's number, as a limit
/// </code>
/// Source: [Linux arch/x86/kernel/cpu/common.c, gdt_page; arch/x86/include/asm/segment.h, __CPUNODE_SEG].
/// </remarks>
public static class FlatDescriptors
{
    private const ulong CpuNumber = 0x0040_F500_0000_0000;

    /// <summary>The descriptor of <paramref name="selector"/>; false when there is none.</summary>
    public static bool TryFind(ControlRegisters control, ushort selector, out Descriptor descriptor)
    {
        descriptor = new Descriptor((selector & ~3) switch
        {
            0x08 => 0x00CF_9B00_0000_FFFF,
            0x10 => 0x00AF_9B00_0000_FFFF,
            0x18 => 0x00CF_9300_0000_FFFF,
            0x20 => 0x00CF_FB00_0000_FFFF,
            0x28 => 0x00CF_F300_0000_FFFF,
            0x30 => 0x00AF_FB00_0000_FFFF,
            0x78 => CpuNumber | (control.TscAux & 0xFFFF) | ((control.TscAux & 0xF_0000) << 32),
            _ => 0,
        });
        return descriptor.Raw != 0;
    }
}
