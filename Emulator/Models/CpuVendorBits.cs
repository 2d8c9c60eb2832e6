namespace MmuEmu.Emulator.Models;

/// <summary>A bit of CPUID that tells of its maker's ways, and that no <c>--cpu</c> word switches.</summary>
/// <param name="Vendor">Who reports it.</param>
/// <param name="Bit">Where.</param>
/// <param name="With">The features without which it would say nothing.</param>
/// <param name="What">What it says, for people.</param>
public sealed record CpuVendorBitRow(CpuVendor Vendor, CpuidBit Bit, CpuFeatures With, string What);

/// <summary>The bits of CPUID that differ between the makers for the same features.</summary>
/// <remarks>Source: [SDM2 "CPUID"]; [APM3 "CPUID"].</remarks>
public static class CpuVendorBitTable
{
    private const uint Extended = 0x8000_0001;

    /// <summary>The bits of leaf 1, EDX that AMD repeats in leaf 8000_0001H, EDX: 9:0, 17:12, 24:23.</summary>
    /// <remarks>Bit 11 is SYSENTER in the one and SYSCALL in the other.</remarks>
    public const uint AmdRepeats = 0x0183_F3FF;

    /// <summary>The bits, by maker and leaf.</summary>
    public static IReadOnlyList<CpuVendorBitRow> Rows { get; } =
    [
        new(CpuVendor.Amd, new(Extended, 0, CpuidRegister.Ecx, 4), 0, "AltMovCr8: LOCK MOV CR0 names CR8"),
        new(CpuVendor.Amd, new(Extended, 0, CpuidRegister.Ecx, 7), CpuFeatures.Sse, "misaligned SSE mode: MXCSR.MM"),
        new(CpuVendor.Amd, new(Extended, 0, CpuidRegister.Ecx, 22), 0, "topology extensions: leaves 8000001DH and 8000001EH"),
        new(CpuVendor.Amd, new(Extended, 0, CpuidRegister.Edx, 22), CpuFeatures.Sse, "AMD's extensions of MMX, all of them in SSE"),
        new(CpuVendor.Amd, new(0x8000_0008, 0, CpuidRegister.Ebx, 2), CpuFeatures.Fxsr, "x87 error pointers are always saved and restored"),
        new(CpuVendor.Intel, new(7, 0, CpuidRegister.Ebx, 6), CpuFeatures.Fpu, "the x87 data pointer follows unmasked exceptions only"),
        new(CpuVendor.Intel, new(7, 0, CpuidRegister.Ebx, 13), CpuFeatures.Fpu, "the selectors of the x87 pointers are zero"),
    ];
}
