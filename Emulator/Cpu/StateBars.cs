using MmuEmu.Emulator.Models;
using MmuEmu.Emulator.Translation;

namespace MmuEmu.Emulator.Cpu;

/// <summary>What keeps x87, MMX, SSE, AVX and XSAVE instructions from running; none for a user program.</summary>
/// <remarks>Source: [SDM3 System Architecture Overview, "Control Registers"]; [SDM3 System Programming for Instruction Set Extensions].</remarks>
[Flags]
public enum StateBars : byte
{
    /// <summary>Nothing does.</summary>
    None = 0,

    /// <summary>CR0.EM.</summary>
    Emulation = 1,

    /// <summary>CR0.TS.</summary>
    TaskSwitched = 2,

    /// <summary>CR0.MP and CR0.TS: WAIT is barred too.</summary>
    Wait = 4,

    /// <summary>CR4.OSFXSR is clear.</summary>
    NoSse = 8,

    /// <summary>CR4.OSXSAVE is clear.</summary>
    NoXsave = 16,

    /// <summary>CR4.OSXSAVE is clear, or XCR0 lacks SSE or AVX.</summary>
    NoAvx = 32,
}

/// <summary>The registers that decide of the bars, as they were seen last: the engine asks at the begin of each run, and mostly nothing has changed.</summary>
internal struct BarringBits
{
    private bool _known;
    private ulong _cr0;
    private ulong _cr4;
    private ulong _xcr0;

    /// <summary>Looks at them; false when they are as they were.</summary>
    internal bool TryRenew(ControlRegisters control)
    {
        if (_known && control.Cr0 == _cr0 && control.Cr4 == _cr4 && control.Xcr0 == _xcr0)
        {
            return false;
        }

        (_known, _cr0, _cr4, _xcr0) = (true, control.Cr0, control.Cr4, control.Xcr0);
        return true;
    }
}

/// <summary>Which bits of the control registers bar what.</summary>
public static class StateBarsRules
{
    private const ulong VectorState = XsaveComponents.Sse | XsaveComponents.Avx;

    /// <summary>The bars that <paramref name="control"/> puts up on <paramref name="model"/>; none on what the model lacks anyway.</summary>
    public static StateBars Of(ControlRegisters control, CpuModel model)
    {
        bool xsave = Set(control.Cr4, Cr4Bits.Osxsave);
        return (Set(control.Cr0, Cr0Bits.Em) ? StateBars.Emulation : StateBars.None)
            | (Set(control.Cr0, Cr0Bits.Ts) ? StateBars.TaskSwitched : StateBars.None)
            | (Set(control.Cr0, Cr0Bits.Ts | Cr0Bits.Mp) ? StateBars.Wait : StateBars.None)
            | (Set(control.Cr4, Cr4Bits.Osfxsr) ? StateBars.None : StateBars.NoSse)
            | (xsave || !model.Has(CpuFeatures.Xsave) ? StateBars.None : StateBars.NoXsave)
            | ((xsave && Set(control.Xcr0, VectorState)) || !model.Has(CpuFeatures.Avx) ? StateBars.None : StateBars.NoAvx);
    }

    private static bool Set(ulong value, ulong bits) => (value & bits) == bits;
}
