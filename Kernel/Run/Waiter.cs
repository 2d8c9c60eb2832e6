using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Story;

namespace MmuEmu.Kernel.Run;

/// <summary>What a thread can wait for.</summary>
public enum WaitKind
{
    /// <summary>Somebody who wakes a futex; Address is its word.</summary>
    Futex,

    /// <summary>A PI lock; Address is its word, Other the thread that holds it.</summary>
    Lock,

    /// <summary>Something to read; Path is the file.</summary>
    Readable,

    /// <summary>Room to write; Path is the file.</summary>
    Writable,

    /// <summary>A connection to a listening socket.</summary>
    Connection,

    /// <summary>A lock on a file; Path is the file, Other the process that holds what is in the way, without its name.</summary>
    FileLock,

    /// <summary>A descriptor of poll's list.</summary>
    Poll,

    /// <summary>A descriptor of select's sets.</summary>
    Select,

    /// <summary>A descriptor that epoll watches.</summary>
    EPoll,

    /// <summary>News of a child.</summary>
    Child,

    /// <summary>A child of vfork that runs another program or ends; Other is the child, without its name.</summary>
    VFork,

    /// <summary>A signal.</summary>
    Signal,

    /// <summary>The end of a sleep.</summary>
    Sleep,

    /// <summary>A page that is held back; Address is its first byte.</summary>
    Page,

    /// <summary>A page's lock; Other is the thread that holds it.</summary>
    PageLock,

    /// <summary>mmap_sem of its address space; Other is the first thread that it waits for.</summary>
    MmapSem,

    /// <summary>A window of the kernel's pool: all are held.</summary>
    Window,

    /// <summary>A frame: it tries its allocation again and again.</summary>
    Frame,

    /// <summary>The swap device.</summary>
    Device,

    /// <summary>A page of its buffer that stays: its copy is repeated in vain; Address is the byte.</summary>
    VainCopy,

    /// <summary>A mark: a pressure rule holds it; Path is the mark.</summary>
    Mark,

    /// <summary>SIGCONT: its process is stopped.</summary>
    Continue,

    /// <summary>Its parent's wait: it has ended.</summary>
    Reaping,

    /// <summary>Nothing: it runs, or would; Address is its RIP.</summary>
    Nothing,
}

/// <summary>A thread of a run in which nothing can happen any more, and what it waits for.</summary>
/// <param name="Thread">Which.</param>
/// <param name="Kind">What it waits for, and which of the properties count.</param>
public sealed record Waiter(TaskName Thread, WaitKind Kind)
{
    /// <summary>A word, the first byte of a page, or RIP, in the thread's own space.</summary>
    public VirtAddr Address { get; init; }

    /// <summary>A file, as it was opened.</summary>
    public string Path { get; init; } = "";

    /// <summary>The system call it waits in; null in user code.</summary>
    public ulong? Call { get; init; }

    /// <summary>Another thread or process; of a futex, the thread whose id is in the word, or where a mutex of glibc keeps its owner's; null when nobody is known.</summary>
    public TaskName? Other { get; init; }
}
