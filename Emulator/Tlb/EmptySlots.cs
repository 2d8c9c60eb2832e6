namespace MmuEmu.Emulator.Tlb;

/// <summary>The empty slots of an endless array: those that came free, the last one first, then those that were never filled.</summary>
internal struct EmptySlots
{
    private int _used;
    private int _free;

    /// <summary>All slots are empty.</summary>
    public EmptySlots() => _free = SlotLists.None;

    /// <summary>How many slots were ever filled; they are the lowest.</summary>
    internal readonly int Used => _used;

    /// <summary>Takes one; false when all slots there are hold entries.</summary>
    internal bool TryTake(TlbSlot[] slots, out int slot)
    {
        if (_free >= 0)
        {
            slot = _free;
            _free = slots[slot].Chain;
            return true;
        }

        slot = _used;
        _used += slot < slots.Length ? 1 : 0;
        return slot < slots.Length;
    }

    /// <summary>A slot came free.</summary>
    internal void Add(TlbSlot[] slots, int slot) => (slots[slot].Chain, _free) = (_free, slot);
}
