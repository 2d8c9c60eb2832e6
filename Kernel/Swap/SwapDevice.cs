using System.Diagnostics;

namespace MmuEmu.Kernel.Swap;

/// <summary>One swap area: slots of a page each, their use counts and their bytes.</summary>
/// <remarks>Source: [Linux mm/swapfile.c, swap_map].</remarks>
internal sealed class SwapDevice
{
    private readonly byte[]?[] _content;
    private readonly int[] _counts;
    private readonly bool[] _cached;
    private int _next = 1;

    /// <summary>An empty area of <paramref name="slots"/> slots, the header slot 0 among them.</summary>
    public SwapDevice(int slots)
    {
        _content = new byte[]?[slots];
        _counts = new int[slots];
        _cached = new bool[slots];
        FreeSlots = Math.Max(0, slots - 1);
    }

    /// <summary>Slots, the header among them.</summary>
    public int SlotCount => _counts.Length;

    /// <summary>Slots that can be handed out now.</summary>
    public int FreeSlots { get; private set; }

    /// <summary>Entries in page tables that name the slot.</summary>
    public int CountOf(ulong slot) => slot < (ulong)_counts.Length ? _counts[slot] : 0;

    /// <summary>True when the slot is handed out.</summary>
    public bool IsUsed(ulong slot) => slot < (ulong)_counts.Length && (_counts[slot] != 0 || _cached[slot]);

    /// <summary>Takes the next free slot in turn, held by the swap cache; 0 when the area is full.</summary>
    public int TryTake()
    {
        for (int tried = 1; tried < _counts.Length; tried++)
        {
            int slot = _next;
            _next = _next + 1 < _counts.Length ? _next + 1 : 1;
            if (_counts[slot] == 0 && !_cached[slot])
            {
                _cached[slot] = true;
                FreeSlots--;
                return slot;
            }
        }

        return 0;
    }

    /// <summary>One more entry names the slot.</summary>
    public void AddUser(ulong slot) => _counts[slot]++;

    /// <summary>One entry fewer names the slot; the last user frees it.</summary>
    public void DropUser(ulong slot)
    {
        Debug.Assert(_counts[slot] > 0, "the slot has no user");
        _counts[slot]--;
        FreeIfUnused(slot);
    }

    /// <summary>The swap cache holds the slot.</summary>
    public void Cache(ulong slot) => _cached[slot] = true;

    /// <summary>The swap cache holds the slot no more.</summary>
    public void Uncache(ulong slot)
    {
        _cached[slot] = false;
        FreeIfUnused(slot);
    }

    /// <summary>Stores a page of 4096 bytes.</summary>
    public void Write(ulong slot, ReadOnlySpan<byte> page) => page.CopyTo(_content[slot] ??= new byte[4096]);

    /// <summary>Fetches a page of 4096 bytes; zeros when the slot was never written.</summary>
    public void Read(ulong slot, Span<byte> page)
    {
        if (_content[slot] is { } bytes)
        {
            bytes.CopyTo(page);
            return;
        }

        page.Clear();
    }

    private void FreeIfUnused(ulong slot)
    {
        if (_counts[slot] == 0 && !_cached[slot])
        {
            _content[slot] = null;
            FreeSlots++;
        }
    }
}
