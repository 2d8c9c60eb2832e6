namespace MmuEmu.Debugger.Gdb;

/// <summary>What a register is taken from.</summary>
internal enum RegisterSource
{
    /// <summary>A general-purpose register: Index is the processor's number.</summary>
    General,

    /// <summary>RIP.</summary>
    Rip,

    /// <summary>RFLAGS, the lower half.</summary>
    Flags,

    /// <summary>A selector: CS, SS, DS, ES, FS, GS.</summary>
    Selector,

    /// <summary>Bytes of the FXSAVE image from Index on.</summary>
    Fx,

    /// <summary>The x87 tag word, of which the image keeps one bit a register.</summary>
    Tags,

    /// <summary>A 16-bit field of the image at Index, shown with 32 bits.</summary>
    FxWord,

    /// <summary>The upper half of a YMM register.</summary>
    YmmHigh,

    /// <summary>RAX at the entry of the system call.</summary>
    OrigRax,

    /// <summary>FS base.</summary>
    FsBase,

    /// <summary>GS base.</summary>
    GsBase,

    /// <summary>What the processor and the tables say of paging: Index is a <see cref="PagingRegister"/>.</summary>
    Paging,
}

/// <summary>The registers of paging: real ones, and entries shown as registers.</summary>
internal enum PagingRegister
{
    /// <summary>CR0.</summary>
    Cr0,

    /// <summary>CR2: the address of the last page fault.</summary>
    Cr2,

    /// <summary>CR3: the root of the tables.</summary>
    Cr3,

    /// <summary>CR4.</summary>
    Cr4,

    /// <summary>CR8.</summary>
    Cr8,

    /// <summary>EFER.</summary>
    Efer,

    /// <summary>The base of GS that SWAPGS brings in.</summary>
    KernelGsBase,

    /// <summary>The error code of the page fault at work here; 0 for none.</summary>
    FaultCode,

    /// <summary>The PML4 entry of the address that is looked at.</summary>
    Pml4e,

    /// <summary>Its PDPT entry.</summary>
    Pdpte,

    /// <summary>Its PD entry.</summary>
    Pde,

    /// <summary>Its PT entry.</summary>
    Pte,

    /// <summary>What the kernel reads in its last entry when the hardware does not use it.</summary>
    SoftPte,

    /// <summary>T: instructions retired.</summary>
    InstructionCount,

    /// <summary>The frame that holds the address; 0 for none.</summary>
    Frame,

    /// <summary>The physical address; 0 for none.</summary>
    Physical,

    /// <summary>The address that is looked at.</summary>
    Address,
}

/// <summary>A register as gdb numbers it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Bytes">Its length.</param>
/// <param name="Type">Its type in the description.</param>
/// <param name="Source">What it is taken from.</param>
/// <param name="Index">Which of those.</param>
internal sealed record GdbRegister(string Name, int Bytes, string Type, RegisterSource Source, int Index = 0)
{
    /// <summary>The group that lists it; empty for the usual one.</summary>
    public string Group { get; init; } = "";
}
