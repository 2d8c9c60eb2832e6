using MmuEmu.Kernel.PageCopy;

namespace MmuEmu.Kernel.Run;

/// <summary>The points of copies as rules name them.</summary>
internal static class CopyPointNames
{
    /// <summary>The point in the midst of a copy, which rules name by its byte.</summary>
    public const string MidCopy = "mid_copy";

    private static readonly (CopyPoint Point, string Name)[] Table =
    [
        (CopyPoint.AfterPrefault, "after_prefault"),
        (CopyPoint.AfterLockPage, "after_lock_page"),
        (CopyPoint.AfterKmapAtomic, "after_kmap_atomic"),
        (CopyPoint.MidCopy, MidCopy),
        (CopyPoint.BeforeFaultSleep, "before_fault_sleep"),
        (CopyPoint.AfterSwapin, "after_swapin"),
        (CopyPoint.BeforeCommit, "before_commit"),
        (CopyPoint.AfterPin, "after_pin"),
    ];

    /// <summary>True for a name that a rule can use.</summary>
    public static bool IsNamed(string name) => name != MidCopy && Array.Exists(Table, row => row.Name == name);

    /// <summary>The name of a point.</summary>
    public static string Of(CopyPoint point) => Array.Find(Table, row => row.Point == point).Name;
}
