using MmuEmu.Emulator.Paging;
using MmuEmu.Emulator.Tlb;
using MmuEmu.Emulator.Values;

namespace MmuEmu.Emulator.Translation;

/// <summary>Which invalidation an INVPCID instruction asks for.</summary>
/// <remarks>
/// <code>
///  type  drops                                          descriptor used
///   0    one address of one PCID, no globals            PCID, address
///   1    one PCID, no globals                           PCID
///   2    everything
///   3    everything but globals
/// </code>
/// The privilege check (CPL 0) is the instruction's. Source: [SDM2 "INVPCID—Invalidate Process-Context Identifier"].
/// </remarks>
public static class InvpcidRules
{
    /// <summary>Validates the operands; false means #GP(0).</summary>
    /// <param name="type">The register operand, all 64 bits.</param>
    /// <param name="descriptor">The low 8 bytes of the descriptor: PCID in bits 11:0, the rest reserved.</param>
    /// <param name="address">The high 8 bytes of the descriptor.</param>
    /// <param name="mode">The paging mode.</param>
    /// <param name="addressBits">Width of the processor's linear addresses, 48 or 57; it may be more than that of the mode.</param>
    /// <param name="owed">Out: what to invalidate.</param>
    public static bool TryPlan(ulong type, ulong descriptor, VirtAddr address, in PagingMode mode, int addressBits, out TlbInvalidation owed)
    {
        owed = TlbInvalidation.None;
        ushort pcid = (ushort)(descriptor & 0xFFF);
        if (type > 3
            || descriptor >> 12 != 0
            || (type <= 1 && pcid != 0 && !mode.Has(PagingBits.Pcide))
            || (type == 0 && !address.IsCanonical(addressBits)))
        {
            return false;
        }

        owed = type switch
        {
            0 => TlbInvalidation.PageKeepGlobal(address, pcid),
            1 => TlbInvalidation.PcidKeepGlobal(pcid),
            2 => TlbInvalidation.All,
            _ => TlbInvalidation.AllKeepGlobal,
        };
        return true;
    }
}
