using System.Runtime.CompilerServices;
using MmuEmu.Emulator.Memory;
using MmuEmu.Emulator.Paging;
using MmuEmu.Emulator.Tlb;
using MmuEmu.Emulator.Tracing;
using MmuEmu.Emulator.Values;

namespace MmuEmu.Emulator.Translation;

/// <summary>What one MMU does when no TLB entry serves an access, Intel's page miss handler: walks, the A and D bits they owe, fills, and faults.</summary>
internal sealed class PageMissHandler(PhysicalMemory ram, MmuOptions options, TlbHierarchy tlb, MmuCounters counters)
{
    /// <summary>What the last translation did; the fast path writes it too.</summary>
    internal MmuOutcome Last;

    /// <summary>True when the translation last walked for is in the TLB now.</summary>
    internal bool LastHeld { get; set; }

    /// <summary>Who sees the walks.</summary>
    internal TraceGate Trace;

    /// <summary>Translates an access that no TLB level holds.</summary>
    internal bool TryTranslate(in PagingMode mode, in Access access, out TlbEntry entry, out PageFault fault)
    {
        StartOf(mode, access.Address, out WalkStart start);
        bool done = TryFill(mode, access, start, out entry, out fault);
        if (done && options.SpeculativeFill == SpeculativeFill.NextPage && !access.IsFetch)
        {
            Prefetch(mode, access with { Address = new VirtAddr(access.Address.Raw | (entry.Size.Bytes() - 1)) + 1, Kind = AccessKind.Read });
        }

        return done;
    }

    /// <summary>Translates an access that a TLB level holds but does not let through: rights refuse it, or D is still clear.</summary>
    /// <remarks>T-009, T-013 to T-016. Source: [SDM3 Paging, "Optional Invalidation"].</remarks>
    internal bool TryRefresh(in PagingMode mode, in Access access, in TlbEntry stale, out TlbEntry entry, out PageFault fault)
    {
        bool allowed = AccessRules.TryPass(access, mode, stale.Rights, stale.ProtectionKey, out fault);
        tlb.DropAddress(access.Address, mode.Pcid);
        if (allowed)
        {
            StartOf(mode, access.Address, out WalkStart start);
            return TryFill(mode, access, start, out entry, out fault);
        }

        if (options.SpuriousFault == SpuriousFault.Recheck)
        {
            return TryFill(mode, access, WalkStart.AtRoot(mode), out entry, out fault);
        }

        entry = default;
        return Refuse(mode, access, fault);
    }

    /// <summary>Brings a translation in that no access has asked for; never faults, never sets D (T-096, P-043).</summary>
    internal void Prefetch(in PagingMode mode, in Access access)
    {
        if (!access.Address.IsCanonical(mode.AddressBits) || tlb.Holds(access.Kind, access.Address, mode.Pcid))
        {
            return;
        }

        StartOf(mode, access.Address, out WalkStart start);
        counters.Walks++;
        bool reached = PageWalker.TryWalk(ram, mode, start, access, out WalkPath path, out Leaf leaf, out _);
        CountReferences(start.Level, path.Count);
        if (reached && AccessedDirty.TryCommit(ram, path, AccessKind.Read, out int updates))
        {
            counters.AdAssists += updates > 0 ? 1UL : 0;
            counters.SpeculativeFills++;
            if (updates > 0 && Trace.For(TraceEventKind.EntryMarked) is { } seer)
            {
                TellMarks(seer, access, path, path.Count);
            }

            _ = Fill(mode, access, start, path, leaf, out _);
        }
        else if (!reached)
        {
            MarkUpper(access, path);
            tlb.Psc.Remember(access.Address, mode, start, path);
        }
    }

