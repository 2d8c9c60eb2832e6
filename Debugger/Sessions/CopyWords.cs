using MmuEmu.Kernel.Abi;

namespace MmuEmu.Debugger.Sessions;

/// <summary>The words of <c>--profile</c> for windows, copies through them, and what happens when memory runs out meanwhile.</summary>
internal static class CopyWords
{
    private static readonly (string Text, string Says, string Source)[] Table =
    [
        ("copy=c0", "files through windows: touch, then a window that may be slept with", "scalable kmap, July 2002"),
        ("copy=c1", "touch, then an atomic window, and nothing against what happens in between", "scalable kmap, July 2002"),
        ("copy=c2", "as c1, and a counter keeps reclaim from the whole address space", "scalable kmap, July 2002"),
        ("copy=c2b", "as c2, the counter raised after a first touch, and a second touch under it", "scalable kmap, July 2002"),
        ("copy=c3", "as c1, and mmap_sem held for the whole call", "scalable kmap, July 2002"),
        ("copy=c4", "the user's pages pinned, frame to frame through two atomic windows", "scalable kmap, July 2002"),
        ("copy=c5", "as c1, and the fault handler moves the window under the copy", "scalable kmap, July 2002"),
        ("copy=c6", "an atomic copy that faults end, then the slow way for the whole piece", "scalable kmap, July 2002"),
        ("copy=c7", "an atomic copy that faults end, committed so far, then anew without locks", "scalable kmap, July 2002"),
        ("fault-rule=a", "a fault in an atomic state is served all the same", "scalable kmap, July 2002"),
        ("fault-rule=b", "a fault in an atomic state is refused, and the copy falls short", "scalable kmap, July 2002"),
        ("touch=exact", "the first byte and the last one are touched before a copy (the default)", "scalable kmap, July 2002"),
        ("touch=proposal", "the first byte and the one two behind the last, as the proposal was written", "scalable kmap, July 2002"),
        ("touch=read", "what a read of a file will write is only read before", "scalable kmap, July 2002"),
        ("slot=filemap", "file copies have an atomic slot of their own (the default)", "scalable kmap, July 2002"),
        ("slot=user0", "file copies share the slot of page zeroing", "scalable kmap, July 2002"),
        ("kunmap=clear", "closing an atomic window clears its entry (the default)", "Linux 2.5 arch/i386/mm/highmem.c"),
        ("kunmap=lazy", "closing an atomic window leaves its entry", "Linux 2.5 arch/i386/mm/highmem.c"),
        ("prepare=plain", "prepare_write opens no window (the default)", "scalable kmap, July 2002"),
        ("prepare=kmap", "prepare_write opens a window that commit_write closes", "scalable kmap, July 2002"),
        ("commit=copied", "what was copied is committed (the default)", "Linux mm/filemap.c, 2006"),
        ("commit=full", "what was asked for is committed, copied or not", "Linux mm/filemap.c, 2006"),
        ("tail=keep", "a short copy leaves the rest as it was (the default)", "Linux mm/filemap.c, 2006"),
        ("tail=zero", "a short copy fills the rest with zeros", "Linux mm/filemap.c, 2006"),
        ("copy-code=plain", "the copy keeps the window's address where a fix-up finds it (the default)", "scalable kmap, July 2002"),
        ("copy-code=mmx", "the copy keeps it elsewhere; not with c5", "scalable kmap, July 2002"),
        ("rwsem=fair", "a queued writer of mmap_sem goes before later readers (the default)", "scalable kmap, July 2002"),
        ("rwsem=recursive", "whoever holds mmap_sem may take it once more", "scalable kmap, July 2002"),
        ("allocator=bounded", "some passes, then a task is killed (the default)", "Linux 2.4 mm/oom_kill.c and its -aa tree"),
        ("allocator=mainline", "an allocation is tried for ever, and nobody is killed while swap is free", "Linux 2.4 mm/oom_kill.c and its -aa tree"),
        ("allocator=aa", "some passes that free nothing, then a task is killed, swap or no swap", "Linux 2.4 mm/oom_kill.c and its -aa tree"),
        ("reclaim=rmap", "page by page, by the reverse map (the default)", "Linux 2.4 and 2.5 mm/vmscan.c"),
        ("reclaim=virtual", "address space by address space, entry by entry", "Linux 2.4 and 2.5 mm/vmscan.c"),
        ("highmem=4096", "frames from this one on have no mapping; any frame's number", "Linux 2.4 mm/highmem.c"),
        ("kmap-pool=4", "so many windows that may be slept with; 2 to 4096, else 1024", "Linux 2.4 mm/highmem.c"),
        ("aa-passes=12", "passes of allocator=aa before it kills; 1 to 1000, else 6", "Linux 2.4 -aa tree"),
    ];

    /// <summary>The words, those of a family together; of those that take a number one each.</summary>
    public static IReadOnlyList<ProfileWord> All { get; } = [.. Table.Select(row => Of(row.Text, row))];

    /// <summary>A word with its number, such as <c>kmap-pool=4</c>; null for a text that is none.</summary>
    public static ProfileWord? WithNumber(string typed)
    {
        string family = typed.Split('=')[0] + "=";
        (string Text, string Says, string Source) row = Table.FirstOrDefault(row => row.Text.StartsWith(family, StringComparison.Ordinal));
        return row.Text is null || !CopyProfile.None.TryAdd(typed, out _) ? null : Of(typed, row);
    }

    private static ProfileWord Of(string typed, (string Text, string Says, string Source) row) => new(typed, row.Says, row.Source, profile =>
    {
        _ = profile.Copy.TryAdd(typed, out CopyProfile copy);
        return profile with { Copy = copy };
    })
    {
        Numbers = CopyProfile.NumbersOf(typed.Split('=')[0]),
    };
}
