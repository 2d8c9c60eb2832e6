using System.Runtime.CompilerServices;
using MmuEmu.Emulator.Models;
using MmuEmu.Emulator.Translation;

namespace MmuEmu.Emulator.Cpu;

/// <summary>Checks that every data access has to pass while they are in effect: alignment, and data breakpoints.</summary>
/// <remarks>
/// While one is, the look-aside is bypassed, so that each access comes to the slow path; else they cost nothing.
/// Alignment is checked at CPL 3 with CR0.AM and RFLAGS.AC set.
/// Source: [SDM3 Interrupt and Exception Handling, "Interrupt 17—Alignment Check Exception (#AC)"].
/// </remarks>
public static class AccessChecks
{
    /// <summary>Tells the data port and the look-aside what is in effect now.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe void Update(Vcpu vcpu)
    {
        bool aligned = (vcpu.State->Rflags & Rflags.AC) != 0
            && (vcpu.Control.Cr0 & Cr0Bits.Am) != 0
            && vcpu.Control.Cpl == 3;
        vcpu.Data.ChecksAlignment = aligned;
        vcpu.Data.ChecksVectors = aligned && !vcpu.Model.Has(CpuHabits.VectorsEscapeAlignmentCheck);
        vcpu.Pages.Bypassed = aligned || vcpu.Debug.WatchesData;
    }

    /// <summary>The alignment that an access of <paramref name="bytes"/> bytes wants, as a mask of address bits that are zero.</summary>
    /// <remarks>
    /// Operands up to 16 bytes want their own size, 32 bytes want 16 (where vectors are checked at all), far pointers the size of their offset, 80-bit values 8, x87 environments and
    /// states the size of their words. Source: [SDM3 Interrupt and Exception Handling, "Alignment Requirements by Data Type"].
    /// </remarks>
    public static ulong AlignmentMaskOf(int bytes) => bytes switch
    {
        2 or 4 or 8 or 16 => (ulong)bytes - 1,
        32 => 15,
        6 or 28 or 108 => 3,
        10 => 7,
        14 or 94 => 1,
        _ => 0,
    };
}
