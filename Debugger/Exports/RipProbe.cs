using MmuEmu.Emulator.Cpu;

namespace MmuEmu.Debugger.Exports;

/// <summary>Knows which instruction runs: inside a block the processor's own RIP is an earlier one's.</summary>
internal sealed class RipProbe : IInstructionProbe
{
    /// <summary>The instruction that runs, or ran last.</summary>
    public ulong Rip { get; private set; }

    /// <inheritdoc/>
    public void Before(ulong time, ulong rip, ulong rsp) => Rip = rip;

    /// <inheritdoc/>
    public bool Seeks(ulong rip) => true;

    /// <inheritdoc/>
    public void Passed(ulong time, ulong rip) => Rip = rip;
}
