using MmuEmu.Emulator.Paging;
using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Frames;
using MmuEmu.Kernel.Locks;
using MmuEmu.Kernel.Vmas;

namespace MmuEmu.Kernel.PageCopy;

/// <summary>Holds page faults back while a sleeping task has the page's lock or mmap_sem.</summary>
/// <param name="locks">Who has what.</param>
internal sealed class LockGate(LockTable locks) : IFaultGate
{
    /// <summary>True while a fault is handled whose task has taken its locks itself.</summary>
    public bool IsLifted { get; set; }

    /// <inheritdoc/>
    public bool Holds(AddressSpace space, in PageFault fault, out ulong untilNs)
    {
        untilNs = ulong.MaxValue;
        return !IsLifted && (locks.FindSem(space.Tag.Id) is { BlocksReaders: true } || LockedPage(space, fault.Cr2) is not null);
    }

    /// <summary>The file page behind an address when somebody holds its lock; null otherwise, and for a page that is mapped there.</summary>
    public static PageFrame? LockedPage(AddressSpace space, VirtAddr address) =>
        space.FindVma(address) is { Backing: { } file } vma
        && file.FindPage(vma.IndexOf(address.PageBase)) is { } page && page.Has(PageFlags.Locked) ? page : null;
}
