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
}
