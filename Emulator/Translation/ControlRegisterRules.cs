using MmuEmu.Emulator.Paging;
using MmuEmu.Emulator.Tlb;
using MmuEmu.Emulator.Values;

namespace MmuEmu.Emulator.Translation;

/// <summary>Which control-register values are accepted, and which invalidation each change obliges.</summary>
/// <remarks>
/// Pure functions: false means #GP(0) and no change. The caller stores the new state, sets <see cref="Mmu.Mode"/> and then
/// calls <see cref="Mmu.Invalidate"/> with what is owed.
/// <code>
///  change                          owed                              row
///  CR0.PG 1 to 0                   All                               T-039
///  CR0.WP                          None                              T-040
///  CR3, PCIDE=0                    PcidKeepGlobal(0)                 T-030
///  CR3, PCIDE=1, bit 63 = 0        PcidKeepGlobal(new PCID)          T-031
///  CR3, PCIDE=1, bit 63 = 1        None                              T-032
///  CR4.PGE                         All                               T-037
///  CR4.PCIDE 1 to 0                All                               T-036
///  CR4.PAE, CR4.SMEP 0 to 1        OfPcid(current)                   T-038
///  CR4.SMAP, CR4.PKE, others       None                              T-040
///  EFER                            None
/// </code>
/// Source: [SDM3 Paging, "Operations that Invalidate TLBs and Paging-Structure Caches"; SDM2 "MOV—Move to/from Control Registers"].
/// </remarks>
public static class ControlRegisterRules
{
    private const ulong Cr3NoFlush = 1UL << 63;

    /// <summary>MOV to CR0 from 64-bit code, where paging cannot be turned off.</summary>
    public static bool TryWriteCr0(in ControlState now, ulong value, out ControlState next, out TlbInvalidation owed)
    {
        bool pagingOff = Falls(now.Cr0, value, Cr0Bits.Pg);
        if (pagingOff && now.LongMode)
        {
            (next, owed) = (now, TlbInvalidation.None);
            return false;
        }

        return TryWriteCr0FromLegacyCode(now, value, out next, out owed);
    }

    /// <summary>MOV to CR0 from code outside 64-bit mode: compatibility or protected mode.</summary>
    public static bool TryWriteCr0FromLegacyCode(in ControlState now, ulong value, out ControlState next, out TlbInvalidation owed)
    {
        (next, owed) = (now, TlbInvalidation.None);
        bool paging = Is(value, Cr0Bits.Pg);
        if (value >> 32 != 0
            || (paging && !Is(value, Cr0Bits.Pe))
            || (Is(value, Cr0Bits.Nw) && !Is(value, Cr0Bits.Cd))
            || (Rises(now.Cr0, value, Cr0Bits.Pg) && Is(now.Efer, EferBits.Lme) && !Is(now.Cr4, Cr4Bits.Pae))
            || (Falls(now.Cr0, value, Cr0Bits.Pg) && Is(now.Cr4, Cr4Bits.Pcide)))
        {
            return false;
        }

        ulong lma = paging && Is(now.Efer, EferBits.Lme) ? EferBits.Lma : 0;
        next = now with
        {
            Cr0 = (value & Cr0Bits.Stored) | Cr0Bits.Et,
            Efer = (now.Efer & ~EferBits.Lma) | lma,
        };
        owed = Falls(now.Cr0, value, Cr0Bits.Pg) ? TlbInvalidation.All : TlbInvalidation.None;
        return true;
    }

    /// <summary>MOV to CR3.</summary>
    public static bool TryWriteCr3(
        in ControlState now, ulong value, in ControlLimits limits, out ControlState next, out TlbInvalidation owed)
    {
        (next, owed) = (now, TlbInvalidation.None);
        bool pcids = Is(now.Cr4, Cr4Bits.Pcide);
        ulong stored = pcids ? value & ~Cr3NoFlush : value;
        if (stored >> limits.MaxPhyAddr != 0)
        {
            return false;
        }

        next = now with { Cr3 = stored };
        owed = pcids && Is(value, Cr3NoFlush) ? TlbInvalidation.None : TlbInvalidation.PcidKeepGlobal(next.Pcid);
        return true;
    }

