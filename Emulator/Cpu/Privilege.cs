using MmuEmu.Emulator.Paging;
using MmuEmu.Emulator.Tlb;
using MmuEmu.Emulator.Translation;

namespace MmuEmu.Emulator.Cpu;

/// <summary>Changes of the system state that translation depends on: control registers, RFLAGS.AC, PKRU, CPL.</summary>
/// <remarks>Each keeps the MMU's mode and the look-aside in step. Source: [SDM3 Paging, "Paging Modes and Control Bits"].</remarks>
public static unsafe class Privilege
{
    private const PagingBits Processor = PagingBits.Page1G | PagingBits.Pml4Bit8Reserved;

    /// <summary>The control registers as one value.</summary>
    public static ControlState StateOf(Vcpu vcpu) =>
        new(vcpu.Control.Cr0, vcpu.Control.Cr3, vcpu.Control.Cr4, vcpu.Control.Efer);

    /// <summary>Stores new control registers, tells the MMU, and invalidates what is owed.</summary>
    public static void Apply(Vcpu vcpu, in ControlState next, in TlbInvalidation owed)
    {
        ControlRegisters control = vcpu.Control;
        (control.Cr0, control.Cr3, control.Cr4, control.Efer) = (next.Cr0, next.Cr3, next.Cr4, next.Efer);
        PagingMode old = vcpu.Mmu.Mode;
        vcpu.Mmu.Mode = ControlRegisterRules.ModeOf(next, (old.Bits & Processor) | AcOf(vcpu), control.Pkru, old.MaxPhyAddr);
        vcpu.Mmu.Invalidate(owed);
        AccessChecks.Update(vcpu);
        vcpu.RefreshBars();
    }

    /// <summary>Tells the MMU of RFLAGS.AC and PKRU, which user code changes; all else of its mode stays as whoever set it left it.</summary>
    public static void Refresh(Vcpu vcpu)
    {
        PagingMode old = vcpu.Mmu.Mode;
        vcpu.Mmu.Mode = old with { Bits = (old.Bits & ~PagingBits.Ac) | AcOf(vcpu), Pkru = vcpu.Control.Pkru };
    }

    /// <summary>Enters the code segment <paramref name="selector"/>; its low bits are the new CPL.</summary>
    public static void EnterCode(Vcpu vcpu, ushort selector)
    {
        int before = vcpu.Control.Cpl;
        vcpu.Control.Cs = selector;
        if (vcpu.Control.Cpl != before)
        {
            vcpu.Pages.DropAll();
            AccessChecks.Update(vcpu);
        }
    }

    /// <summary>Sets RFLAGS, and the mode when AC has changed.</summary>
    public static void SetFlags(Vcpu vcpu, ulong value)
    {
        ulong before = Rflags.Settle(vcpu.State);
        Rflags.Write(vcpu.State, value);
        if (((before ^ value) & Rflags.AC) != 0)
        {
            Refresh(vcpu);
            AccessChecks.Update(vcpu);
        }
    }

    private static PagingBits AcOf(Vcpu vcpu) => (vcpu.State->Rflags & Rflags.AC) != 0 ? PagingBits.Ac : PagingBits.None;
}
