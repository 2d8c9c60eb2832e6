using MmuEmu.Emulator.Memory;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Frames;
using MmuEmu.Kernel.State;

namespace MmuEmu.Kernel.Windows;

/// <summary>Through what the kernel reaches frames of which it has no mapping.</summary>
internal sealed class KernelWindows : IWholeOfParts
{
    private readonly PhysicalMemory _ram;
    private readonly IWindowFlush _flush;
    private readonly ulong _highFrom;

    /// <summary>Windows over <paramref name="tables"/>.</summary>
    public KernelWindows(PhysicalMemory ram, WindowTables tables, IWindowFlush flush, CopyProfile profile, WindowCounters counters)
    {
        (_ram, Tables, _flush, _highFrom, FileSlot) = (ram, tables, flush, profile.HighFrom, profile.SharesUserSlot ? WindowType.User0 : WindowType.FileMap);
        Pool = new KmapPool(tables, flush, counters, profile.PoolSlots);
        Slots = new AtomicSlots(tables, flush, counters, profile.LeavesEntries);
    }

    /// <summary>The tables of the kernel's range.</summary>
    public WindowTables Tables { get; }

    /// <summary>Windows that may be slept with.</summary>
    public KmapPool Pool { get; }

    /// <summary>Windows that may not.</summary>
    public AtomicSlots Slots { get; }

    /// <summary>The slot that file copies use.</summary>
    public WindowType FileSlot { get; }

    /// <summary>True for a frame of which the kernel has no mapping.</summary>
    public bool IsHigh(PageFrame frame) => frame.Pfn.Raw >= _highFrom;

    /// <summary>An atomic window on <paramref name="frame"/>, for processor <paramref name="cpu"/>.</summary>
    public OpenWindow OpenAtomic(int cpu, WindowType type, PageFrame frame) =>
        IsHigh(frame) ? Slots.Open(cpu, type, frame) : new OpenWindow(default, frame.Pfn, cpu, type);

    /// <summary>A window on <paramref name="frame"/> that may be slept with; false when all are held.</summary>
    public bool TryOpen(PageFrame frame, out OpenWindow window)
    {
        window = new OpenWindow(default, frame.Pfn, -1, default);
        return !IsHigh(frame) || Pool.TryOpen(frame, out window);
    }

    /// <summary>Gives a window back.</summary>
    public void Close(in OpenWindow window)
    {
        if (window.IsDirect)
        {
            return;
        }

        if (window.IsAtomic)
        {
            Slots.Close(window);
            return;
        }

        Pool.Close(window);
    }

    /// <summary>Zeroes a frame by way of the processor's User0 slot.</summary>
    public void Zero(PageFrame frame)
    {
        OpenWindow window = OpenAtomic(_flush.Cpu, WindowType.User0, frame);
        _ram.ZeroPage(window.Frame);
        Close(window);
    }

    /// <summary>Copies a frame by way of the processor's User1 and User0 slots.</summary>
    public void Copy(PageFrame from, PageFrame to)
    {
        OpenWindow source = OpenAtomic(_flush.Cpu, WindowType.User1, from);
        OpenWindow target = OpenAtomic(_flush.Cpu, WindowType.User0, to);
        _ram.CopyPage(source.Frame, target.Frame);
        Close(target);
        Close(source);
    }

    void IStateful.SeeParts(StateVisitor visitor) => visitor.See(Pool);
}
