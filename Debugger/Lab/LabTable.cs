namespace MmuEmu.Debugger.Lab;

/// <summary>A column of the matrix: the hazards whose runs decide it.</summary>
/// <param name="Title">What stands over it.</param>
/// <param name="Rows">The rows; it is safe when all their runs are.</param>
internal sealed record LabColumn(string Title, string[] Rows);

/// <summary>The experiments, the cures and the columns: what is run, and never how it ends.</summary>
internal static class LabTable
{
    /// <summary>The cures, by their words in a profile.</summary>
    public static readonly (string Name, string Says)[] Cures =
    [
        ("c0", "touch, sleeping window"), ("c1", "touch, atomic window"), ("c2", "dont_unmap_pages"), ("c2b", "dont_unmap_pages after a touch"),
        ("c3", "mmap_sem for the whole call"), ("c4", "pinned pages"), ("c5", "fix-up in the fault handler"), ("c6", "atomic, then slow"), ("c7", "atomic, then anew"),
    ];

    /// <summary>The columns of the matrix.</summary>
    public static readonly LabColumn[] Columns =
    [
        new("evict", ["K-001", "K-002"]), new("remap", ["K-004"]), new("lockall", ["K-008"]), new("OOM", ["K-009", "K-010"]),
        new("sem", ["K-013"]), new("locks", ["K-015", "K-016", "K-017"]),
    ];

    /// <summary>Rows beside the matrix.</summary>
    public static readonly string[] Others = ["K-003", "K-005", "K-007", "K-014", "K-018", "K-020", "K-021", "K-080", "K-081"];

    /// <summary>The row whose run counts interrupts.</summary>
    public const string Interrupts = "K-019";

    /// <summary>All experiments.</summary>
    public static readonly LabCase[] Cases =
    [
        new("K-001", "the user's page goes to swap between touch and copy", "kmap-copy", ["evict"], Evict) { Profile = "kunmap=lazy" },
        new("K-002", "the same, and another task copies while the first one sleeps", "kmap-copy", ["two"], Evict) { Profile = "kunmap=lazy" },
        new("K-003", "the fault that the copy meets needs the copy's own slot", "kmap-copy", ["read-zero"], []) { Profile = "slot=user0,touch=read,kunmap=lazy" },
        new("K-004", "another thread maps the buffer anew between touch and copy", "kmap-copy", ["remap"], HoldUntil("changing")),
        new("K-005", "another thread unmaps the buffer between touch and copy", "kmap-copy", ["unmap"], HoldUntil("changing")),
        new("K-007", "the touch that the proposal wrote misses a page", "kmap-copy", ["touch"], []) { Profile = "touch=proposal" },
        new("K-008", "a task stays in its write while memory is short", "kmap-oom", ["hold", "200"], ["at copy#1 after_lock_page: hold until looked"]) { Ram = "8M", Detectors = [] },
        new("K-009", "all tasks need a page at once, and the allocator kills", "kmap-oom", ["24", "36"], Together) { Ram = "4M", Profile = "allocator=aa", Detectors = [] },
        new("K-010", "all tasks need a page at once, and the allocator never kills", "kmap-oom", ["24", "36"], Together) { Ram = "4M", Profile = "allocator=mainline", Detectors = [] },
        new("K-013", "mmap_sem is taken twice, with a writer in between", "kmap-locks", ["sem"], ["at copy#1 before_commit: hold until dropped"]) { Detectors = ["lock_cycles"] },
        new("K-014", "the same without a writer", "kmap-locks", ["alone"], []) { Detectors = ["lock_cycles"] },
        new("K-015", "the buffer is a mapping of the page that is written", "kmap-locks", ["same"], HoldBoth("dropped")) { Detectors = ["lock_cycles"] },
        new("K-016", "two tasks write each the page that the other's buffer maps", "kmap-locks", ["cross"], HoldBoth("dropped")) { Detectors = ["lock_cycles"] },
        new("K-017", "another thread fills a mapping of the page with mmap_sem held", "kmap-locks", ["populate"], HoldBoth("dropped")) { Detectors = ["lock_cycles"] },
        new("K-018", "senders wait at a full pipe with all windows of the pool", "kmap-copy", ["send", "4"], []) { Profile = "kmap-pool=4" },
        new("K-019", "many writes, a few of which meet an evicted page", "kmap-copy", ["churn", "256"], Few) { Cpus = 2, Profile = "kmap-pool=4" },
        new("K-020", "a reader looks while a copy that fell short has zeroed its tail", "kmap-copy", ["tail"], [.. Midst, "at copy#1 before_commit#1: hold until looked"]) { Profile = "tail=zero" },
        new("K-021", "a copy that fell short is committed as if it had not", "kmap-copy", ["fresh"], Midst) { Profile = "commit=full" },
        new("K-080", "a read's user page goes to swap between touch and copy", "kmap-copy", ["read"], Evict) { Profile = "kunmap=lazy" },
        new("K-081", "a read's user page is the page of zeros, and was only read before", "kmap-copy", ["read-zero"], []) { Profile = "touch=read" },
    ];

    private static string[] Evict => ["at copy#1 after_prefault#1: evict", "at copy#1 after_pin: evict"];

    private static string[] Midst => ["at copy#1 byte 1024: evict"];

    private static string[] Together => ["at copy before_fault_sleep: hold until together"];

    private static string[] Few => ["at copy#32 after_prefault#1: evict", "at copy#96 after_prefault#1: evict", "at copy#160 after_prefault#1: evict", "at copy#224 after_prefault#1: evict"];

    private static string[] HoldUntil(string mark) => [$"at copy#1 after_lock_page: hold until {mark}"];

    private static string[] HoldBoth(string mark) =>
        [$"at copy#1 after_lock_page: hold until {mark}", $"at copy#2 after_lock_page: hold until {mark}"];

    /// <summary>The experiment of a row; null for none.</summary>
    public static LabCase? Find(string row) => Array.Find(Cases, one => one.Row.Equals(row, StringComparison.OrdinalIgnoreCase));
}
