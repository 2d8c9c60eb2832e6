using MmuEmu.Emulator.Values;

namespace MmuEmu.Kernel.Windows;

/// <summary>Makes processors forget the translations of windows, which are global.</summary>
internal interface IWindowFlush
{
    /// <summary>The processor at work.</summary>
    int Cpu { get; }

    /// <summary>INVLPG on processor <paramref name="cpu"/>.</summary>
    void Here(int cpu, VirtAddr address);

    /// <summary>Flushes everything on all processors.</summary>
    /// <returns>Interrupts sent to other processors.</returns>
    int Everywhere();
}
