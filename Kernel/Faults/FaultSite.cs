using System.Runtime.CompilerServices;
using MmuEmu.Emulator.Paging;
using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Memory;
using MmuEmu.Kernel.Tables;
using MmuEmu.Kernel.Vmas;

namespace MmuEmu.Kernel.Faults;

/// <summary>A fault inside a mapping that allows the access: all that the fault's file needs to know.</summary>
/// <param name="Mem">Memory management.</param>
/// <param name="Vma">The mapping.</param>
/// <param name="Fault">Address and error code.</param>
/// <param name="Slot">Where the page's entry lies.</param>
/// <param name="Entry">The entry as it was met.</param>
internal readonly record struct FaultSite(MemorySystem Mem, Vma Vma, PageFault Fault, PhysAddr Slot, Pte Entry)
{
    /// <summary>Whose fault it is.</summary>
    public AddressSpace Space => Vma.Space;

    /// <summary>The page's first byte.</summary>
    public VirtAddr Page => Fault.Cr2.PageBase;

    /// <summary>True when the access writes.</summary>
    public bool IsWrite => (Fault.Code & PageFaultCode.WR) != 0;

    /// <summary>Puts <paramref name="entry"/> into the slot and flushes what it takes away.</summary>
    public void Install(Pte entry)
    {
        if (Entry.Present)
        {
            Replace(entry);
            return;
        }

        Mem.Editor.Fill(Slot, Page, entry, Space.Tag.Id);
    }

    /// <summary>Apart, because most fills take nothing away and need no gather.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Replace(Pte entry)
    {
        using TlbGather gather = Mem.Gathers.Take(Space.Tag);
        _ = Mem.Editor.Write(Slot, Page, entry, gather);
    }
}
