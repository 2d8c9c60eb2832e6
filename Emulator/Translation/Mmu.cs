using System.Runtime.CompilerServices;
using MmuEmu.Emulator.Memory;
using MmuEmu.Emulator.Paging;
using MmuEmu.Emulator.Tlb;
using MmuEmu.Emulator.Tracing;
using MmuEmu.Emulator.Values;

namespace MmuEmu.Emulator.Translation;

/// <summary>One core's memory-management unit: TLBs, paging-structure caches and the walker behind one call.</summary>
/// <remarks>
/// <code>
///  TryTranslate: first-level TLB ─► second level ─► paging-structure caches ─► walk ─► A and D ─► fill
///                     │ refused, or D owed                                        │ refused
///                     └────────────────► fresh walk                              └─► drop what the address uses, #PF
/// </code>
/// Source: [SDM3 Paging].
/// </remarks>
public sealed class Mmu
{
    private const uint MayRead = 1 << 0;
    private const uint MayWrite = 1 << 8;

    private readonly PhysicalMemory _ram;
    private readonly TlbHierarchy _tlb;
    private readonly TlbStage _data;
    private readonly TlbStage _code;
    private readonly PageMissHandler _misses;
    private PagingMode _mode;
    private AccessRow _rules = AccessRow.Of(PagingBits.None);
    private bool _keysOn;

    /// <summary>An MMU that walks tables in <paramref name="ram"/>, with nothing cached.</summary>
    public Mmu(PhysicalMemory ram, MmuOptions options)
    {
        _ram = ram;
        Options = options;
        _tlb = new TlbHierarchy(options.TlbMode, options.Geometry);
        _data = _tlb.FirstFor(AccessKind.Read);
        _code = _tlb.FirstFor(AccessKind.Fetch);
        _misses = new PageMissHandler(ram, options, _tlb, Counters);
    }

