using MmuEmu.Emulator.Tlb;
using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Mm;
using MmuEmu.Kernel.Vmas;
using MmuEmu.Tests.Builders;
using MmuEmu.Tests.Oracles;
using RemapVerb = MmuEmu.Kernel.Mm.Remap;

namespace MmuEmu.Tests.Kernel.Mm;

/// <summary>Random programs under memory pressure: what they see is what a model without frames, tables and TLBs says, and the invariants hold throughout.</summary>
public sealed class RandomOperationsTests
{
    [Theory]
    [InlineData(1, TlbMode.MaxStale, 512)]
    [InlineData(2, TlbMode.MaxStale, 512)]
    [InlineData(3, TlbMode.Preset, 512)]
    [InlineData(4, TlbMode.NoCache, 512)]
    [InlineData(5, TlbMode.MaxStale, 4096)]
    [InlineData(6, TlbMode.MaxStale, 300)]
    [InlineData(7, TlbMode.MaxStale, 300)]
    [InlineData(8, TlbMode.MaxStale, 1024)]
    public void A_random_program_sees_what_the_model_says(int seed, TlbMode mode, int ramPages)
    {
        using Run run = new(seed, mode, (ulong)ramPages);
        for (int step = 0; step < 4000; step++)
        {
            run.Step();
            if (step % 100 == 99)
            {
                run.Mm.ShouldBeSound();
            }
        }

        run.ReadEverything();
        run.Mm.ShouldBeSound();
        run.EndAll();
        run.Mm.ShouldBeSound();
        run.ShouldHaveTriedEverything();
    }

    /// <summary>The same with huge pages wherever they fit: made, split, moved, shared, copied, freed lazily, swapped out in pieces.</summary>
    [Theory]
    [InlineData(11, TlbMode.MaxStale, 5000)]
    [InlineData(12, TlbMode.MaxStale, 4096)]
    [InlineData(13, TlbMode.Preset, 4500)]
    [InlineData(14, TlbMode.NoCache, 2560)]
    public void A_random_program_with_huge_pages_sees_what_the_model_says(int seed, TlbMode mode, int ramPages)
    {
        using Run run = new(seed, mode, (ulong)ramPages, KernelProfile.Default with { Thp = HugeMode.Always }, window: 2600);
        for (int step = 0; step < 4000; step++)
        {
            run.Step();
            if (step % 250 == 249)
            {
                run.Mm.ShouldBeSound();
            }
        }

        run.ReadEverything();
        run.Mm.ShouldBeSound();
        run.EndAll();
        run.Mm.ShouldBeSound();
        run.ShouldHaveTriedHugePages();
    }

    [Fact]
    public void Without_flushes_the_same_program_sees_something_else()
    {
        KernelProfile careless = new() { Switches = ProfileSwitches.SkipFlush };
        using Run run = new(1, TlbMode.MaxStale, 512, careless);

        Should.Throw<ShouldAssertException>(() =>
        {
            for (int step = 0; step < 4000; step++)
            {
                run.Step();
            }
        });
    }

    private sealed class Run : IDisposable
    {
        private const ulong Base = 0x10_0000_0000 >> 12;
        private readonly int _window;
        private readonly Random _random;
        private readonly List<(AddressSpace Space, MemoryModel Model)> _all = [];
        private int _at;

        public Run(int seed, TlbMode mode, ulong ramPages, KernelProfile? profile = null, int window = 220)
        {
            _random = new Random(seed);
            _window = window;
            Mm = new MmHarness(new MmOptions
            {
                RamBytes = ramPages << 12,
                SwapPages = window > 1000 ? 30000 : 6000,
                TlbMode = mode,
                Profile = profile ?? KernelProfile.Default,
            });
            _all.Add((Mm.Space, new MemoryModel()));
        }

        public MmHarness Mm { get; }

        private AddressSpace Space => _all[_at].Space;

        private MemoryModel Model => _all[_at].Model;

        public void Step()
        {
            switch (_random.Next(100))
            {
                case < 30: Write(); break;
                case < 50: Read(); break;
                case < 56: MapSome(); break;
                case < 59: UnmapSome(); break;
                case < 63: ProtectSome(); break;
                case < 66: ForkOff(); break;
                case < 74: Switch(); break;
                case < 76: End(); break;
                case < 79: DontNeed(); break;
                case < 84: Free(); break;
                case < 87: Move(); break;
                case < 89: LockSome(); break;
                case < 94: RemapPages(); break;
                case < 96 when HasHuge: CollapseSome(); break;
                case < 98: Mm.Reclaim((ulong)_random.Next(1, 40)); break;
                default: Mm.Age(); break;
            }
        }

        public void ReadEverything()
        {
            for (_at = 0; _at < _all.Count; _at++)
            {
                Mm.Run(Space);
                foreach (ulong page in Model.PageNumbers.ToArray())
                {
                    ReadPage(page);
                }
            }

            _at = 0;
            Mm.Run(Space);
        }

