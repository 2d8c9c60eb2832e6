namespace MmuEmu.Emulator.Cpu;

/// <summary>Looks selectors up in the global and the local descriptor table.</summary>
/// <remarks>With <see cref="TrapMode.Exit"/> the guest has no tables, and <see cref="FlatDescriptors"/> stand for them.</remarks>
public static class Descriptors
{
    private const int LocalTable = 4;

    /// <summary>The descriptor that <paramref name="selector"/> names; of a 16-byte one the low half.</summary>
    /// <param name="vcpu">Whose tables.</param>
    /// <param name="selector">Not null.</param>
    /// <param name="descriptor">Out: the descriptor.</param>
    /// <param name="refused">Out: true when the selector is outside its table; false when reading faulted.</param>
    public static bool TryRead(Vcpu vcpu, ushort selector, out Descriptor descriptor, out bool refused)
    {
        if (vcpu.Traps == TrapMode.Exit)
        {
            refused = !FlatDescriptors.TryFind(vcpu.Control, selector, out descriptor);
            return !refused;
        }

        descriptor = default;
        if (!TryReadWord(vcpu, selector, 0, out ulong raw, out refused))
        {
            return false;
        }

        descriptor = new Descriptor(raw);
        return true;
    }

    /// <summary>The upper half of the 16-byte descriptor that <paramref name="selector"/> names: a gate's, a TSS's or an LDT's.</summary>
    public static bool TryReadUpper(Vcpu vcpu, ushort selector, out ulong upper, out bool refused) =>
        TryReadWord(vcpu, selector, 8, out upper, out refused);

    /// <summary>True when the type bits of an upper half are zero: those of another descriptor in its place would not be.</summary>
    /// <remarks>Source: [SDM3 Protected-Mode Memory Management, "Segment Descriptor Tables in IA-32e Mode"].</remarks>
    public static bool IsUpperHalf(ulong upper) => (upper >> 40 & 0x1F) == 0;

    private static bool TryReadWord(Vcpu vcpu, ushort selector, uint offset, out ulong word, out bool refused)
    {
        ControlRegisters control = vcpu.Control;
        bool local = (selector & LocalTable) != 0;
        uint last = (selector & ~7U) + offset + 7;
        word = 0;
        refused = local ? (control.Ldtr & ~3) == 0 || last > control.LdtLimit : last > control.GdtLimit;
        return !refused && vcpu.System.TryRead((local ? control.LdtBase : control.GdtBase) + (selector & ~7UL) + offset, out word);
    }
}
