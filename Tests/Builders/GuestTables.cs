using MmuEmu.Emulator.Memory;
using MmuEmu.Emulator.Paging;
using MmuEmu.Emulator.Tlb;
using MmuEmu.Emulator.Translation;
using MmuEmu.Emulator.Values;

namespace MmuEmu.Tests.Builders;

/// <summary>Page tables in a guest's RAM, one line per mapping: <c>new GuestTables().Map(va, frame, bits)</c>.</summary>
/// <remarks>
/// RAM is one frame short of 2 MiB, so that the host spends small pages on it. Tables are taken from its top frame (0x1FE) down;
/// frames below 0x1D0 are the test's own, and frames above 0x1FE can be mapped but hold nothing.
/// The mode has WP, PGE and NXE on, 1 GiB pages, and 40-bit physical addresses; entries above a leaf are P, RW, US.
/// </remarks>
public sealed class GuestTables
{
    /// <summary>What an everyday user page has: present, writable, user.</summary>
    public const PteBits UserPage = PteBits.P | PteBits.RW | PteBits.US;

    private ulong _nextTable = 0x1FE;

    public GuestTables()
        : this(PagingBits.Wp | PagingBits.Pge | PagingBits.Nxe | PagingBits.Page1G)
    {
    }

    public GuestTables(PagingBits bits) => Mode = new PagingMode(NewTable(), Pcid: 0, bits, MaxPhyAddr: 40, Pkru: 0);

    public PhysicalMemory Ram { get; } = new((2UL << 20) - 4096);

    public PagingMode Mode { get; set; }

    /// <summary>Maps one page; the frame is in 4 KiB units whatever the level of the leaf, and PS is set where it belongs.</summary>
    public GuestTables Map(ulong va, ulong frame, PteBits bits = UserPage, PagingLevel level = PagingLevel.Pt)
    {
        PteBits size = level == PagingLevel.Pt ? PteBits.None : PteBits.PS;
        return Set(va, level, Pte.Of(new Pfn(frame), bits | size));
    }

    /// <summary>Writes one entry as it is, making the tables above it where none are present.</summary>
    public GuestTables Set(ulong va, PagingLevel level, Pte entry)
    {
        Ram.WriteUInt64(SlotOf(va, level), entry.Raw);
        return this;
    }

    /// <summary>The same entry with some bits set and others clear.</summary>
    public GuestTables Change(ulong va, PagingLevel level, PteBits set = PteBits.None, PteBits clear = PteBits.None) =>
        Set(va, level, Entry(va, level).Without(clear).With(set));

    /// <summary>The entry that a walk for the address reads at a level.</summary>
    public Pte Entry(ulong va, PagingLevel level = PagingLevel.Pt) => new(Ram.ReadUInt64(SlotOf(va, level)));

    /// <summary>Where that entry lies in RAM.</summary>
    public PhysAddr SlotOf(ulong va, PagingLevel level)
    {
        Pfn table = Mode.Root;
        for (PagingLevel at = Mode.RootLevel; ; at--)
        {
            PhysAddr slot = table.EntryAt(at.IndexOf(new VirtAddr(va)));
            if (at == level)
            {
                return slot;
            }

            Pte entry = new(Ram.ReadUInt64(slot));
            if (entry.Frame.Raw == 0)
            {
                entry = Pte.Of(NewTable(), UserPage);
                Ram.WriteUInt64(slot, entry.Raw);
            }

            table = entry.Frame;
        }
    }

    public GuestTables With(PagingBits bits)
    {
        Mode = Mode with { Bits = Mode.Bits | bits };
        return this;
    }

    public GuestTables Without(PagingBits bits)
    {
        Mode = Mode with { Bits = Mode.Bits & ~bits };
        return this;
    }

    /// <summary>An empty frame to be used as a table; counted down from the top of RAM.</summary>
    public Pfn NewTable() => new(_nextTable--);

    /// <summary>A root of its own; give it to <see cref="Mode"/> to build a second address space.</summary>
    public PagingMode NewAddressSpace(ushort pcid) => Mode with { Root = NewTable(), Pcid = pcid };

    public Mmu NewMmu(TlbMode mode) => NewMmu(new MmuOptions { TlbMode = mode });

    public Mmu NewMmu(MmuOptions options) => new(Ram, options) { Mode = Mode };
}
