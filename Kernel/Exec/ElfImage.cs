using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Abi;

namespace MmuEmu.Kernel.Exec;

/// <summary>One PT_LOAD segment.</summary>
/// <param name="Address">p_vaddr; relative to the load base in a position-independent file.</param>
/// <param name="MemoryBytes">p_memsz, at least <paramref name="FileBytes"/>.</param>
/// <param name="FileOffset">p_offset, congruent to the address modulo 4096.</param>
/// <param name="FileBytes">p_filesz; the file may end before.</param>
/// <param name="Rights">What the segment allows.</param>
internal readonly record struct ElfSegment(ulong Address, ulong MemoryBytes, ulong FileOffset, ulong FileBytes, Prot Rights)
{
    /// <summary>The pages it touches.</summary>
    public VirtRange Pages => new(new VirtAddr(Address & ~0xFFFUL), new VirtAddr(VirtRange.PageAlign(Address + MemoryBytes)));
}

/// <summary>An ELF64 program for x86-64, checked in every field that loading depends on.</summary>
internal sealed record ElfImage
{
    /// <summary>True for ET_DYN: it may lie anywhere.</summary>
    public required bool PositionIndependent { get; init; }

    /// <summary>e_entry.</summary>
    public required ulong Entry { get; init; }

    /// <summary>The segments in the order of the file; where two share a page, the later one has it.</summary>
    public required IReadOnlyList<ElfSegment> Segments { get; init; }

    /// <summary>Where the program headers lie in memory, for AT_PHDR; 0 when no segment holds them.</summary>
    public required ulong ProgramHeaders { get; init; }

    /// <summary>How many, for AT_PHNUM.</summary>
    public required int ProgramHeaderCount { get; init; }

    /// <summary>True when PT_GNU_STACK asks for an executable stack.</summary>
    public required bool ExecutableStack { get; init; }

    /// <summary>The path of PT_INTERP, of whoever is to be started in its stead; null for a program that starts by itself.</summary>
    public required string? Interpreter { get; init; }

    /// <summary>The proposals whose numbers the program's own note claims.</summary>
    public required Proposals Declared { get; init; }

    /// <summary>The largest p_align of a segment that is a power of two, at least 4096: what the base of a position-independent program is a multiple of.</summary>
    public required ulong Alignment { get; init; }

    /// <summary>From the first to past the last byte in memory, page-aligned.</summary>
    public VirtRange Span
    {
        get
        {
            VirtRange span = Segments[0].Pages;
            foreach (ElfSegment segment in Segments)
            {
                span = new(new(Math.Min(span.Start.Raw, segment.Pages.Start.Raw)), new(Math.Max(span.End.Raw, segment.Pages.End.Raw)));
            }

            return span;
        }
    }
}
