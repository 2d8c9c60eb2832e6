using MmuEmu.Emulator.Memory;
using MmuEmu.Emulator.Paging;
using MmuEmu.Emulator.Values;

namespace MmuEmu.Debugger.Matrix;

/// <summary>Lays the cases of a matrix into a small RAM and lets the walker of this emulator judge them.</summary>
/// <remarks>
/// Frames 1 to 5 are the tables of levels 1 to 5; the page that a leaf maps begins at frame 0, which every page size allows.
/// </remarks>
internal sealed class MatrixBench : IDisposable
{
    /// <summary>The address that is accessed: a different index at every level, and canonical with 4 levels and with 5.</summary>
    public static VirtAddr Address { get; } = new(0x0000_1234_5678_9ABC);

    private MatrixEntries _written;

    /// <summary>The RAM that holds the tables.</summary>
    public PhysicalMemory Ram { get; } = new(PhysicalMemory.MinBytes);

    /// <summary>The mode of a case with the root that this bench has built.</summary>
    public static PagingMode ModeOf(in MatrixCase one) => one.Mode with { Root = new Pfn((ulong)one.Mode.RootLevel) };

    /// <summary>The access of a case with the address that this bench maps.</summary>
    public static Access AccessOf(in MatrixCase one) => one.Access with { Address = Address };

    /// <summary>Writes the case's entries, each pointing to the next table.</summary>
    public void Load(in MatrixCase one)
    {
        for (PagingLevel level = PagingLevel.Pt; level <= one.Mode.RootLevel; level++)
        {
            Pte entry = one.Entries[(int)level];
            if (!entry.IsLeafAt(level))
            {
                entry = new Pte(entry.Raw | ((ulong)(level - 1) << 12));
            }

            if (entry != _written[(int)level])
            {
                _written[(int)level] = entry;
                Ram.WriteUInt64(SlotOf(level), entry.Raw);
            }
        }
    }

    /// <summary>Walks, sets A and D as owed, and puts the entries back as they were.</summary>
    public MatrixResult Run(in MatrixCase one)
    {
        Load(one);
        PagingMode mode = ModeOf(one);
        bool passed = PageWalker.TryWalk(
            Ram, mode, WalkStart.AtRoot(mode), AccessOf(one), out WalkPath path, out _, out PageFault fault);
        if (!passed)
        {
            return new MatrixResult(false, fault.Code, 0, 0);
        }

        _ = AccessedDirty.TryCommit(Ram, path, one.Access.Kind, out _);
        return TakeBack(one);
    }

    /// <summary>Which A and D bits have been set since <see cref="Load"/>; clears them again.</summary>
    public MatrixResult TakeBack(in MatrixCase one)
    {
        int accessed = 0;
        int dirty = 0;
        for (PagingLevel level = PagingLevel.Pt; level <= one.Mode.RootLevel; level++)
        {
            Pte before = _written[(int)level];
            ulong changed = Ram.ReadUInt64(SlotOf(level)) ^ before.Raw;
            if (changed != 0)
            {
                accessed |= (changed & (ulong)PteBits.A) != 0 ? 1 << (int)level : 0;
                dirty |= (changed & (ulong)PteBits.D) != 0 ? 1 << (int)level : 0;
                Ram.WriteUInt64(SlotOf(level), before.Raw);
            }
        }

        return new MatrixResult(true, PageFaultCode.None, (byte)accessed, (byte)dirty);
    }

    /// <summary>Gives the RAM back.</summary>
    public void Dispose() => Ram.Dispose();

    private static PhysAddr SlotOf(PagingLevel level) => new Pfn((ulong)level).EntryAt(level.IndexOf(Address));
}
