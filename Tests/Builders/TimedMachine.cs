using MmuEmu.Emulator.Memory;
using MmuEmu.Emulator.Paging;
using MmuEmu.Emulator.Timing;
using MmuEmu.Emulator.Tlb;
using MmuEmu.Emulator.Translation;
using MmuEmu.Emulator.Values;

namespace MmuEmu.Tests.Builders;

/// <summary>RAM, an MMU and a cycle model of one preset, without a core: page tables by the range, accesses by the page.</summary>
/// <remarks>Table frames are taken in order from 1 MiB on; pages map to frames from 1 GiB on, which need not be RAM.</remarks>
public sealed class TimedMachine : IDisposable
{
    private const ulong FirstTable = 0x100;
    private const ulong FirstPage = 0x40000;
    private readonly WhatRan _ran = WhatRan.Now;
    private ulong _nextTable = FirstTable + 1;
    private ulong _nextPage = FirstPage;

    public TimedMachine(MachinePreset preset, TlbMode mode = TlbMode.Preset)
    {
        Ram = new PhysicalMemory(128UL << 20);
        Mmu = new Mmu(Ram, new MmuOptions { TlbMode = mode, Geometry = preset.Tlb })
        {
            Mode = new PagingMode(
                new Pfn(FirstTable), 0, PagingBits.Wp | PagingBits.Nxe | PagingBits.Page1G, MaxPhyAddr: 48, Pkru: 0),
        };
        Model = new CycleModel(preset);
    }

    public PhysicalMemory Ram { get; }

    public Mmu Mmu { get; }

    public CycleModel Model { get; }

    /// <summary>Maps pages in a row, writable by user code.</summary>
    public TimedMachine Map(ulong start, int pages, PageSize size = PageSize.Size4K)
    {
        ulong align = size.Bytes() >> 12;
        _nextPage = (_nextPage + align - 1) & ~(align - 1);
        for (int i = 0; i < pages; i++)
        {
            PteBits leaf = PteBits.P | PteBits.RW | PteBits.US | (size == PageSize.Size4K ? PteBits.None : PteBits.PS);
            Ram.WriteUInt64(SlotOf(start + ((ulong)i * size.Bytes()), size), (_nextPage << 12) | (ulong)leaf);
            _nextPage += align;
        }

        return this;
    }

    /// <summary>Builds the tables above the range and leaves its entries zero.</summary>
    public TimedMachine Reserve(ulong start, int pages)
    {
        for (int i = 0; i < pages; i++)
        {
            _ = SlotOf(start + ((ulong)i << 12), PageSize.Size4K);
        }

        return this;
    }

    /// <summary>Where the leaf entry of an address lies; tables on the way are built as needed.</summary>
    public PhysAddr SlotOf(ulong address, PageSize size)
    {
        Pfn table = new(FirstTable);
        for (PagingLevel level = PagingLevel.Pml4; ; level--)
        {
            PhysAddr slot = table.EntryAt(level.IndexOf(new VirtAddr(address)));
            if (level == (PagingLevel)size)
            {
                return slot;
            }

            Pte entry = new(Ram.ReadUInt64(slot));
            if (!entry.Present)
            {
                entry = new Pte((_nextTable++ << 12) | (ulong)(PteBits.P | PteBits.RW | PteBits.US));
                Ram.WriteUInt64(slot, entry.Raw);
            }

            table = entry.Frame;
        }
    }

    /// <summary>One access of 8 bytes; false when it faults.</summary>
    public bool Touch(ulong address, AccessKind kind = AccessKind.Read)
    {
        Access access = new(new VirtAddr(address), kind, AccessOrigin.User);
        if (!Mmu.TryTranslate(access, out Translated to, out _))
        {
            Model.Fault(Mmu.LastOutcome, kind);
            return false;
        }

        _ran.Page(to.Size);
        switch (kind)
        {
            case AccessKind.Read:
                Model.Data(Mmu.LastOutcome, to.Address, 8, MemoryUse.Load);
                break;
            case AccessKind.Write:
                Model.Data(Mmu.LastOutcome, to.Address, 8, MemoryUse.Store);
                break;
            case AccessKind.Fetch:
                Model.Fetch(Mmu.LastOutcome, to.Address);
                break;
        }

        return true;
    }

    /// <summary>Reads 8 bytes at each address, in order.</summary>
    public void Sweep(IEnumerable<ulong> addresses, AccessKind kind = AccessKind.Read)
    {
        foreach (ulong address in addresses)
        {
            if (!Touch(address, kind))
            {
                throw new InvalidOperationException($"0x{address:x} is not mapped");
            }
        }
    }

    public void Dispose() => Ram.Dispose();
}
