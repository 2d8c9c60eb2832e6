using MmuEmu.Emulator.Values;

namespace MmuEmu.Debugger.Exports;

/// <summary>Arrows from what took a page away to what needed it again.</summary>
internal sealed class TimelineFlows
{
    private readonly Dictionary<(int Space, ulong Page), ulong> _pages = [];
    private readonly Dictionary<ulong, ulong> _slots = [];
    private ulong _last;

    /// <summary>A page of a space has gone; the number of the arrow that begins.</summary>
    public ulong Gone(int space, VirtAddr address) => address.Raw == 0 ? 0 : _pages[(space, address.PageNumber)] = ++_last;

    /// <summary>A page has gone to a slot of swap.</summary>
    public ulong GoneTo(ulong slot) => _slots[slot] = ++_last;

    /// <summary>A page is touched again: the arrow that ends here, 0 for none.</summary>
    public ulong Missed(int space, VirtAddr address) => _pages.Remove((space, address.PageNumber), out ulong flow) ? flow : 0;

    /// <summary>A page is read back from a slot of swap.</summary>
    public ulong Back(ulong slot) => _slots.Remove(slot, out ulong flow) ? flow : 0;
}