        public void EndAll()
        {
            ulong before = Mm.Mem.Buddy.ManagedCount;
            foreach ((AddressSpace space, _) in _all)
            {
                ExitSpace.TearDown(Mm.Mem, space);
            }

            Mm.Mem.Buddy.FreeCount.ShouldBe(before - 1, "all but the zero frame is free again");
            Mm.Mem.Swap.FreeSlots.ShouldBe(Mm.Mem.Swap.TotalSlots);
        }

        /// <summary>The run was no walk in the park: pages went out and came back, were copied, reused, dropped and moved.</summary>
        public void ShouldHaveTriedEverything()
        {
            MmCounter[] needed =
            [
                MmCounter.PswpOut, MmCounter.PswpIn, MmCounter.CowBreak, MmCounter.CowReuse, MmCounter.PgLazyFree,
                MmCounter.PgLazyFreed, MmCounter.PgActivate, MmCounter.TlbFlushOne, MmCounter.TlbFlushAll, MmCounter.RemapMoved,
            ];
            needed.Where(counter => Mm.Count(counter) == 0).ShouldBeEmpty();
        }

        /// <summary>Huge pages were made by faults and of small ones, split, moved whole, copied and reused after fork.</summary>
        public void ShouldHaveTriedHugePages()
        {
            MmCounter[] needed =
            [
                MmCounter.ThpFaultAlloc, MmCounter.ThpFaultFallback, MmCounter.ThpSplitPage, MmCounter.ThpCollapseAlloc, MmCounter.ThpZeroPageAlloc,
                MmCounter.PswpOut, MmCounter.CowBreak, MmCounter.CowReuse, MmCounter.PgLazyFree, MmCounter.RemapMovedHuge,
            ];
            needed.Where(counter => Mm.Count(counter) == 0).ShouldBeEmpty();
        }

        public void Dispose() => Mm.Dispose();

        private ulong AnyPage() => Base + (ulong)_random.Next(_window);

        private bool HasHuge => _window > 1000;

        private (ulong Page, ulong Count) FewPages() => (AnyPage(), (ulong)_random.Next(1, 12));

        /// <summary>With huge pages, ranges of them now and then, aligned or not.</summary>
        private (ulong Page, ulong Count) AnyRange(int most)
        {
            if (!HasHuge || _random.Next(2) == 0)
            {
                return (AnyPage(), (ulong)_random.Next(1, most));
            }

            ulong page = _random.Next(3) > 0 ? AnyPage() & ~511UL : AnyPage();
            return (page, _random.Next(3) > 0 ? 512UL * (ulong)_random.Next(1, 3) : (ulong)_random.Next(1, 700));
        }

        private static VirtAddr Va(ulong page) => new(page << 12);

        private void Write()
        {
            (ulong page, ulong count) = FewPages();
            for (ulong i = 0; i < count; i++)
            {
                WritePage(page + i);
            }
        }

        private void WritePage(ulong page)
        {
            byte value = (byte)_random.Next(1, 256);
            Touched touched = Mm.Touch(Va(page) + (ulong)_random.Next(4096), AccessKind.Write);
            if (Expect(touched, page, Prot.Write))
            {
                Mm.Mem.Ram.PageToWrite(touched.Where.Frame).Fill(value);
                Model.Change(page, 1, old => old with { Value = value, Freed = false });
            }
        }

        private void Read()
        {
            (ulong page, ulong count) = FewPages();
            for (ulong i = 0; i < count; i++)
            {
                ReadPage(page + i);
            }
        }


        private void ReadPage(ulong page)
        {
            Touched touched = Mm.Touch(Va(page), AccessKind.Read);
            if (!Expect(touched, page, Prot.Read | Prot.Write | Prot.Exec))
            {
                return;
            }

            ModelPage expected = Model[page]!.Value;
            byte[] seen = Mm.Mem.Ram.Page(touched.Where.Frame).ToArray();
            seen.ShouldAllBe(b => b == seen[0], $"page {Va(page)} is torn");
            bool legal = seen[0] == expected.Value || (expected.Freed && seen[0] == 0);
            legal.ShouldBeTrue($"page {Va(page)} of space {Space.Tag.Id} reads {seen[0]:x2}; the model says {expected}; entry {Mm.PteOf(Va(page))}");
            Model.Change(page, 1, old => old with { Value = seen[0] });
        }

        /// <summary>True when the access went through as the model says; otherwise checks the signal.</summary>
        private bool Expect(Touched touched, ulong page, Prot anyOf)
        {
            ModelPage? expected = Model[page];
            int code = expected is null ? SigCode.SegvMapErr : SigCode.SegvAccErr;
            bool allowed = expected is { } e && (e.Prot & anyOf) != 0;
            touched.Ok.ShouldBe(allowed, $"page {Va(page)}: {touched.Signal}, model {expected}");
            if (!allowed)
            {
                touched.Signal.Code.ShouldBe(code);
            }

            return allowed;
        }

        private void MapSome()
        {
            (ulong page, ulong count) = AnyRange(40);
            Prot prot = _random.Next(4) == 0 ? Prot.Read : Prot.Read | Prot.Write;
            Mm.Map(count, prot, page << 12);
            Model.Map(page, count, prot);
        }

