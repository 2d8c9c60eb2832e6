using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Abi;

namespace MmuEmu.Kernel.Exec;

/// <summary>One PT_LOAD segment.</summary>
/// <param name="Address">p_vaddr; relative to the load base in a position-independent file.</param>
/// <param name="MemoryBytes">p_memsz, at least <paramref name="FileBytes"/>.</param>
/// <param name="FileOffset">p_offset, congruent to the address modulo 4096.</param>
/// <param name="FileBytes">p_filesz.</param>
/// <param name="Rights">What the segment allows.</param>
internal readonly record struct ElfSegment(ulong Address, ulong MemoryBytes, ulong FileOffset, ulong FileBytes, Prot Rights)
{
    /// <summary>The pages it touches.</summary>
    public VirtRange Pages => new(new VirtAddr(Address & ~0xFFFUL), new VirtAddr(VirtRange.PageAlign(Address + MemoryBytes)));
}

/// <summary>A static ELF64 program for x86-64, checked in every field that loading depends on.</summary>
internal sealed record ElfImage
{
    /// <summary>True for ET_DYN: it may lie anywhere.</summary>
    public required bool PositionIndependent { get; init; }

    /// <summary>e_entry.</summary>
    public required ulong Entry { get; init; }

    /// <summary>The segments, lowest first; they do not share a page unless both come from the file.</summary>
    public required IReadOnlyList<ElfSegment> Segments { get; init; }

    /// <summary>Where the program headers lie in memory, for AT_PHDR; 0 when no segment holds them.</summary>
    public required ulong ProgramHeaders { get; init; }

    /// <summary>How many, for AT_PHNUM.</summary>
    public required int ProgramHeaderCount { get; init; }

    /// <summary>True when PT_GNU_STACK asks for an executable stack.</summary>
    public required bool ExecutableStack { get; init; }

    /// <summary>From the first to past the last byte in memory, page-aligned.</summary>
    public VirtRange Span => new(Segments[0].Pages.Start, Segments[^1].Pages.End);
}