    private void StartOf(in PagingMode mode, VirtAddr address, out WalkStart start)
    {
        if (options.TlbMode == TlbMode.NoCache)
        {
            start = WalkStart.AtRoot(mode);
            return;
        }

        tlb.Psc.StartOf(address, mode, out start);
        if (start.Level != mode.RootLevel)
        {
            counters.CountPscHit((int)start.Level + 1);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool TryFill(in PagingMode mode, in Access access, WalkStart start, out TlbEntry entry, out PageFault fault)
    {
        while (true)
        {
            counters.Walks++;
            Last.Walks++;
            Last.StartLevel = start.Level;
            bool reached = PageWalker.TryWalk(ram, mode, start, access, out Last.LastPath, out Leaf leaf, out fault);
            CountReferences(start.Level, Last.LastPath.Count);
            if (Trace.For(TraceEventKind.Walk) is { } watcher)
            {
                Tell(watcher, TraceEventKind.Walk, mode, access, Last.LastPath, fault);
            }

            if (!reached && !RefusedByCacheOnly(mode, access, start, leaf))
            {
                entry = default;
                return Refuse(mode, access, fault);
            }

            if (reached && AccessedDirty.TryCommit(ram, Last.LastPath, access.Kind, out int updates))
            {
                Last.EntriesMarked = (byte)updates;
                Last.Size = leaf.Size;
                counters.AdAssists += updates > 0 ? 1UL : 0;
                counters.CountCompleted(leaf.Size);
                if (updates > 0 && Trace.For(TraceEventKind.EntryMarked) is { } seer)
                {
                    TellMarks(seer, access, Last.LastPath, Last.LastPath.Count);
                }

                LastHeld = Fill(mode, access, start, Last.LastPath, leaf, out entry);
                return true;
            }

            counters.WalksRestarted++;
            Last.EarlierReferences += (ushort)Last.LastPath.Count;
            start = WalkStart.AtRoot(mode);
        }
    }

    /// <summary>True when the entries just read would let the access through, and only rights remembered from levels above do not.</summary>
    private bool RefusedByCacheOnly(in PagingMode mode, in Access access, in WalkStart start, in Leaf leaf)
    {
        if (start.Level == mode.RootLevel || !leaf.Entry.Present || options.SpuriousFault == SpuriousFault.Deliver)
        {
            return false;
        }

        Rights own = Rights.All;
        for (int i = 0; i < Last.LastPath.Count; i++)
        {
            own = own.Narrow(Last.LastPath[i].Entry);
        }

        return AccessRules.TryPass(access, mode, own, leaf.Entry.ProtectionKey, out _);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool Fill(
        in PagingMode mode, in Access access, in WalkStart start, in WalkPath path, in Leaf leaf, out TlbEntry entry)
    {
        PteBits set = access.IsWrite ? PteBits.A | PteBits.D : PteBits.A;
        entry = TlbEntry.Of(leaf with { Entry = leaf.Entry.With(set) }, access.Address, mode);
        bool held = false;
        if (options.TlbMode != TlbMode.NoCache)
        {
            tlb.Psc.Remember(access.Address, mode, start, path);
            held = tlb.Fill(access.Kind, access.Address, entry);
        }

        if (Trace.For(TraceEventKind.Fill) is { } seer)
        {
            Tell(seer, TraceEventKind.Fill, mode, access, path, default);
        }

        return held;
    }

    private bool Refuse(in PagingMode mode, in Access access, in PageFault fault)
    {
        if (options.AccessedOnFault == AccessedOnFault.MarkUpper)
        {
            MarkUpper(access, Last.LastPath);
        }

        // No level has answered, or what answered was dropped before the tables were asked.
        tlb.DropMissed(access.Kind, access.Address, mode.Pcid);
        tlb.Psc.Forget(access.Address, mode.Pcid);
        counters.Faults++;
        Last.Faulted = true;
        if (Trace.For(TraceEventKind.PageFault) is { } seer)
        {
            Tell(seer, TraceEventKind.PageFault, mode, access, Last.LastPath, fault);
        }

        return false;
    }

    /// <summary>Kept apart, so that the walk does not clear room for an event that nobody takes.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Tell(ITraceSink seer, TraceEventKind kind, in PagingMode mode, in Access access, in WalkPath path, in PageFault fault) =>
        seer.Take(new TraceEvent(kind)
        {
            Address = access.Address,
            Detail = new WalkDetail(access, path, fault) { Above = UpperEntries.Above(ram, mode, access.Address, path) },
        });

    /// <summary>Tells each entry of <paramref name="path"/> that got bits, of its first <paramref name="count"/>.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void TellMarks(ITraceSink seer, in Access access, in WalkPath path, int count)
    {
        for (int i = 0; i < count; i++)
        {
            ref readonly WalkStep step = ref path[i];
            PteBits owed = i == path.Count - 1 && access.IsWrite ? PteBits.A | PteBits.D : PteBits.A;
            if (!step.Entry.Has(owed))
            {
                seer.Take(new TraceEvent(TraceEventKind.EntryMarked)
                {
                    Address = access.Address,
                    Slot = step.Slot,
                    Old = step.Entry,
                    New = step.Entry.With(owed),
                    Number = (ulong)step.Level,
                });
            }
        }
    }

    private void MarkUpper(in Access access, in WalkPath path)
    {
        AccessedDirty.MarkUpper(ram, path);
        if (Trace.For(TraceEventKind.EntryMarked) is { } seer)
        {
            TellMarks(seer, access, path, path.Count - 1);
        }
    }

    private void CountReferences(PagingLevel first, int count)
    {
        for (int level = (int)first; count > 0; level--, count--)
        {
            counters.CountReference(level);
        }
    }
}