    /// <summary>MOV to CR4.</summary>
    public static bool TryWriteCr4(
        in ControlState now, ulong value, in ControlLimits limits, out ControlState next, out TlbInvalidation owed)
    {
        (next, owed) = (now, TlbInvalidation.None);
        if ((value & ~limits.Cr4) != 0
            || (now.LongMode && !Is(value, Cr4Bits.Pae))
            || (now.LongMode && Changes(now.Cr4, value, Cr4Bits.La57))
            || (Rises(now.Cr4, value, Cr4Bits.Pcide) && (!now.LongMode || (now.Cr3 & 0xFFF) != 0)))
        {
            return false;
        }

        next = now with { Cr4 = value };
        if (Changes(now.Cr4, value, Cr4Bits.Pge) || Falls(now.Cr4, value, Cr4Bits.Pcide))
        {
            owed = TlbInvalidation.All;
        }
        else if (Changes(now.Cr4, value, Cr4Bits.Pae) || Rises(now.Cr4, value, Cr4Bits.Smep))
        {
            owed = TlbInvalidation.OfPcid(now.Pcid);
        }

        return true;
    }

    /// <summary>WRMSR to IA32_EFER; LMA keeps its value whatever is written.</summary>
    public static bool TryWriteEfer(in ControlState now, ulong value, in ControlLimits limits, out ControlState next)
    {
        next = now;
        if ((value & ~(limits.Efer | EferBits.Lma)) != 0
            || (Is(now.Cr0, Cr0Bits.Pg) && Changes(now.Efer, value, EferBits.Lme)))
        {
            return false;
        }

        next = now with { Efer = (value & ~EferBits.Lma) | (now.Efer & EferBits.Lma) };
        return true;
    }

    /// <summary>The paging mode that the registers select; features of the processor and RFLAGS.AC are the caller's part.</summary>
    /// <param name="state">CR0, CR3, CR4 and EFER.</param>
    /// <param name="extra">Any of <see cref="PagingBits.Ac"/>, <see cref="PagingBits.Page1G"/>, <see cref="PagingBits.Pml4Bit8Reserved"/>.</param>
    /// <param name="pkru">The PKRU register.</param>
    /// <param name="maxPhyAddr">Physical-address width in bits.</param>
    public static PagingMode ModeOf(in ControlState state, PagingBits extra, uint pkru, byte maxPhyAddr) => new(
        Root: new Pfn((state.Cr3 & Pte.FrameMask) >> 12),
        Pcid: state.Pcid,
        Bits: extra
            | If(state.Cr0, Cr0Bits.Wp, PagingBits.Wp)
            | If(state.Cr4, Cr4Bits.Pge, PagingBits.Pge)
            | If(state.Cr4, Cr4Bits.Pcide, PagingBits.Pcide)
            | If(state.Cr4, Cr4Bits.Smep, PagingBits.Smep)
            | If(state.Cr4, Cr4Bits.Smap, PagingBits.Smap)
            | If(state.Cr4, Cr4Bits.Pke, PagingBits.Pke)
            | If(state.Cr4, Cr4Bits.La57, PagingBits.La57)
            | If(state.Efer, EferBits.Nxe, PagingBits.Nxe),
        MaxPhyAddr: maxPhyAddr,
        Pkru: pkru);

    private static bool Is(ulong value, ulong bit) => (value & bit) != 0;

    private static bool Changes(ulong old, ulong value, ulong bit) => ((old ^ value) & bit) != 0;

    private static bool Rises(ulong old, ulong value, ulong bit) => (~old & value & bit) != 0;

    private static bool Falls(ulong old, ulong value, ulong bit) => (old & ~value & bit) != 0;

    private static PagingBits If(ulong value, ulong bit, PagingBits meaning) => Is(value, bit) ? meaning : PagingBits.None;
}
