using MmuEmu.Emulator.Memory;
using MmuEmu.Emulator.Paging;
using MmuEmu.Emulator.Timing;
using MmuEmu.Emulator.Tlb;
using MmuEmu.Emulator.Values;

namespace MmuEmu.Emulator.Translation;

/// <summary>One core's memory-management unit: TLBs, paging-structure caches and the walker behind one call.</summary>
/// <remarks>Source: [SDM3 Paging].</remarks>
public sealed class Mmu
{
    private readonly PhysicalMemory _ram;
    private readonly MmuOptions _options;
    private PagingMode _mode;
    private MmuOutcome _last;

    /// <summary>An MMU that walks tables in <paramref name="ram"/>, with nothing cached.</summary>
    public Mmu(PhysicalMemory ram, MmuOptions options) => (_ram, _options) = (ram, options);

    /// <summary>The choices it was made with.</summary>
    public MmuOptions Options => _options;

    /// <summary>
    /// The control state that translation depends on. Setting it changes no TLB content: the caller invalidates what
    /// <see cref="ControlRegisterRules"/> names. The look-aside is emptied when the rules it was filled by have changed.
    /// </summary>
    public PagingMode Mode
    {
        get => _mode;
        set
        {
            if (value.Bits != _mode.Bits || value.Pkru != _mode.Pkru || value.Pcid != _mode.Pcid)
            {
                LookAside?.DropAll();
            }

            _mode = value;
        }
    }

    /// <summary>What happened, in numbers.</summary>
    public MmuCounters Counters { get; } = new();

    /// <summary>A host-side shortcut that is told of everything that leaves the TLB; null for none.</summary>
    public ILookAside? LookAside { get; set; }

    /// <summary>Who sees the slow path; null for nobody.</summary>
    public IMmuWatcher? Watcher { get; set; }

    /// <summary>What the last <see cref="TryTranslate"/> did.</summary>
    public ref readonly MmuOutcome LastOutcome => ref _last;

    /// <summary>Finds the physical address for one access, from the TLB or the tables, and sets the A and D bits it owes.</summary>
    /// <param name="access">The access; its address is canonical, and it does not cross a page.</param>
    /// <param name="translation">Out: where it goes, when the result is true.</param>
    /// <param name="fault">Out: the #PF to deliver, when the result is false.</param>
    public bool TryTranslate(in Access access, out Translated translation, out PageFault fault)
    {
        _last.TlbLevel = 0;
        _last.Walks = 0;
        _last.EarlierReferences = 0;
        _last.EntriesMarked = 0;
        while (true)
        {
            _last.Walks++;
            Counters.Walks++;
            bool reached = PageWalker.TryWalk(
                _ram, _mode, WalkStart.AtRoot(_mode), access, out WalkPath path, out Leaf leaf, out fault);
            _last.Path = path;
            _last.Faulted = !reached;
            _last.StartLevel = _mode.RootLevel;
            _last.Size = leaf.Size;
            Watcher?.Observe(new MmuEvent(MmuEventKind.Walk, access, path, fault, default));
            if (!reached)
            {
                Counters.Faults++;
                if (_options.AccessedOnFault == AccessedOnFault.MarkUpper)
                {
                    AccessedDirty.MarkUpper(_ram, path);
                }

                translation = default;
                return false;
            }

            if (AccessedDirty.TryCommit(_ram, path, access.Kind, out _))
            {
                ulong offset = access.Address.Raw & (leaf.Size.Bytes() - 1);
                translation = new Translated(leaf.Entry.LeafFrame(leaf.Size).Base + offset, leaf.Size, 0, false, false);
                return true;
            }
        }
    }

    /// <summary>Reads the tables for a debugger: no A or D bit, TLB entry, replacement order or counter changes.</summary>
    /// <param name="address">Any address; a non-canonical one reaches nothing.</param>
    /// <param name="leaf">Out: the leaf, whatever its rights, when the result is true.</param>
    /// <param name="path">Out: the entries read.</param>
    /// <returns>True when a leaf was reached.</returns>
    public bool TryPeek(VirtAddr address, out Leaf leaf, out WalkPath path)
    {
        if (!address.IsCanonical(_mode.AddressBits))
        {
            (leaf, path) = (default, default);
            return false;
        }

        Access read = new(address, AccessKind.Read, AccessOrigin.Supervisor);
        bool allowed = PageWalker.TryWalk(_ram, _mode, WalkStart.AtRoot(_mode), read, out path, out leaf, out PageFault fault);
        return allowed || (fault.Code & (PageFaultCode.P | PageFaultCode.Rsvd)) == PageFaultCode.P;
    }

    /// <summary>Drops cached translations.</summary>
    public void Invalidate(in TlbInvalidation what)
    {
        Watcher?.Observe(new MmuEvent(MmuEventKind.Invalidate, default, default, default, what));
        LookAside?.DropAll();
    }

    /// <summary>INVLPG: drops one page of the current PCID (T-020 to T-025).</summary>
    public void InvalidatePage(VirtAddr address) => Invalidate(TlbInvalidation.Page(address, _mode.Pcid));

    /// <summary>Drops everything.</summary>
    public void InvalidateAll() => Invalidate(TlbInvalidation.All);
}
