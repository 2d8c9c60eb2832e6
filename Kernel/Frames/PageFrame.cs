using System.Diagnostics;
using MmuEmu.Emulator.Values;

namespace MmuEmu.Kernel.Frames;

/// <summary>What the kernel knows about one 4 KiB frame of RAM.</summary>
/// <remarks>Source: [Linux include/linux/mm_types.h, struct page].</remarks>
internal sealed class PageFrame
{
    private readonly FrameChunk _home;
    private PageFlags _flags;
    private byte _order;
    private MappingWord _mapping;
    private ulong _index;
    private ulong _swap;

    // The chunk knows already that something changed since it was saved or restored.
    private bool _noted;

    internal PageFrame(Pfn pfn, FrameChunk home)
    {
        (Pfn, _home) = (pfn, home);
        Note();
    }

    /// <summary>The frame number.</summary>
    public Pfn Pfn { get; }

    /// <summary>References held: one per mapping, one by the page or swap cache, one per user in the kernel; 0 means free.</summary>
    public int RefCount
    {
        get;
        set
        {
            field = value;
            Note();
        }
    }

    /// <summary>Present leaves that point here, over all address spaces.</summary>
    public int MapCount
    {
        get;
        set
        {
            field = value;
            Note();
        }
    }

    /// <summary>State bits.</summary>
    public PageFlags Flags
    {
        get => _flags;
        set
        {
            _flags = value;
            Note();
        }
    }

    /// <summary>Owner and state bits; changed through <see cref="SetLazyFree"/> while the owner stays.</summary>
    public MappingWord Mapping
    {
        get => _mapping;
        set
        {
            _mapping = value;
            Note();
        }
    }

    /// <summary>The page's place in its owner: page number in a file, or linear page index in an AnonVma.</summary>
    public ulong Index
    {
        get => _index;
        set
        {
            _index = value;
            Note();
        }
    }

    /// <summary>The swap slot, raw, while <see cref="PageFlags.SwapCache"/> is set.</summary>
    public ulong Swap
    {
        get => _swap;
        set
        {
            _swap = value;
            Note();
        }
    }

    /// <summary>log2 of the frames in the block that begins here; for heads of free or taken blocks.</summary>
    public int Order
    {
        get => _order;
        set
        {
            _order = (byte)value;
            Note();
        }
    }

    /// <summary>Frames that this record stands for: 512 for a huge page, else 1.</summary>
    public int PageCount => Has(PageFlags.Head) ? HugePage.Frames : 1;

    internal PageFrame? ListPrevious { get; private set; }

    internal PageFrame? ListNext { get; private set; }

    internal byte ListNumber { get; private set; }

    /// <summary>True when every bit of <paramref name="flags"/> is set.</summary>
    public bool Has(PageFlags flags) => (Flags & flags) == flags;

    /// <summary>Sets bits.</summary>
    public void Set(PageFlags flags) => Flags |= flags;

    /// <summary>Clears bits.</summary>
    public void Clear(PageFlags flags) => Flags &= ~flags;

    /// <summary>Takes the page lock; false when somebody holds it.</summary>
    public bool TryLock()
    {
        if (Has(PageFlags.Locked))
        {
            return false;
        }

        Set(PageFlags.Locked);
        return true;
    }

    /// <summary>Gives the page lock back.</summary>
    public void Unlock()
    {
        Debug.Assert(Has(PageFlags.Locked), "unlock of an unlocked page");
        Clear(PageFlags.Locked);
    }

    /// <summary>Marks the page lazy free; the page is locked and anonymous (F-053).</summary>
    public void SetLazyFree()
    {
        CheckLazyFree();
        Mapping = Mapping.WithLazyFree();
    }

    /// <summary>Makes a lazy-free page an ordinary anonymous one; the page is locked and anonymous (F-053).</summary>
    public void ClearLazyFree()
    {
        CheckLazyFree();
        Mapping = Mapping.WithoutLazyFree();
    }

    /// <summary>Belongs to nobody any more: no flags, no owner, no slot.</summary>
    internal void Empty()
    {
        Note();
        (_flags, _mapping, _index, _swap) = (PageFlags.None, MappingWord.None, 0, 0);
    }

    /// <summary>Its place on a list, or on none: number 0.</summary>
    internal void PutBetween(PageFrame? previous, PageFrame? next, byte number)
    {
        Note();
        (ListPrevious, ListNext, ListNumber) = (previous, next, number);
    }

    /// <summary>Another frame comes before it on its list.</summary>
    internal void PutAfter(PageFrame? previous)
    {
        Note();
        ListPrevious = previous;
    }

    /// <summary>Another frame comes after it on its list.</summary>
    internal void PutBefore(PageFrame? next)
    {
        Note();
        ListNext = next;
    }

    /// <summary>Number, counts and flags in one line.</summary>
    public override string ToString() => $"frame {Pfn} refs {RefCount} maps {MapCount} {Flags}";

    /// <summary>All that changes of it, as a value; what changes from now on is noted again.</summary>
    internal FrameState Save()
    {
        _noted = false;
        return new FrameState(this, (RefCount, MapCount, Flags, Mapping, Index, Swap, Order), (ListPrevious, ListNext, ListNumber));
    }

    /// <summary>Takes a state of its own back; what changes from now on is noted again.</summary>
    internal void Restore(FrameState state)
    {
        (RefCount, MapCount, Flags, Mapping, Index, Swap, Order) = state.Page;
        (ListPrevious, ListNext, ListNumber) = state.List;
        _noted = false;
    }

    private void Note()
    {
        if (!_noted)
        {
            _noted = true;
            _home.Note(Pfn);
        }
    }

    /// <summary>Stops the emulator: only its own mistake can bring an unlocked or foreign page here.</summary>
    private void CheckLazyFree()
    {
        if (!Has(PageFlags.Locked) || !Mapping.IsAnon)
        {
            throw new UnreachableException("lazy free needs a locked anonymous page");
        }
    }
}

/// <summary>The state of one record; never changes.</summary>
/// <param name="Frame">Whose it is.</param>
/// <param name="Page">Counts, flags, owner and place.</param>
/// <param name="List">Its neighbours on its list, and which list that is.</param>
internal sealed record FrameState(
    PageFrame Frame,
    (int RefCount, int MapCount, PageFlags Flags, MappingWord Mapping, ulong Index, ulong Swap, int Order) Page,
    (PageFrame? Previous, PageFrame? Next, byte Number) List);
