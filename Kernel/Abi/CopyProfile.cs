using System.Globalization;

namespace MmuEmu.Kernel.Abi;

/// <summary>How the kernel reaches file pages that it has no mapping of, and what it does when memory runs out meanwhile: the choices of 2002.</summary>
/// <remarks>The default is none of it: every frame is mapped, and copies cannot be interrupted.</remarks>
public sealed record CopyProfile
{
    private const int MostSlots = 4096;
    private const int MostPasses = 1000;

    private static readonly (string Word, Func<CopyProfile, CopyProfile> Change)[] Table =
    [
        ("copy=c0", static p => p with { Strategy = CopyStrategy.C0 }),
        ("copy=c1", static p => p with { Strategy = CopyStrategy.C1 }),
        ("copy=c2", static p => p with { Strategy = CopyStrategy.C2 }),
        ("copy=c2b", static p => p with { Strategy = CopyStrategy.C2b }),
        ("copy=c3", static p => p with { Strategy = CopyStrategy.C3 }),
        ("copy=c4", static p => p with { Strategy = CopyStrategy.C4 }),
        ("copy=c5", static p => p with { Strategy = CopyStrategy.C5 }),
        ("copy=c6", static p => p with { Strategy = CopyStrategy.C6 }),
        ("copy=c7", static p => p with { Strategy = CopyStrategy.C7 }),
        ("fault-rule=a", static p => p with { Faults = AtomicFaults.Served }),
        ("fault-rule=b", static p => p with { Faults = AtomicFaults.Refused }),
        ("touch=exact", static p => p with { Touch = TouchRule.Exact }),
        ("touch=proposal", static p => p with { Touch = TouchRule.Proposal }),
        ("touch=read", static p => p with { Touch = TouchRule.ReadOnly }),
        ("slot=filemap", static p => p with { SharesUserSlot = false }),
        ("slot=user0", static p => p with { SharesUserSlot = true }),
        ("kunmap=clear", static p => p with { LeavesEntries = false }),
        ("kunmap=lazy", static p => p with { LeavesEntries = true }),
        ("prepare=plain", static p => p with { MapsInPrepare = false }),
        ("prepare=kmap", static p => p with { MapsInPrepare = true }),
        ("commit=copied", static p => p with { CommitsAll = false }),
        ("commit=full", static p => p with { CommitsAll = true }),
        ("tail=keep", static p => p with { ZeroesTail = false }),
        ("tail=zero", static p => p with { ZeroesTail = true }),
        ("copy-code=plain", static p => p with { KeepsAddress = false }),
        ("copy-code=mmx", static p => p with { KeepsAddress = true }),
        ("rwsem=fair", static p => p with { Rwsem = RwsemKind.Fair }),
        ("rwsem=recursive", static p => p with { Rwsem = RwsemKind.Recursive }),
        ("allocator=bounded", static p => p with { Allocator = AllocatorKind.Bounded }),
        ("allocator=mainline", static p => p with { Allocator = AllocatorKind.Mainline }),
        ("allocator=aa", static p => p with { Allocator = AllocatorKind.AndreaArcangeli }),
        ("reclaim=rmap", static p => p with { Reclaim = ReclaimKind.ByPage }),
        ("reclaim=virtual", static p => p with { Reclaim = ReclaimKind.BySpace }),
    ];

    private static readonly (string Name, ulong Least, ulong Most, Func<CopyProfile, ulong, CopyProfile> Change)[] Numbers =
    [
        ("highmem", 0, 1UL << 26, static (p, n) => p with { HighFrom = n }),
        ("kmap-pool", 2, MostSlots, static (p, n) => p with { PoolSlots = (int)n }),
        ("aa-passes", 1, MostPasses, static (p, n) => p with { Passes = (int)n }),
    ];

    /// <summary>None of it.</summary>
    public static CopyProfile None { get; } = new();

    /// <summary>The smallest and the largest number of a word such as <c>kmap-pool</c>; null for one that takes none.</summary>
    public static (ulong Least, ulong Most)? NumbersOf(string name)
    {
        foreach ((string known, ulong least, ulong most, _) in Numbers)
        {
            if (known == name)
            {
                return (least, most);
            }
        }

        return null;
    }

    /// <summary>How pages are copied; with <see cref="CopyStrategy.None"/> there are no windows.</summary>
    internal CopyStrategy Strategy { get; init; }

    /// <summary>The first frame that the kernel has no mapping of.</summary>
    internal ulong HighFrom { get; init; }

    /// <summary>Windows of the pool that may be slept with, 2 to 4096.</summary>
    internal int PoolSlots { get; init; } = 1024;

    /// <summary>What a fault in an atomic state does.</summary>
    internal AtomicFaults Faults { get; init; }

    /// <summary>Which bytes are touched first.</summary>
    internal TouchRule Touch { get; init; }

    /// <summary>File copies use the slot that page zeroing and page copies use, none of their own.</summary>
    internal bool SharesUserSlot { get; init; }

    /// <summary>Giving an atomic window back leaves its entry as it is.</summary>
    internal bool LeavesEntries { get; init; }

    /// <summary>prepare_write maps the page, and commit_write gives the window back, whether anybody uses it or not.</summary>
    internal bool MapsInPrepare { get; init; }

    /// <summary>After a copy that fell short, all that was asked for is committed.</summary>
    internal bool CommitsAll { get; init; }

    /// <summary>A copy that falls short fills its rest with zeros.</summary>
    internal bool ZeroesTail { get; init; }

    /// <summary>The copy's code keeps the window's address where a fix-up cannot find it.</summary>
    internal bool KeepsAddress { get; init; }

    /// <summary>The kind of mmap_sem.</summary>
    internal RwsemKind Rwsem { get; init; }

    /// <summary>What becomes of allocations that find nothing.</summary>
    internal AllocatorKind Allocator { get; init; }

    /// <summary>Passes that free nothing before the -aa allocator kills.</summary>
    internal int Passes { get; init; } = 6;

    /// <summary>How reclaim finds entries.</summary>
    internal ReclaimKind Reclaim { get; init; }

    /// <summary>True when copies go through windows.</summary>
    public bool HasWindows => Strategy != CopyStrategy.None;

    /// <summary>True when its parts fit: copy code that hides the window's address cannot be fixed up by a fault handler.</summary>
    /// <remarks>The proposal of the fix-up refuses to be built with such code.</remarks>
    public bool IsBuildable => !(Strategy == CopyStrategy.C5 && KeepsAddress);

    /// <summary>The profile with one more word, such as <c>copy=c7</c> or <c>kmap-pool=4</c>.</summary>
    /// <param name="word">The word, its number behind it where it takes one; a highmem number is in frames.</param>
    /// <param name="changed">Out: the profile with that choice; this one when the result is false.</param>
    /// <returns>False for a word that is none, or a number out of its range.</returns>
    public bool TryAdd(string word, out CopyProfile changed)
    {
        changed = this;
        foreach ((string known, Func<CopyProfile, CopyProfile> change) in Table)
        {
            if (known == word)
            {
                changed = change(this);
                return true;
            }
        }

        foreach ((string name, ulong least, ulong most, Func<CopyProfile, ulong, CopyProfile> change) in Numbers)
        {
            if (word.StartsWith(name + "=", StringComparison.Ordinal)
                && ulong.TryParse(word.AsSpan(name.Length + 1), NumberStyles.None, CultureInfo.InvariantCulture, out ulong number)
                && number >= least && number <= most)
            {
                changed = change(this, number);
                return true;
            }
        }

        return false;
    }
}
