using System.Diagnostics;
using MmuEmu.Kernel.State;

namespace MmuEmu.Kernel.Swap;

/// <summary>One swap area: slots of a page each, their use counts and their bytes.</summary>
/// <remarks>Source: [Linux mm/swapfile.c, swap_map].</remarks>
internal sealed class SwapDevice : IStateful
{
    private readonly SharedArray<Slot> _slots;
    private int _next = 1;

    /// <summary>An empty area of <paramref name="slots"/> slots, the header slot 0 among them.</summary>
    public SwapDevice(int slots)
    {
        _slots = new SharedArray<Slot>(slots);
        FreeSlots = Math.Max(0, slots - 1);
    }

    /// <summary>Slots, the header among them.</summary>
    public int SlotCount => _slots.Length;

    /// <summary>Slots that can be handed out now.</summary>
    public int FreeSlots { get; private set; }

    /// <summary>Entries in page tables that name the slot.</summary>
    public int CountOf(ulong slot) => slot < (ulong)_slots.Length ? _slots[(int)slot].Users : 0;

    /// <summary>True when the slot is handed out.</summary>
    public bool IsUsed(ulong slot) => slot < (ulong)_slots.Length && !_slots[(int)slot].IsFree;

    /// <summary>Takes the next free slot in turn, held by the swap cache; 0 when the area is full.</summary>
    public int TryTake()
    {
        for (int tried = 1; tried < _slots.Length; tried++)
        {
            int slot = _next;
            _next = _next + 1 < _slots.Length ? _next + 1 : 1;
            if (_slots[slot].IsFree)
            {
                Cache((ulong)slot);
                FreeSlots--;
                return slot;
            }
        }

        return 0;
    }

    /// <summary>One more entry names the slot.</summary>
    public void AddUser(ulong slot) => _slots[(int)slot] = _slots[(int)slot] with { Users = _slots[(int)slot].Users + 1 };

    /// <summary>One entry fewer names the slot; the last user frees it.</summary>
    public void DropUser(ulong slot)
    {
        Slot old = _slots[(int)slot];
        Debug.Assert(old.Users > 0, "the slot has no user");
        Put(slot, old with { Users = old.Users - 1 });
    }

    /// <summary>The swap cache holds the slot.</summary>
    public void Cache(ulong slot) => _slots[(int)slot] = _slots[(int)slot] with { Cached = true };

    /// <summary>The swap cache holds the slot no more.</summary>
    public void Uncache(ulong slot) => Put(slot, _slots[(int)slot] with { Cached = false });

    /// <summary>Stores a page of 4096 bytes.</summary>
    public void Write(ulong slot, ReadOnlySpan<byte> page) =>
        _slots[(int)slot] = _slots[(int)slot] with { Content = page.ToArray() };

    /// <summary>Fetches a page of 4096 bytes; zeros when the slot was never written.</summary>
    public void Read(ulong slot, Span<byte> page)
    {
        if (_slots[(int)slot].Content is { } bytes)
        {
            bytes.CopyTo(page);
            return;
        }

        page.Clear();
    }

    /// <summary>Changes a slot; one that nobody uses any more is free and empty.</summary>
    private void Put(ulong slot, Slot value)
    {
        _slots[(int)slot] = value.IsFree ? default : value;
        FreeSlots += value.IsFree ? 1 : 0;
    }

    object IStateful.Save(object? last) => (_next, FreeSlots);

    void IStateful.Restore(object state) => (_next, FreeSlots) = ((int, int))state;

    void IStateful.SeeParts(StateVisitor visitor) => visitor.See(_slots);

    /// <summary>One slot.</summary>
    /// <param name="Content">The page; never changes, another takes its place. Null while nothing is stored.</param>
    /// <param name="Users">Entries in page tables that name the slot.</param>
    /// <param name="Cached">Whether the swap cache holds the slot.</param>
    private readonly record struct Slot(byte[]? Content, int Users, bool Cached)
    {
        public bool IsFree => Users == 0 && !Cached;
    }
}
