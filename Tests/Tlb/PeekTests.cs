using MmuEmu.Emulator.Paging;
using MmuEmu.Emulator.Tlb;
using MmuEmu.Emulator.Tracing;
using MmuEmu.Emulator.Translation;
using MmuEmu.Emulator.Values;
using MmuEmu.Tests.Builders;

namespace MmuEmu.Tests.Tlb;

/// <summary>Views of paging-structure caches tell what a walk would do, and change nothing of it.</summary>
public sealed class PeekTests
{
    private const ulong Va = 0x40_0000;
    private const ulong Next = 0x40_1000;

    [Theory]
    [InlineData(TlbMode.NoCache)]
    [InlineData(TlbMode.Preset)]
    [InlineData(TlbMode.MaxStale)]
    public void The_start_that_is_seen_is_the_start_of_the_next_walk(TlbMode mode)
    {
        GuestTables tables = new GuestTables().Map(Va, 0x1A0).Map(Next, 0x1A1).Map(0x8000_0000, 0x1A2);
        foreach (ulong first in (ulong[])[Va, 0x8000_0000, 0x40_5000])
        {
            foreach (ulong then in (ulong[])[Next, 0x40_5000, 0x8000_1000, 0x80_0000_0000])
            {
                // Given a machine that has walked, or faulted, for one address
                Mmu mmu = tables.NewMmu(mode);
                _ = mmu.TryTranslate(An.UserRead(first), out _, out _);

                // When somebody looks, then the next walk begins where he saw it
                WalkStart seen = mmu.PeekStart(new VirtAddr(then));
                _ = mmu.PeekStart(new VirtAddr(first));
                _ = mmu.TryTranslate(An.UserRead(then), out _, out _);
                mmu.LastOutcome.StartLevel.ShouldBe(seen.Level, $"{first:x} then {then:x}");
                mmu.LastOutcome.LastPath[0].Slot.Frame.ShouldBe(seen.Table);
            }
        }
    }

    [Fact]
    public void A_walk_from_a_cache_is_told_with_the_entries_above_it()
    {
        GuestTables tables = new GuestTables().Map(Va, 0x1A0).Map(Next, 0x1A1);
        Mmu mmu = tables.NewMmu(TlbMode.MaxStale);
        mmu.ShouldReach(An.UserRead(Va));
        Listener listener = new();
        mmu.Trace = listener;

        mmu.ShouldReach(An.UserRead(Next));

        WalkDetail walk = listener.Walks.Single();
        (walk.Above.Count, walk.Path.Count).ShouldBe((3, 1));
        (walk.Above[0].Level, walk.Above.Last.Entry.Frame).ShouldBe((PagingLevel.Pml4, walk.Path[0].Slot.Frame));
        UpperEntries.LeadTo(walk.Above, walk.Path).ShouldBeTrue();
    }

    [Fact]
    public void A_cache_that_is_stale_leads_elsewhere_than_the_entries_above()
    {
        GuestTables tables = new GuestTables().Map(Va, 0x1A0).Map(Next, 0x1A1);
        Mmu mmu = tables.NewMmu(TlbMode.MaxStale);
        mmu.ShouldReach(An.UserRead(Va));
        tables.Set(Va, PagingLevel.Pd, default).Map(Next, 0x1B1);
        Listener listener = new();
        mmu.Trace = listener;

        mmu.ShouldReach(An.UserRead(Next)).ShouldBe(0x1A1UL);

        UpperEntries.LeadTo(listener.Walks[0].Above, listener.Walks[0].Path).ShouldBeFalse();
    }

    [Fact]
    public void A_walk_from_the_root_has_nothing_above_it_and_marks_say_their_level()
    {
        GuestTables tables = new GuestTables().Map(Va, 0x1A0);
        Mmu mmu = tables.NewMmu(TlbMode.NoCache);
        Listener listener = new();
        mmu.Trace = listener;

        mmu.ShouldReach(An.UserWrite(Va));

        listener.Walks.ShouldAllBe(walk => walk.Above.Count == 0);
        listener.Marked.ShouldBe([PagingLevel.Pml4, PagingLevel.Pdpt, PagingLevel.Pd, PagingLevel.Pt]);
    }

    private sealed class Listener : ITraceSink
    {
        public TraceMask Wanted { get; } = TraceMask.Of(TraceEventKind.Walk, TraceEventKind.EntryMarked);

        public List<WalkDetail> Walks { get; } = [];

        public List<PagingLevel> Marked { get; } = [];

        public void Take(in TraceEvent happened)
        {
            if (happened.Detail is WalkDetail walk)
            {
                Walks.Add(walk);
            }
            else
            {
                Marked.Add((PagingLevel)happened.Number);
            }
        }
    }
}
