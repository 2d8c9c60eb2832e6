using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Frames;
using MmuEmu.Kernel.State;

namespace MmuEmu.Kernel.Windows;

/// <summary>Windows that may be slept with. Giving one back only counts down: it is used again after a flush on all processors.</summary>
/// <remarks>A frame has one window, however many hold it. Source: [Linux mm/highmem.c, map_new_virtual, flush_all_zero_pkmaps].</remarks>
/// <param name="tables">Where the entries are.</param>
/// <param name="flush">Who flushes.</param>
/// <param name="counters">Counts.</param>
/// <param name="slots">How many.</param>
internal sealed class KmapPool(WindowTables tables, IWindowFlush flush, WindowCounters counters, int slots) : IStateful
{
    private readonly SharedArray<Slot> _slots = new(slots);
    private readonly SharedMap<ulong, SlotNumber> _byFrame = new();
    private int _last;

    /// <summary>Windows somebody holds.</summary>
    public int Held { get; private set; }

    /// <summary>The window of a frame, opened if need be; false when all are held.</summary>
    public bool TryOpen(PageFrame frame, out OpenWindow window)
    {
        window = default;
        int number = _byFrame.Find(frame.Pfn.Raw)?.Number ?? TakeSlot(frame);
        if (number < 0)
        {
            return false;
        }

        Slot slot = _slots[number];
        Held += slot.Users == 0 ? 1 : 0;
        _slots[number] = slot with { Users = slot.Users + 1 };
        window = new OpenWindow(AddressOf(number), frame.Pfn, -1, default);
        return true;
    }

    /// <summary>True when <see cref="TryOpen"/> would give a window to a frame that has none.</summary>
    public bool HasRoom => Held < _slots.Length;

    /// <summary>One holder less.</summary>
    public void Close(in OpenWindow window)
    {
        int number = (int)((window.Address.Raw - WindowTables.PoolBase) >> 12);
        Slot slot = _slots[number];
        _slots[number] = slot with { Users = slot.Users - 1 };
        Held -= slot.Users == 1 ? 1 : 0;
    }

    private static VirtAddr AddressOf(int number) => new(WindowTables.PoolBase + ((ulong)number << 12));

    /// <summary>The next slot that is closed, going round; each time past the end the slots that nobody holds are closed first.</summary>
    private int TakeSlot(PageFrame frame)
    {
        counters.Add(WindowCounter.KmapHigh);
        for (int tried = 0; tried < _slots.Length; tried++)
        {
            _last = (_last + 1) % _slots.Length;
            if (_last == 0)
            {
                CloseUnheld();
                tried = 0;
            }

            if (!_slots[_last].IsOpen)
            {
                tables.Open(AddressOf(_last), frame.Pfn);
                _slots[_last] = new Slot(frame.Pfn, 0, true);
                _byFrame.Set(frame.Pfn.Raw, new SlotNumber(_last));
                return _last;
            }

            if (!HasRoom)
            {
                return -1;
            }
        }

        return -1;
    }

    private void CloseUnheld()
    {
        for (int i = 0; i < _slots.Length; i++)
        {
            if (_slots[i] is { IsOpen: true, Users: 0 } slot)
            {
                tables.Close(AddressOf(i));
                _ = _byFrame.Remove(slot.Frame.Raw);
                _slots[i] = default;
            }
        }

        counters.Add(WindowCounter.KmapFlush);
        counters.Add(WindowCounter.FlushIpi, (ulong)flush.Everywhere());
    }

    object IStateful.Save(object? last) => (_last, Held);

    void IStateful.Restore(object state) => (_last, Held) = ((int, int))state;

    void IStateful.SeeParts(StateVisitor visitor)
    {
        visitor.See(_slots);
        visitor.See(_byFrame);
    }

    /// <summary>One window.</summary>
    private readonly record struct Slot(Pfn Frame, int Users, bool IsOpen);

    /// <summary>Which window a frame has.</summary>
    private sealed record SlotNumber(int Number);
}
