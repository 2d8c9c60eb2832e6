using System.Numerics;
using MmuEmu.Emulator.Memory;
using MmuEmu.Emulator.Paging;
using MmuEmu.Emulator.Tlb;
using MmuEmu.Emulator.Tracing;
using MmuEmu.Emulator.Translation;
using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Faults;
using MmuEmu.Kernel.Frames;
using MmuEmu.Kernel.Memory;
using MmuEmu.Kernel.Mm;
using MmuEmu.Kernel.Reclaim;
using MmuEmu.Kernel.Setup;
using MmuEmu.Kernel.Tables;
using MmuEmu.Kernel.Vmas;
using MapVerb = MmuEmu.Kernel.Mm.Map;

namespace MmuEmu.Tests.Builders;

/// <summary>What a test wants of its machine; the defaults are harmless.</summary>
internal sealed record MmOptions
{
    public ulong RamBytes { get; init; } = 16UL << 20;
    public int SwapPages { get; init; } = 4096;
    public TlbMode TlbMode { get; init; } = TlbMode.MaxStale;
    public KernelProfile Profile { get; init; } = KernelProfile.Default;
    public int Cpus { get; init; } = 1;
}

/// <summary>How one guest access went.</summary>
/// <param name="Faults">Page faults taken on the way.</param>
/// <param name="Signal">The signal that ended it; Signal.None when the access succeeded.</param>
/// <param name="Where">The physical address, when it succeeded.</param>
internal readonly record struct Touched(int Faults, SigInfo Signal, PhysAddr Where)
{
    public bool Ok => Signal.Signal == default;
}

/// <summary>Memory management with processors in front: guest accesses go through an MMU, faults through the fault handler, in a loop.</summary>
/// <remarks>A missing flush shows, because the MMUs keep every translation that they are not told to drop.</remarks>
internal sealed class MmHarness : ITlbShootdown, ITraceSink, IDisposable
{
    private readonly PhysicalMemory _ram;
    private readonly List<Mmu> _mmus = [];
    private readonly AddressSpace[] _current;
    private readonly WhatRan _ran = WhatRan.Now;
    private ulong _busy;

    public MmHarness(MmOptions? options = null)
    {
        Options = options ?? new MmOptions();
        _ram = new PhysicalMemory(Options.RamBytes);
        Mem = MemorySetup.Build(new MemoryConfig { Ram = _ram, Profile = Options.Profile, SwapPages = Options.SwapPages });
        _ran.Memory(Options.Profile);
        Mem.Gathers.Tlbs = this;
        Mem.Report.Events = this;
        Space = NewSpaceOrFail();
        _current = new AddressSpace[Options.Cpus];
        for (int cpu = 0; cpu < Options.Cpus; cpu++)
        {
            _mmus.Add(new Mmu(_ram, new MmuOptions { TlbMode = Options.TlbMode }));
            Run(Space, cpu);
        }
    }

    public MmOptions Options { get; }

    public MemorySystem Mem { get; }

    /// <summary>The first address space; processor 0 runs it until told otherwise.</summary>
    public AddressSpace Space { get; }

    /// <summary>Everything that happened, in order.</summary>
    public List<TraceEvent> Events { get; } = [];

    /// <summary>The TLB invalidations asked for, in order.</summary>
    public List<FlushRequest> Flushes { get; } = [];

    public Mmu Mmu(int cpu = 0) => _mmus[cpu];

    /// <summary>The space that a processor runs.</summary>
    public AddressSpace Current(int cpu = 0) => _current[cpu];

    /// <summary>Switches a processor to <paramref name="space"/>; its tagged translations stay, as MOV to CR3 with bit 63 leaves them.</summary>
    public MmHarness Run(AddressSpace space, int cpu = 0)
    {
        const PagingBits Bits = PagingBits.Wp | PagingBits.Nxe | PagingBits.Pcide | PagingBits.Pge | PagingBits.Smep | PagingBits.Smap;
        _current[cpu] = space;
        _mmus[cpu].Mode = new PagingMode(space.Root, space.Tag.Pcid, Bits, 46, 0);
        return this;
    }

    /// <summary>Maps <paramref name="pages"/> pages of private anonymous memory in the running space; anywhere, or exactly at <paramref name="at"/>.</summary>
    public VirtAddr Map(ulong pages, Prot prot = Prot.Read | Prot.Write, ulong at = 0, MapFlags flags = MapFlags.Private | MapFlags.Anonymous)
    {
        MapRequest request = new()
        {
            Address = new VirtAddr(at),
            LengthBytes = pages * 4096,
            Prot = prot,
            Flags = at == 0 ? flags : flags | MapFlags.Fixed,
        };
        MapVerb.Place(Mem, Current(), request).Ok(out VirtAddr start, out Errno errno).ShouldBeTrue($"mmap answers {errno}");
        return start;
    }

    /// <summary>One user access of one byte: translate, handle the fault, try again, until it succeeds or a signal ends it.</summary>
    public Touched Touch(VirtAddr address, AccessKind kind = AccessKind.Read, int cpu = 0)
    {
        CountProcessor(cpu);
        Access access = new(address, kind, AccessOrigin.User);
        for (int faults = 0; faults < 100; faults++)
        {
            if (_mmus[cpu].TryTranslate(access, out Translated to, out PageFault fault))
            {
                _ran.Page(to.Size);
                return new Touched(faults, default, to.Address);
            }

            FaultOutcome outcome = FaultHandler.Handle(Mem, _current[cpu], fault);
            if (outcome.End != FaultEnd.Resume)
            {
                SigInfo signal = outcome.End == FaultEnd.OutOfMemory ? new SigInfo(Signal.SIGKILL, SigCode.Kernel, default) : outcome.Signal;
                return new Touched(faults + 1, signal, default);
            }
        }

        throw new InvalidOperationException($"{kind} at {address} faults for ever; entry {PteOf(address)}");
    }

