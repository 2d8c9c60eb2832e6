using MmuEmu.Kernel.Abi;

namespace MmuEmu.Kernel.PageCopy;

/// <summary>One thing that a copy of a page does.</summary>
internal enum CopyStage
{
    /// <summary>mmap_sem is taken for reading, until the call is over.</summary>
    TakeSem,

    /// <summary>The counter that keeps reclaim from the space goes up.</summary>
    Raise,

    /// <summary>The user's bytes are touched, so that their pages are there.</summary>
    Touch,

    /// <summary>The user's pages are found and pinned.</summary>
    Pin,

    /// <summary>The file page is found or made, and locked.</summary>
    Lock,

    /// <summary>The file page is found, read in if need be.</summary>
    Find,

    /// <summary>What of the page will not be written over is read in: prepare_write.</summary>
    Prepare,

    /// <summary>A window that may be slept with is opened on the file page.</summary>
    OpenPool,

    /// <summary>An atomic window is opened on the file page.</summary>
    OpenAtomic,

    /// <summary>The bytes are moved between user memory and the window.</summary>
    Move,

    /// <summary>The bytes are moved between the pinned pages and the window.</summary>
    MovePinned,

    /// <summary>The bytes are given to another file.</summary>
    SendOut,

    /// <summary>The window is given back.</summary>
    Close,

    /// <summary>The page becomes the file's, and is unlocked: commit_write.</summary>
    Commit,

    /// <summary>The page is let go.</summary>
    Drop,

    /// <summary>The counter goes down.</summary>
    Lower,

    /// <summary>The user's pages are let go.</summary>
    Unpin,
}

/// <summary>What a copy does when its atomic part meets a page that is not there.</summary>
internal enum CopyFault
{
    /// <summary>The fault is served where it is.</summary>
    Served,

    /// <summary>The window is closed, the fault served, the window opened again.</summary>
    FixedUp,

    /// <summary>The copy ends there; what was copied counts.</summary>
    Short,

    /// <summary>The copy ends there, and is made anew, from its first byte, with a window that may be slept with.</summary>
    Slow,

    /// <summary>The copy ends there; what was copied is committed, and the rest begins anew.</summary>
    Retried,
}

/// <summary>A way to copy pages between user memory and a file.</summary>
/// <param name="Write">What a write does, in order.</param>
/// <param name="Read">What a read does, in order.</param>
/// <param name="OnFault">What a fault in the atomic part does.</param>
internal sealed record CopyRecipe(CopyStage[] Write, CopyStage[] Read, CopyFault OnFault);

/// <summary>The recipes: one for each strategy.</summary>
internal static class RecipeTable
{
    /// <summary>sendfile: the bytes go out of a window that may be slept with, because the other file may be full.</summary>
    public static readonly CopyStage[] Send = [CopyStage.Find, CopyStage.OpenPool, CopyStage.SendOut, CopyStage.Close, CopyStage.Drop];

    private static readonly CopyStage[] AtomicWrite =
        [CopyStage.Touch, CopyStage.Lock, CopyStage.Prepare, CopyStage.OpenAtomic, CopyStage.Move, CopyStage.Close, CopyStage.Commit];

    private static readonly CopyStage[] AtomicRead =
        [CopyStage.Touch, CopyStage.Find, CopyStage.OpenAtomic, CopyStage.Move, CopyStage.Close, CopyStage.Drop];

    private static readonly (CopyStrategy Strategy, CopyRecipe Recipe)[] Table =
    [
        (CopyStrategy.C0, new(
            [CopyStage.Touch, CopyStage.Lock, CopyStage.Prepare, CopyStage.OpenPool, CopyStage.Move, CopyStage.Close, CopyStage.Commit],
            [CopyStage.Touch, CopyStage.Find, CopyStage.OpenPool, CopyStage.Move, CopyStage.Close, CopyStage.Drop],
            CopyFault.Served)),
        (CopyStrategy.C1, new(AtomicWrite, AtomicRead, CopyFault.Served)),
        (CopyStrategy.C2, new(
            [CopyStage.Raise, .. AtomicWrite, CopyStage.Lower],
            [CopyStage.Raise, .. AtomicRead, CopyStage.Lower],
            CopyFault.Served)),
        (CopyStrategy.C2b, new(
            [CopyStage.Touch, CopyStage.Raise, .. AtomicWrite, CopyStage.Lower],
            [CopyStage.Touch, CopyStage.Raise, .. AtomicRead, CopyStage.Lower],
            CopyFault.Served)),
        (CopyStrategy.C3, new([CopyStage.TakeSem, .. AtomicWrite], [CopyStage.TakeSem, .. AtomicRead], CopyFault.Served)),
        (CopyStrategy.C4, new(
            [CopyStage.Pin, CopyStage.Lock, CopyStage.Prepare, CopyStage.OpenAtomic, CopyStage.MovePinned, CopyStage.Close, CopyStage.Commit, CopyStage.Unpin],
            [CopyStage.Pin, CopyStage.Find, CopyStage.OpenAtomic, CopyStage.MovePinned, CopyStage.Close, CopyStage.Drop, CopyStage.Unpin],
            CopyFault.Served)),
        (CopyStrategy.C5, new(AtomicWrite, AtomicRead, CopyFault.FixedUp)),
        (CopyStrategy.C6, new(AtomicWrite, AtomicRead, CopyFault.Slow)),
        (CopyStrategy.C7, new(AtomicWrite, AtomicRead, CopyFault.Retried)),
    ];

    /// <summary>The recipe of a strategy.</summary>
    public static CopyRecipe Of(CopyStrategy strategy)
    {
        foreach ((CopyStrategy known, CopyRecipe recipe) in Table)
        {
            if (known == strategy)
            {
                return recipe;
            }
        }

        throw new ArgumentOutOfRangeException(nameof(strategy));
    }
}
