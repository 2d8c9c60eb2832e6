using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Frames;
using MmuEmu.Kernel.State;

namespace MmuEmu.Kernel.Windows;

/// <summary>Windows that their holder must not sleep with: one of each type for each processor, opened by one store and one local INVLPG.</summary>
/// <remarks>Nothing keeps two holders apart but that neither sleeps: a slot has one entry, and the last one who opened it decides where it leads.</remarks>
/// <param name="tables">Where the entries are.</param>
/// <param name="flush">Who flushes.</param>
/// <param name="counters">Counts.</param>
/// <param name="leaves">True when closing leaves the entry as it is.</param>
internal sealed class AtomicSlots(WindowTables tables, IWindowFlush flush, WindowCounters counters, bool leaves) : IWholeOfParts
{
    private const int Types = (int)WindowType.BioDst + 1;

    /// <summary>Opens the slot on <paramref name="frame"/>, whatever it led to before.</summary>
    public OpenWindow Open(int cpu, WindowType type, PageFrame frame)
    {
        VirtAddr at = AddressOf(cpu, type);
        counters.Add(WindowCounter.KmapAtomic);
        tables.Open(at, frame.Pfn);
        Forget(cpu, at);
        return new OpenWindow(at, frame.Pfn, cpu, type);
    }

    /// <summary>Closes the slot, on the processor whose it is.</summary>
    public void Close(in OpenWindow window)
    {
        if (!leaves)
        {
            tables.Close(window.Address);
            flush.Here(window.Cpu, window.Address);
        }
    }

    private static VirtAddr AddressOf(int cpu, WindowType type) => new(WindowTables.AtomicBase + ((ulong)((cpu * Types) + (int)type) << 12));

    private void Forget(int cpu, VirtAddr at)
    {
        counters.Add(WindowCounter.Invlpg);
        flush.Here(cpu, at);
    }
}
