using MmuEmu.Emulator.Values;

namespace MmuEmu.Kernel.Windows;

/// <summary>What an atomic window is for: each processor has one of each.</summary>
/// <remarks>Source: [Linux include/asm-i386/kmap_types.h].</remarks>
internal enum WindowType
{
    /// <summary>The target of zeroing and of page copies.</summary>
    User0,

    /// <summary>The source of page copies.</summary>
    User1,

    /// <summary>A file page between user memory and the page cache.</summary>
    FileMap,

    /// <summary>A page table.</summary>
    Pte0,

    /// <summary>A second page table.</summary>
    Pte1,

    /// <summary>A page that a device reads into.</summary>
    BioSrc,

    /// <summary>A page that a device writes from.</summary>
    BioDst,
}

/// <summary>A window that is open: what the copy has in its registers.</summary>
/// <param name="Address">Its first byte in the kernel's range; 0 for a frame that has a mapping always.</param>
/// <param name="Frame">The frame it was opened on.</param>
/// <param name="Cpu">The processor whose slot it is; -1 for one that may be slept with.</param>
/// <param name="Type">Which slot.</param>
internal readonly record struct OpenWindow(VirtAddr Address, Pfn Frame, int Cpu, WindowType Type)
{
    /// <summary>True when its holder must not sleep.</summary>
    public bool IsAtomic => Cpu >= 0;

    /// <summary>True for a frame that needs no window.</summary>
    public bool IsDirect => Address.Raw == 0;
}