    /// <summary>The choices it was made with.</summary>
    public MmuOptions Options { get; }

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
                _rules = AccessRow.Of(value.Bits);
                _keysOn = value.Has(PagingBits.Pke);
            }

            _mode = value;
        }
    }

    /// <summary>What happened, in numbers.</summary>
    public MmuCounters Counters { get; } = new();

    /// <summary>A host-side shortcut that is told of everything that leaves the TLB; null for none.</summary>
    /// <remarks>It must keep origins apart: an entry made for supervisor code serves no user access.</remarks>
    public ILookAside? LookAside
    {
        get => _tlb.LookAside;
        set => _tlb.LookAside = value;
    }

    /// <summary>Who sees the slow path; null for nobody.</summary>
    public ITraceSink? Trace
    {
        get => _misses.Trace.Sink;
        set => _misses.Trace = new TraceGate(value);
    }

    /// <summary>What the last <see cref="TryTranslate"/> did; valid until the next.</summary>
    public ref readonly MmuOutcome LastOutcome => ref _misses.Last;

    /// <summary>Finds the physical address for one access, from the TLB or the tables, and sets the A and D bits it owes.</summary>
    /// <param name="access">The access; its address is canonical, and it does not cross a page.</param>
    /// <param name="translated">Out: where it goes, when the result is true.</param>
    /// <param name="fault">Out: the #PF to deliver, when the result is false.</param>
    public bool TryTranslate(in Access access, out Translated translated, out PageFault fault)
    {
        TlbStage first = access.IsFetch ? _code : _data;
        ulong value = first.UseSmall(access.Address, _mode.Pcid);
        if (value == 0 || !Lets(access, value, out bool canWrite))
        {
            return TryFurther(access, first, value, out translated, out fault);
        }

        Counters.CountFirstLevelHit(access.Kind);
        _misses.Last.Begin(1, PageSize.Size4K);
        PhysAddr address = new((value & Pte.FrameMask) | (access.Address.Raw & (PageSize.Size4K.Bytes() - 1)));
        translated = new Translated(address, PageSize.Size4K, 1, canWrite, Held: true);
        fault = default;
        return true;
    }

    /// <summary>Reads the tables for a debugger: no A or D bit, TLB entry, replacement order or counter changes.</summary>
    /// <param name="address">Any address; a non-canonical one reaches nothing.</param>
    /// <param name="leaf">Out: the leaf, whatever its rights, when the result is true.</param>
    /// <param name="path">Out: the entries read.</param>
    /// <returns>True when a leaf was reached.</returns>
    public bool TryPeek(VirtAddr address, out Leaf leaf, out WalkPath path)
    {
        (leaf, path) = (default, default);
        if (address.IsCanonical(_mode.AddressBits))
        {
            Access read = new(address, AccessKind.Read, AccessOrigin.Supervisor);
            _ = PageWalker.TryWalk(_ram, _mode, WalkStart.AtRoot(_mode), read, out path, out leaf, out _);
        }

        return leaf.Entry.Present;
    }

    /// <summary>Where a byte lies as the tables stand, whatever the rights; for a debugger: nothing changes.</summary>
    /// <param name="address">The address; one that is not canonical lies nowhere.</param>
    /// <param name="where">Out: its physical address, when the result is true.</param>
    public bool TryPeek(VirtAddr address, out PhysAddr where)
    {
        where = default;
        return address.IsCanonical(_mode.AddressBits) && PageWalker.TryFind(_ram, _mode, address, out where);
    }

    /// <summary>Where a walk for a canonical address would begin now, had no TLB its translation; for a debugger: nothing changes.</summary>
    public WalkStart PeekStart(VirtAddr address) =>
        Options.TlbMode == TlbMode.NoCache ? WalkStart.AtRoot(_mode) : _tlb.Psc.PeekStart(address, _mode);

    /// <summary>True when some TLB level holds a translation that an access of <paramref name="kind"/> would use; for a debugger: nothing changes.</summary>
    public bool HoldsTranslation(AccessKind kind, VirtAddr address) => _tlb.Holds(kind, address, _mode.Pcid);

    /// <summary>Brings a translation in as PREFETCHh may: never faults, sets A but never D, changes no outcome (P-043).</summary>
    /// <param name="access">The access that may follow; a non-canonical address is ignored.</param>
    public void Prefetch(in Access access) => _misses.Prefetch(_mode, access);

    /// <summary>Drops cached translations.</summary>
    public void Invalidate(in TlbInvalidation what)
    {
        bool onePage = what.Scope is TlbScope.Page or TlbScope.PageKeepGlobal;
        Counters.PageFlushes += onePage ? 1UL : 0;
        Counters.Flushes += onePage || what.Scope == TlbScope.None ? 0 : 1UL;
        _tlb.Invalidate(onePage && !what.Address.IsCanonical(_mode.AddressBits) ? what.WithoutAddress() : what);
        _misses.Trace.For(TraceEventKind.Invalidated)?.Take(
            new TraceEvent(TraceEventKind.Invalidated) { Address = what.Address, Detail = new InvalidationDetail(what) });
    }

    /// <summary>INVLPG: drops one page of the current PCID, its global entries of any PCID, and every paging-structure-cache entry of the PCID (T-020 to T-025).</summary>
    public void InvalidatePage(VirtAddr address) => Invalidate(TlbInvalidation.Page(address, _mode.Pcid));

    /// <summary>Drops everything.</summary>
    public void InvalidateAll() => Invalidate(TlbInvalidation.All);

    /// <summary>Adds the entries of one cache to a list, in the order of their slots; for views, changes nothing.</summary>
    public void List(TlbArrayName which, List<TlbEntry> into) => _tlb.List(which, into);

    /// <summary>Its state as a value, without who watches it; <paramref name="last"/> is an earlier one to share with.</summary>
    internal MmuImage Save(MmuImage? last) => new(_mode, _tlb.Save(last?.Tlb), _misses.Last, _misses.LastHeld, Counters.Copy());

    /// <summary>Takes that state again; the look-aside is not told, because its own state comes back too.</summary>
    internal void Restore(MmuImage image)
    {
        (_mode, _rules, _keysOn) = (image.Mode, AccessRow.Of(image.Mode.Bits), image.Mode.Has(PagingBits.Pke));
        _tlb.Restore(image.Tlb);
        (_misses.Last, _misses.LastHeld) = (image.Last, image.LastHeld);
        Counters.Take(image.Counters);
    }

    /// <summary>Everything but a plain hit on a 4 KiB page of the first level; apart from it, so that a hit needs little of a stack frame.</summary>
    /// <param name="access">The access.</param>
    /// <param name="first">Its first level.</param>
    /// <param name="value">What the first level holds for it as a 4 KiB page and refuses, or lacks D; 0 when it holds none.</param>
    /// <param name="translated">Out: as of <see cref="TryTranslate"/>.</param>
    /// <param name="fault">Out: as of <see cref="TryTranslate"/>.</param>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool TryFurther(in Access access, TlbStage first, ulong value, out Translated translated, out PageFault fault)
    {
        PageSize size = PageSize.Size4K;
        if (value != 0 || first.TryUseLarge(access.Address, _mode.Pcid, out value, out size))
        {
            Counters.CountFirstLevelHit(access.Kind);
            _misses.Last.Begin(1, size);
            return TryFinish(access, value, size, out translated, out fault);
        }

        if (_tlb.TryUseSecond(access, _mode.Pcid, out value, out size))
        {
            Counters.CountSecondLevelHit(access.Kind);
            _misses.Last.Begin(2, size);
            return TryFinish(access, value, size, out translated, out fault);
        }

        Counters.CountMiss(access.Kind);
        _misses.Last.Begin(0, PageSize.Size4K);
        bool reached = _misses.TryTranslate(_mode, access, out TlbEntry entry, out fault);
        translated = default;
        if (reached)
        {
            Describe(access, entry, out translated);
        }

        return reached;
    }

    /// <summary>Judges a cached entry; what it refuses, or owes a D bit for, goes to the tables.</summary>
    private bool TryFinish(in Access access, ulong value, PageSize size, out Translated translated, out PageFault fault)
    {
        if (!Lets(access, value, out bool canWrite))
        {
            bool reached = _misses.TryRefresh(_mode, access, new TlbEntry(0, value), out TlbEntry entry, out fault);
            translated = default;
            if (reached)
            {
                Describe(access, entry, out translated);
            }

            return reached;
        }

        ulong inPage = size.Bytes() - 1;
        PhysAddr address = new((value & Pte.FrameMask & ~inPage) | (access.Address.Raw & inPage));
        translated = new Translated(address, size, _misses.Last.TlbLevel, canWrite, Held: true);
        fault = default;
        return true;
    }

    /// <summary>True when a cached entry lets the access through and owes no D bit for it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool Lets(in Access access, ulong value, out bool canWrite)
    {
        uint allowed = AllowedNow(access.Origin, value) & DirtyOrNoWrite(value);
        canWrite = (allowed & MayWrite) != 0;
        return ((allowed >> (8 * (int)access.Kind)) & MayRead) != 0;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Describe(in Access access, in TlbEntry entry, out Translated translated)
    {
        ulong inPage = entry.Size.Bytes() - 1;
        PhysAddr address = new((entry.Value & Pte.FrameMask & ~inPage) | (access.Address.Raw & inPage));
        bool canWrite = entry.Dirty && (AllowedNow(access.Origin, entry.Value) & MayWrite) != 0;
        translated = new Translated(address, entry.Size, _misses.Last.TlbLevel, canWrite, _misses.LastHeld);
    }

    /// <summary>Bits <see cref="MayRead"/>, <see cref="MayWrite"/> and the one above: what the entry lets this origin do.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private uint AllowedNow(AccessOrigin origin, ulong value)
    {
        uint allowed = _rules.Allowed(origin, value);
        return _keysOn ? allowed & ~BarredByKey(origin, value) : allowed;
    }

    private static uint DirtyOrNoWrite(ulong value) => (uint)(value << 2) | ~MayWrite;

    private uint BarredByKey(AccessOrigin origin, ulong value)
    {
        TlbEntry entry = new(0, value);
        Access read = new(default, AccessKind.Read, origin);
        Access write = new(default, AccessKind.Write, origin);
        return (AccessRules.KeyBars(read, _mode, entry.Rights, entry.ProtectionKey) ? MayRead : 0)
            | (AccessRules.KeyBars(write, _mode, entry.Rights, entry.ProtectionKey) ? MayWrite : 0);
    }
}
