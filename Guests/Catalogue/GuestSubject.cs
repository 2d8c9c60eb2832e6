namespace MmuEmu.Guests;

/// <summary>What a program is about, in the order in which a list shows them.</summary>
public enum GuestSubject
{
    /// <summary>Nothing that has a name here.</summary>
    Other,

    /// <summary>How a program is loaded and begins.</summary>
    Loading,

    /// <summary>Volatile ranges, <c>vrange</c>.</summary>
    Vrange,

    /// <summary><c>MADV_FREE</c> and <c>MADV_DONTNEED</c>.</summary>
    LazyFree,

    /// <summary><c>MADV_USERFAULT</c> and <c>remap_anon_pages</c>.</summary>
    UserFault,

    /// <summary>Page tables and page faults.</summary>
    Paging,

    /// <summary>Reclaim, swap, and the end of memory.</summary>
    Reclaim,

    /// <summary>Processes.</summary>
    Processes,

    /// <summary>Threads.</summary>
    Threads,

    /// <summary>Signals and exceptions.</summary>
    Signals,

    /// <summary>The processor's own modes and state.</summary>
    Processor,

    /// <summary>System calls.</summary>
    Calls,

    /// <summary>A whole C library.</summary>
    Library,

    /// <summary>Computing, for measuring speed.</summary>
    Speed,
}

/// <summary>The titles of the subjects.</summary>
public static class GuestSubjects
{
    /// <summary>The title that a list puts over the programs of a subject.</summary>
    public static string TitleOf(GuestSubject subject) => subject switch
    {
        GuestSubject.Other => "Other lessons",
        GuestSubject.Loading => "A program begins",
        GuestSubject.Vrange => "Volatile ranges (vrange, SIGBUS)",
        GuestSubject.LazyFree => "Memory given back (MADV_FREE, MADV_DONTNEED)",
        GuestSubject.UserFault => "Paging by the program itself (MADV_USERFAULT)",
        GuestSubject.Paging => "Paging and page faults (SIGSEGV, mprotect, stack)",
        GuestSubject.Reclaim => "Memory pressure (reclaim, swap, out of memory)",
        GuestSubject.Processes => "Processes (fork, copy on write, wait)",
        GuestSubject.Threads => "Threads and processors (pthread, futex, races)",
        GuestSubject.Signals => "Exceptions and signals",
        GuestSubject.Processor => "The processor (single step, alignment, vector state)",
        GuestSubject.Calls => "System calls (epoll, sockets, errno)",
        GuestSubject.Library => "The C library at work",
        GuestSubject.Speed => "For measuring speed",
    };
}