    /// <summary>Reads one byte; the test fails if a signal comes.</summary>
    public byte Read(VirtAddr address, int cpu = 0)
    {
        Touched touched = Touch(address, AccessKind.Read, cpu);
        touched.Ok.ShouldBeTrue($"read at {address}: {touched.Signal}");
        return _ram.ReadByte(touched.Where);
    }

    /// <summary>Writes one byte; the test fails if a signal comes.</summary>
    public MmHarness Write(VirtAddr address, byte value, int cpu = 0)
    {
        Touched touched = Touch(address, AccessKind.Write, cpu);
        touched.Ok.ShouldBeTrue($"write at {address}: {touched.Signal}");
        _ram.WriteByte(touched.Where, value);
        return this;
    }

    /// <summary>Writes <paramref name="value"/> into every byte of whole pages.</summary>
    public MmHarness Fill(VirtAddr start, ulong pages, byte value, int cpu = 0)
    {
        for (ulong page = 0; page < pages; page++)
        {
            Touched touched = Touch(start + (page * 4096), AccessKind.Write, cpu);
            touched.Ok.ShouldBeTrue($"write at {start + (page * 4096)}: {touched.Signal}");
            _ram.PageToWrite(touched.Where.Frame).Fill(value);
        }

        return this;
    }

    /// <summary>The 4096 bytes of a page as the guest reads them.</summary>
    public byte[] ReadPage(VirtAddr address, int cpu = 0)
    {
        Touched touched = Touch(address.PageBase, AccessKind.Read, cpu);
        touched.Ok.ShouldBeTrue($"read at {address}: {touched.Signal}");
        return _ram.Page(touched.Where.Frame).ToArray();
    }

    /// <summary>The page-table entry, read without any access.</summary>
    public Pte PteOf(VirtAddr address, AddressSpace? space = null) => Mem.Editor.Find((space ?? Current()).Tables, address).Entry;

    /// <summary>Where the page's entry lies; the test fails when there is no page table.</summary>
    public PhysAddr SlotOf(VirtAddr address)
    {
        Mem.Editor.FindPte(Current().Tables, address, out PteSlot pte).ShouldBe(Descent.Found);
        return pte.Slot;
    }

    /// <summary>What the entry means.</summary>
    public SoftPteKind KindOf(VirtAddr address, AddressSpace? space = null) => Mem.SoftPtes.KindOf(PteOf(address, space));

    /// <summary>The record of the frame that the entry holds.</summary>
    public PageFrame FrameAt(VirtAddr address, AddressSpace? space = null)
    {
        Pte entry = PteOf(address, space);
        SoftPteFormat.HasFrame(entry).ShouldBeTrue($"no frame at {address}: {entry}");
        return Mem.Frames[entry.Frame];
    }

    /// <summary>The mapping at <paramref name="address"/> in the running space.</summary>
    public Vma VmaAt(VirtAddr address) => Current().FindVma(address).ShouldNotBeNull();

    /// <summary>Memory pressure: reclaims up to <paramref name="frames"/> frames now; returns how many came free.</summary>
    public ulong Reclaim(ulong frames) => Mem.Source.ReclaimNow(frames);

    /// <summary>Makes every page one step older.</summary>
    public MmHarness Age()
    {
        Reclaimer.Age(Mem);
        return this;
    }

    /// <summary>Reclaims until nothing more can be had.</summary>
    public ulong ReclaimAll() => Reclaim(Mem.Frames.FrameCount);

    public ulong Count(MmCounter counter) => Mem.Counters[counter];

    public AddressSpace NewSpaceOrFail()
    {
        NewSpace.Create(Mem).Ok(out AddressSpace? space, out Errno errno).ShouldBeTrue($"{errno}");
        return space!;
    }

    /// <summary>Checks the invariants of memory management: ownership of leaves, free frames, and that no TLB is ahead of the tables.</summary>
    public MmHarness ShouldBeSound()
    {
        MmInvariants.Check(Mem).ShouldBeEmpty();
        TlbSoundness.Offences(Mem, _mmus).ShouldBeEmpty();
        return this;
    }

    private void CountProcessor(int cpu)
    {
        if ((_busy >> cpu & 1) == 0)
        {
            _busy |= 1UL << cpu;
            _ran.Cpus(BitOperations.PopCount(_busy));
        }
    }

    void ITlbShootdown.Invalidate(in FlushRequest request)
    {
        Flushes.Add(request);
        foreach (Mmu mmu in _mmus)
        {
            if (request.Scope == FlushScope.Space)
            {
                mmu.Invalidate(TlbInvalidation.PcidKeepGlobal(request.Space.Pcid));
                continue;
            }

            for (VirtAddr page = request.Range.Start; page.Raw < request.Range.End.Raw; page += request.Stride.Bytes())
            {
                mmu.Invalidate(TlbInvalidation.PageKeepGlobal(page, request.Space.Pcid));
            }
        }
    }

    void ITraceSink.Take(in TraceEvent happened) => Events.Add(happened);

    public void Dispose() => _ram.Dispose();
}
