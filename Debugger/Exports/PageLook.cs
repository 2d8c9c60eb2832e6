using MmuEmu.Kernel.Views;

namespace MmuEmu.Debugger.Exports;

/// <summary>How a page is drawn on a map; where as many pages look one way as another, the greater is shown.</summary>
internal enum PageLook
{
    /// <summary>Nothing there.</summary>
    Absent,

    /// <summary>A hole whose touch is SIGBUS.</summary>
    Hole,

    /// <summary>The shared page of zeros.</summary>
    Zero,

    /// <summary>In RAM, not written.</summary>
    Clean,

    /// <summary>In RAM, with other entries that hold it.</summary>
    Shared,

    /// <summary>In RAM, written.</summary>
    Dirty,

    /// <summary>In RAM, lazily free.</summary>
    LazyFree,

    /// <summary>In RAM, and reclaim may purge it.</summary>
    Volatile,

    /// <summary>In swap.</summary>
    Swapped,

    /// <summary>Purged.</summary>
    Purged,
}

/// <summary>Which look a page has, and what it means.</summary>
internal static class PageLooks
{
    /// <summary>The look of a page.</summary>
    public static PageLook Of(PageState state)
    {
        if ((state & (PageState.Present | PageState.ProtNone)) == 0)
        {
            return Has(state, PageState.Purged) ? PageLook.Purged
                : Has(state, PageState.Swapped) ? PageLook.Swapped
                : Has(state, PageState.Mapped) && Has(state, PageState.UserFault) ? PageLook.Hole
                : PageLook.Absent;
        }

        return Has(state, PageState.Volatile) ? PageLook.Volatile
            : Has(state, PageState.LazyFree) ? PageLook.LazyFree
            : Has(state, PageState.Zero) ? PageLook.Zero
            : Has(state, PageState.Shared) && !Has(state, PageState.File) ? PageLook.Shared
            : Has(state, PageState.Dirty) ? PageLook.Dirty
            : PageLook.Clean;
    }

    /// <summary>What it means.</summary>
    public static string Says(PageLook look) => look switch
    {
        PageLook.Absent => "not there",
        PageLook.Hole => "hole, a touch is SIGBUS (MADV_USERFAULT)",
        PageLook.Zero => "shared page of zeros",
        PageLook.Clean => "in RAM, not written (D=0)",
        PageLook.Shared => "in RAM, shared with other entries",
        PageLook.Dirty => "in RAM, written (D=1)",
        PageLook.LazyFree => "lazily free (MADV_FREE)",
        PageLook.Volatile => "volatile (vrange)",
        PageLook.Swapped => "in swap",
        PageLook.Purged => "purged (vrange)",
    };

    private static bool Has(PageState state, PageState flag) => (state & flag) != 0;
}
