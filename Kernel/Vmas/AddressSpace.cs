using MmuEmu.Emulator.Paging;
using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Frames;
using MmuEmu.Kernel.State;
using MmuEmu.Kernel.Tables;

namespace MmuEmu.Kernel.Vmas;

/// <summary>Limits of an address space, from setrlimit.</summary>
internal sealed record SpaceLimits
{
    /// <summary>RLIMIT_AS in bytes.</summary>
    public ulong AddressBytes { get; init; } = ulong.MaxValue;

    /// <summary>RLIMIT_DATA in bytes.</summary>
    public ulong DataBytes { get; init; } = ulong.MaxValue;

    /// <summary>RLIMIT_STACK in bytes.</summary>
    public ulong StackBytes { get; init; } = 8UL << 20;

    /// <summary>RLIMIT_MEMLOCK in bytes.</summary>
    public ulong LockedBytes { get; init; } = 8UL << 20;

    /// <summary>True for root, whom RLIMIT_MEMLOCK does not bind (CAP_IPC_LOCK) and who may map below vm.mmap_min_addr (CAP_SYS_RAWIO).</summary>
    public bool OfRoot { get; init; } = true;

    /// <summary>Bytes that may be locked: RLIMIT_MEMLOCK where it binds.</summary>
    public ulong MayLockBytes => OfRoot ? ulong.MaxValue : LockedBytes;

    /// <summary>vm.max_map_count: mappings at most.</summary>
    public int MapCount { get; init; } = 65530;
}

/// <summary>Pages that an address space holds, as /proc/PID/status shows them.</summary>
/// <remarks>Source: [Linux include/linux/mm_types.h, MM_FILEPAGES to MM_SHMEMPAGES].</remarks>
internal sealed class RssCounters : IStateful
{
    /// <summary>Resident private anonymous pages.</summary>
    public long Anon { get; set; }

    /// <summary>Resident pages of host files.</summary>
    public long File { get; set; }

    /// <summary>Resident pages of memory-only files.</summary>
    public long Shmem { get; set; }

    /// <summary>Entries that name a swap slot.</summary>
    public long Swap { get; set; }

    /// <summary>Paging structures, the root among them.</summary>
    public long Tables { get; set; }

    /// <summary>The most that were ever resident at once.</summary>
    public long Peak { get; set; }

    /// <summary>Huge pages of private anonymous memory that one entry maps; each counts 512 times in <see cref="Anon"/> too.</summary>
    public long AnonHuge { get; set; }

    /// <summary>Huge pages of the hugetlb pool; they count nowhere else.</summary>
    public long HugeTlb { get; set; }

    /// <summary>Resident pages of all kinds.</summary>
    public long Resident => Anon + File + Shmem;

    /// <summary>Raises <see cref="Peak"/> to the present count.</summary>
    public void NotePeak() => Peak = Math.Max(Peak, Resident);

    object IStateful.Save(object? last) => SavedItems.Same((Anon, File, Shmem, Swap, Tables, Peak, (AnonHuge, HugeTlb)), last);

    void IStateful.Restore(object state) => (Anon, File, Shmem, Swap, Tables, Peak, (AnonHuge, HugeTlb)) =
        ((long, long, long, long, long, long, (long, long)))state;
}

/// <summary>An address space: what is mapped where, and under which root. Data and look-up only; its verbs live floors above.</summary>
/// <remarks>Source: [Linux include/linux/mm_types.h, mm_struct].</remarks>
internal sealed class AddressSpace(SpaceTag tag) : IStateful
{
    /// <summary>Number, root frame and PCID.</summary>
    public SpaceTag Tag { get; } = tag;

    /// <summary>The frame of the PML4.</summary>
    public Pfn Root => Tag.Root;

    /// <summary>Where its page tables begin: four levels.</summary>
    public TableRoot Tables => new(Tag.Root, PagingLevel.Pml4);

    /// <summary>The mappings.</summary>
    public VmaTree Vmas { get; } = new();

    /// <summary>Pages held.</summary>
    public RssCounters Rss { get; } = new();

    /// <summary>Limits.</summary>
    public SpaceLimits Limits { get; set; } = new();

    /// <summary>What numbers mean to the program that runs here; a child of fork inherits it.</summary>
    public NumberMeanings Meanings { get; set; } = NumberMeanings.Linux;

    /// <summary>Where the heap begins.</summary>
    public VirtAddr BrkStart { get; set; }

    /// <summary>Where the heap ends: the program break.</summary>
    public VirtAddr Brk { get; set; }

    /// <summary>Mappings without an address go below this one, highest first.</summary>
    public VirtAddr MmapTop { get; set; } = new(0x7FFF_F7FF_F000);

    /// <summary>Pages that mappings with <see cref="VmFlags.Locked"/> cover.</summary>
    public ulong LockedPages { get; set; }

    /// <summary>Properties that every new mapping gets: Locked after mlockall(MCL_FUTURE).</summary>
    public VmFlags DefaultFlags { get; set; }

    /// <summary>True while a verb holds the mappings for change: what mmap_sem held for writing tells a purge (V-155).</summary>
    public bool IsWriteHeld { get; set; }

    /// <summary>Splits of mappings that are to fail, for all spaces of the machine; null for none.</summary>
    public FailPoints? FailPoints { get; init; }

    /// <summary>Copies at work that want no page of this space unmapped; reclaim leaves them all while it is above 0.</summary>
    public int DontUnmapPages { get; set; }

    /// <summary>The volatile ranges; null until the first one is marked.</summary>
    public IVolatileRanges? Volatile { get; set; }

    /// <summary>The spare table of each huge leaf of anonymous memory, by the leaf's first address: with it a split cannot fail.</summary>
    /// <remarks>They count among <see cref="RssCounters.Tables"/>. Source: [Linux mm/pgtable-generic.c, pgtable_trans_huge_deposit].</remarks>
    public SharedMap<ulong, PageFrame> SpareTables { get; } = new();

    /// <summary>prctl(PR_SET_THP_DISABLE): no huge page is made here, whatever mappings ask for.</summary>
    public bool ForbidsHuge { get; set; }

    /// <summary>The mapping that covers <paramref name="address"/>, or null.</summary>
    public Vma? FindVma(VirtAddr address) => Vmas.Find(address);

    object IStateful.Save(object? last) => (Limits, Meanings, BrkStart, Brk, MmapTop, (LockedPages, DefaultFlags, IsWriteHeld, Volatile, ForbidsHuge, DontUnmapPages));

    void IStateful.Restore(object state) => (Limits, Meanings, BrkStart, Brk, MmapTop, (LockedPages, DefaultFlags, IsWriteHeld, Volatile, ForbidsHuge, DontUnmapPages)) =
        ((SpaceLimits, NumberMeanings, VirtAddr, VirtAddr, VirtAddr, (ulong, VmFlags, bool, IVolatileRanges?, bool, int)))state;

    void IStateful.SeeParts(StateVisitor visitor)
    {
        visitor.See(Vmas);
        visitor.See(Rss);
        visitor.See(SpareTables);
        visitor.SeeAny(Volatile);
    }
}