        private void UnmapSome()
        {
            (ulong page, ulong count) = AnyRange(30);
            Unmap.Range(Mm.Mem, Space, Va(page), count << 12).ShouldBe(Errno.None);
            Model.Unmap(page, count);
        }

        private void ProtectSome()
        {
            (ulong page, ulong count) = AnyRange(30);
            if (Model.Covers(page, count))
            {
                Prot prot = (Prot)_random.Next(8);
                Protect.Change(Mm.Mem, Space, new ProtectRequest(Va(page), count << 12, prot)).ShouldBe(Errno.None);
                Model.Change(page, count, old => old with { Prot = prot });
            }
        }

        private void ForkOff()
        {
            if (_all.Count < 5 && Fork.Copy(Mm.Mem, Space).Ok(out AddressSpace? child, out _))
            {
                _all.Add((child, Model.Copy()));
            }
        }

        private void Switch()
        {
            _at = _random.Next(_all.Count);
            Mm.Run(Space);
        }

        private void End()
        {
            if (_all.Count > 1)
            {
                AddressSpace space = Space;
                _all.RemoveAt(_at);
                _at = 0;
                Mm.Run(Space);
                ExitSpace.TearDown(Mm.Mem, space);
            }
        }

        private void CollapseSome()
        {
            ulong page = AnyPage() & ~511UL;
            _ = Advise.Range(Mm.Mem, Space, new AdviseRequest(Va(page), 512UL << 12, Advice.Collapse));
        }

        private void DontNeed()
        {
            (ulong page, ulong count) = AnyRange(30);
            Errno errno = Advise.Range(Mm.Mem, Space, new AdviseRequest(Va(page), count << 12, Advice.DontNeed)).Errno;
            errno.ShouldBe(Model.Covers(page, count) ? Errno.None : Errno.ENOMEM);
            Model.Change(page, count, old => old with { Value = 0, Freed = false });
        }

        private void Free()
        {
            (ulong page, ulong count) = AnyRange(30);
            Errno errno = Advise.Range(Mm.Mem, Space, new AdviseRequest(Va(page), count << 12, Advice.Free)).Errno;
            errno.ShouldBe(Model.Covers(page, count) ? Errno.None : Errno.ENOMEM);
            Model.Change(page, count, old => old with { Freed = true });
        }

        private void Move()
        {
            (ulong from, ulong count) = AnyRange(20);
            ulong to = AnyPage();
            bool apart = to + count <= from || from + count <= to;
            if (apart && Space.FindVma(Va(from)) is { } vma && vma.Range.Contains(VirtRange.Of(Va(from), count << 12)))
            {
                RemapRequest request = new(Va(from), count << 12, count << 12, RemapFlags.MayMove | RemapFlags.Fixed, Va(to));
                RemapVerb.Move(Mm.Mem, Space, request).Ok(out VirtAddr at, out Errno errno).ShouldBeTrue($"{errno}");
                at.ShouldBe(Va(to));
                Model.Unmap(to, count);
                Model.Move(from, to, count);
            }
        }

        private void LockSome()
        {
            (ulong page, ulong count) = AnyRange(4);
            if (!Model.Covers(page, count))
            {
                return;
            }

            _ = MemoryLock.Range(Mm.Mem, Space, Va(page), count << 12);
            Mm.Reclaim(8);
            MemoryLock.Release(Mm.Mem, Space, Va(page), count << 12).ShouldBe(Errno.None);
        }

        private void RemapPages()
        {
            (ulong from, ulong count) = AnyRange(5);
            ulong to = AnyPage();
            if (HasHuge && _random.Next(2) == 0)
            {
                // A fresh place for a huge page that may be one: where whole ones move.
                (from, to, count) = (from & ~511UL, to & ~511UL, 512);
                Mm.Map(count, at: to << 12);
                Model.Map(to, count, Prot.Read | Prot.Write);
            }
            else if (_random.Next(2) == 0 && Space.FindVma(Va(from)) is { } vma && vma.Range.PageCount > count)
            {
                // Somewhere else in the same mapping, emptied first: that is where most moves succeed.
                from = vma.Start.PageNumber;
                to = vma.End.PageNumber - count;
                _ = Advise.Range(Mm.Mem, Space, new AdviseRequest(Va(to), count << 12, Advice.DontNeed));
                Model.Change(to, count, old => old with { Value = 0, Freed = false });
            }

            SysResult result = RemapAnonPages.Move(Mm.Mem, Space, new RemapAnonRequest(Va(to), Va(from), count << 12, 0));
            ulong moved = result.IsOk ? (ulong)result.Rax >> 12 : 0;
            for (ulong i = 0; i < moved; i++)
            {
                ModelPage page = Model[from + i]!.Value;
                Model.Change(to + i, 1, old => page with { Prot = old.Prot });
                Model.Change(from + i, 1, old => old with { Value = 0, Freed = false });
            }
        }
    }
}
