namespace MmuEmu.Emulator.Cpu;

/// <summary>Looks selectors up in the guest's global descriptor table.</summary>
public static class Descriptors
{
    /// <summary>The descriptor that <paramref name="selector"/> names.</summary>
    /// <param name="vcpu">Whose table.</param>
    /// <param name="selector">Not null.</param>
    /// <param name="descriptor">Out: the descriptor.</param>
    /// <param name="refused">Out: true when the selector is outside the table or names the local one; false when reading faulted.</param>
    public static bool TryRead(Vcpu vcpu, ushort selector, out Descriptor descriptor, out bool refused)
    {
        descriptor = default;
        refused = (selector & 4) != 0 || (selector | 7) > vcpu.Control.GdtLimit;
        if (refused || !vcpu.System.TryRead(vcpu.Control.GdtBase + (selector & ~7UL), out ulong raw))
        {
            return false;
        }

        descriptor = new Descriptor(raw);
        return true;
    }
}
