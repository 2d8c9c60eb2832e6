using MmuEmu.Emulator.Values;

namespace MmuEmu.Kernel.Waiting;

/// <summary>A page's lock.</summary>
/// <param name="Frame">The page's frame.</param>
internal sealed record PageLockWait(Pfn Frame) : WaitCause;

/// <summary>mmap_sem of an address space.</summary>
/// <param name="Space">The space's number.</param>
/// <param name="IsWrite">True for a writer.</param>
internal sealed record MmapSemWait(int Space, bool IsWrite) : WaitCause;

/// <summary>A window of the pool: somebody who gives one back.</summary>
internal sealed record WindowWait : WaitCause;

/// <summary>A device that reads a page: only the deadline ends it.</summary>
internal sealed record DeviceWait : WaitCause;

/// <summary>A frame: the allocation is tried again at the deadline.</summary>
internal sealed record FrameWait : WaitCause;

/// <summary>A copy that is repeated in vain, as long as nothing else goes on: the deadline ends it, when there is one, or a fatal signal.</summary>
/// <param name="User">The user's byte that does not stay.</param>
internal sealed record VainCopyWait(VirtAddr User) : WaitCause;

/// <summary>A rule that holds the task at a point of a copy.</summary>
/// <param name="Mark">The mark that lets it go.</param>
internal sealed record HoldWait(string Mark) : WaitCause;
