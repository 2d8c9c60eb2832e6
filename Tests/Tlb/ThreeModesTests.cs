using MmuEmu.Debugger.Matrix;
using MmuEmu.Emulator.Paging;
using MmuEmu.Emulator.Timing;
using MmuEmu.Emulator.Tlb;
using MmuEmu.Emulator.Translation;
using MmuEmu.Emulator.Values;
using MmuEmu.Tests.Builders;

namespace MmuEmu.Tests.Tlb;

/// <summary>Software that flushes what it must sees the same machine whatever the TLBs keep; and a look-aside never holds more than they do.</summary>
public sealed class ThreeModesTests
{
    private const int Pages = 24;
    private const ulong Base = 0x40_0000;

    public static TheoryData<ulong> Seeds => [1, 2, 3, 4, 5, 6];

    [Theory, MemberData(nameof(Seeds)), Spec("T-001", "T-013", "T-020", "T-022", "T-031")]
    public void Random_changes_with_the_flushes_they_owe_look_the_same_in_every_mode(ulong seed)
    {
        // Given one set of tables per machine, so that A and D of one do not show in another
        (string Name, MmuOptions Options)[] machines =
        [
            ("nocache", new MmuOptions { TlbMode = TlbMode.NoCache }),
            ("preset", new MmuOptions()),
            ("tiny", new MmuOptions { Geometry = TlbGeometries.Tiny }),
            ("zen5, next page", new MmuOptions { Geometry = TlbGeometries.Zen5, SpeculativeFill = SpeculativeFill.NextPage }),
            ("maxstale", new MmuOptions { TlbMode = TlbMode.MaxStale }),
        ];

        // When each goes through the same random accesses and changes, then all tell the same story
        string[] stories = [.. machines.Select(machine => string.Join('\n', Story(seed, machine.Options)))];
        for (int i = 1; i < stories.Length; i++)
        {
            stories[i].ShouldBe(stories[0], machines[i].Name);
        }
    }

    [Theory, MemberData(nameof(Seeds))]
    public void Leaving_a_flush_out_shows_in_maxstale(ulong seed)
    {
        string[] right = [.. Story(seed, new MmuOptions { TlbMode = TlbMode.NoCache }, flush: false)];
        string[] wrong = [.. Story(seed, new MmuOptions { TlbMode = TlbMode.MaxStale }, flush: false)];

        wrong.ShouldNotBe(right);
    }

    [Theory, MemberData(nameof(Seeds))]
    public void A_look_aside_holds_only_what_the_TLB_holds(ulong seed)
    {
        // Given a look-aside that remembers everything it may, beside a TLB that evicts all the time
        GuestTables tables = new GuestTables().With(PagingBits.Pcide);
        PagingMode[] spaces = [tables.NewAddressSpace(1), tables.NewAddressSpace(2)];
        foreach (PagingMode space in spaces)
        {
            tables.Mode = space;
            for (ulong i = 0; i < Pages; i++)
            {
                tables.Map(Base + (i << 12), 0x100 + i, GuestTables.UserPage | (i % 5 == 0 ? PteBits.G : PteBits.None));
            }
        }

        Mmu mmu = tables.NewMmu(new MmuOptions { Geometry = TlbGeometries.Tiny });
        Remembering aside = new();
        mmu.LookAside = aside;
        ulong state = seed;
        for (int step = 0; step < 3000; step++)
        {
            // When pages are touched, flushed and address spaces switched at random
            ulong va = Base + (Next(ref state, Pages) << 12);
            switch (Next(ref state, 20))
            {
                case 0:
                    mmu.InvalidatePage(new VirtAddr(va));
                    break;
                case 1:
                    mmu.Mode = spaces[(int)Next(ref state, 2)];
                    break;
                case 2:
                    mmu.Invalidate(TlbInvalidation.PcidKeepGlobal(mmu.Mode.Pcid));
                    break;
                default:
                    AccessKind kind = (AccessKind)Next(ref state, 3);
                    if (mmu.ShouldTranslate(An.Of(va, kind, AccessOrigin.User)).Held)
                    {
                        aside.Pages.Add(va);
                    }

                    break;
            }

            // Then everything remembered is still in the TLB, for this PCID or for all
            HashSet<ulong> held = HeldBy(mmu);
            aside.Pages.Where(page => !held.Contains(page)).ShouldBeEmpty($"step {step}");
        }
    }

    private static IEnumerable<string> Story(ulong seed, MmuOptions options, bool flush = true)
    {
        GuestTables tables = new();
        for (ulong i = 0; i < Pages; i++)
        {
            tables.Map(Base + (i << 12), 0x100 + i);
        }

        Mmu mmu = tables.NewMmu(options);
        ulong state = seed;
        for (int step = 0; step < 4000; step++)
        {
            ulong va = Base + (Next(ref state, Pages) << 12) + Next(ref state, 4096);
            if (Next(ref state, 8) == 0)
            {
                TlbInvalidation owed = Change(tables, va, ref state);
                if (flush)
                {
                    mmu.Invalidate(owed);
                }
            }
            else
            {
                Access access = An.Of(va, (AccessKind)Next(ref state, 3), (AccessOrigin)Next(ref state, 2));
                bool passed = mmu.TryTranslate(access, out Translated translated, out PageFault fault);
                yield return $"{step}: {access} {(passed ? translated.Address.ToString() : PteText.Of(fault.Code))}";
            }
        }

        tables.Ram.Dispose();
    }

    /// <summary>
    /// Another frame, other rights, or no page at all; now and then other rights of the PDE above all of them. Gives the flush that is owed.
    /// </summary>
    private static TlbInvalidation Change(GuestTables tables, ulong va, ref ulong state)
    {
        if (Next(ref state, 10) == 0)
        {
            tables.Change(va, PagingLevel.Pd, clear: PteBits.RW | PteBits.XD);
            tables.Change(va, PagingLevel.Pd, set: Next(ref state, 2) == 0 ? PteBits.RW : PteBits.XD);
            return TlbInvalidation.All;
        }

        PteBits bits = PteBits.None;
        foreach (PteBits bit in new[] { PteBits.P, PteBits.P, PteBits.RW, PteBits.US, PteBits.XD })
        {
            bits |= Next(ref state, 3) != 0 ? bit & ~PteBits.XD : bit & PteBits.XD;
        }

        tables.Map(va & ~0xFFFUL, 0x100 + Next(ref state, 0x80), bits);
        return TlbInvalidation.Page(new VirtAddr(va), pcid: 0);
    }

    private static HashSet<ulong> HeldBy(Mmu mmu)
    {
        List<TlbEntry> entries = [];
        mmu.List(TlbArrayName.Data, entries);
        mmu.List(TlbArrayName.Code, entries);
        mmu.List(TlbArrayName.Second, entries);
        return [.. entries.Where(e => e.Global || e.Pcid == mmu.Mode.Pcid).Select(e => e.Address.Raw)];
    }

    private static ulong Next(ref ulong state, ulong below)
    {
        state = (state * 6364136223846793005) + 1442695040888963407;
        return (state >> 33) % below;
    }

    private sealed class Remembering : ILookAside
    {
        public HashSet<ulong> Pages { get; } = [];

        public void DropPage(VirtAddr address, PageSize size) =>
            Pages.RemoveWhere(page => (page ^ address.Raw) >> size.Shift() == 0);

        public void DropAll() => Pages.Clear();
    }
}
