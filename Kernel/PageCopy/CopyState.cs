using MmuEmu.Emulator.Paging;
using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Files;
using MmuEmu.Kernel.Frames;
using MmuEmu.Kernel.Windows;

namespace MmuEmu.Kernel.PageCopy;

/// <summary>Which way a copy goes.</summary>
internal enum CopyDirection
{
    /// <summary>From user memory to a file: generic_file_write.</summary>
    Write,

    /// <summary>From a file to user memory: generic_file_read.</summary>
    Read,

    /// <summary>From a file to another one: file_send_actor.</summary>
    Send,
}

/// <summary>A fault that a copy is in.</summary>
/// <param name="Fault">Address and error code.</param>
internal sealed record FaultUnderway(PageFault Fault)
{
    /// <summary>mmap_sem is held for it.</summary>
    public bool HasSem { get; init; }

    /// <summary>It was told that the device is asked next.</summary>
    public bool Announced { get; init; }

    /// <summary>The device was waited for.</summary>
    public bool Slept { get; init; }
}

/// <summary>Passes of a copy that moved nothing, one after the other.</summary>
/// <param name="Time">T at the end of the last one.</param>
/// <param name="Pass">The pass after which <paramref name="Words"/> were noted.</param>
/// <param name="Words">The state of the machine then, as <c>StandStill</c> puts it; null when others ran meanwhile. It is not changed.</param>
internal sealed record VainPasses(ulong Time, int Pass, ulong[]? Words);

/// <summary>One page's part of a read, write or sendfile, as data: where it is, and what it holds.</summary>
/// <remarks>It never changes: each step gives another one, so that a saved run can hold it.</remarks>
internal sealed record CopyState
{
    /// <summary>Which way.</summary>
    public required CopyDirection Direction { get; init; }

    /// <summary>The file of the page.</summary>
    public required OpenFile File { get; init; }

    /// <summary>The file that takes the bytes of a sendfile; otherwise null.</summary>
    public OpenFile? Sink { get; init; }

    /// <summary>The user's first byte; 0 for sendfile.</summary>
    public required VirtAddr User { get; init; }

    /// <summary>The first byte in the file.</summary>
    public required ulong Offset { get; init; }

    /// <summary>Bytes to copy: they lie in one page of the file.</summary>
    public required int Wanted { get; init; }

    /// <summary>Number of the copy, from 1; 0 before it has begun.</summary>
    public ulong Number { get; init; }

    /// <summary>Which stage of its recipe comes next.</summary>
    public int Step { get; init; }

    /// <summary>Addresses touched in the stage at work.</summary>
    public int Touched { get; init; }

    /// <summary>Bytes copied.</summary>
    public int Copied { get; init; }

    /// <summary>Bytes that have become the file's, or the reader's.</summary>
    public int Moved { get; init; }

    /// <summary>The page of the file, with a reference; null before it is found.</summary>
    public PageFrame? Page { get; init; }

    /// <summary>The page's lock is held.</summary>
    public bool IsLocked { get; init; }

    /// <summary>The window on the page; null when none is open.</summary>
    public OpenWindow? Window { get; init; }

    /// <summary>The window that prepare_write has opened; null for none.</summary>
    public OpenWindow? Implicit { get; init; }

    /// <summary>The window's address as the copy's code has it in registers; another one than the window's only when code keeps it where a fix-up does not reach.</summary>
    public VirtAddr Register { get; init; }

    /// <summary>The user's pages that are pinned, with a reference each.</summary>
    public IReadOnlyList<PageFrame> Pinned { get; init; } = [];

    /// <summary>The counter of the space is up.</summary>
    public bool IsRaised { get; init; }

    /// <summary>mmap_sem is held for the whole call.</summary>
    public bool HoldsSem { get; init; }

    /// <summary>The copy is made with a window that may be slept with, after an atomic one.</summary>
    public bool IsSlow { get; init; }

    /// <summary>A refused fault has ended the copy.</summary>
    public bool IsShort { get; init; }

    /// <summary>User memory that cannot be reached has ended the copy.</summary>
    public bool IsBad { get; init; }

    /// <summary>The fault that it is in; null for none.</summary>
    public FaultUnderway? Fault { get; init; }

    /// <summary>Passes over the user's buffer.</summary>
    public int Passes { get; init; }

    /// <summary>What earlier passes that moved nothing have left behind; null before one has.</summary>
    public VainPasses? Vain { get; init; }

    /// <summary>True while it must not sleep.</summary>
    public bool IsAtomic => Window is { IsAtomic: true };

    /// <summary>The page's number in the file.</summary>
    public ulong Index => Offset >> 12;

    /// <summary>The first byte in the page.</summary>
    public int InPage => (int)(Offset & 0xFFF);
}
