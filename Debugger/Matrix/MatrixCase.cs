using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using MmuEmu.Emulator.Paging;
using MmuEmu.Emulator.Values;

namespace MmuEmu.Debugger.Matrix;

/// <summary>The entries that one walk of a matrix meets, by level.</summary>
[InlineArray(6)]
[SuppressMessage("Design", "CA1815:Override equals and operator equals on value types", Justification = "Compared entry by entry.")]
internal struct MatrixEntries
{
    private Pte _first;
}

/// <summary>One combination of entries, control bits and access, and nothing of where it lies in RAM.</summary>
/// <remarks>The root is PML5 or PML4 as the mode says; entries below the one that ends the walk are everyday ones.</remarks>
internal struct MatrixCase
{
    /// <summary>The entries, indexed by <see cref="PagingLevel"/>; index 0 is unused. Frame bits of entries that point to tables are zero.</summary>
    public MatrixEntries Entries;

    /// <summary>The control state; its root is zero.</summary>
    public PagingMode Mode { readonly get; set; }

    /// <summary>What is asked for; its address is zero.</summary>
    public Access Access { readonly get; set; }

    /// <summary>The lowest level that a walk can read.</summary>
    public PagingLevel LowestLevel { readonly get; set; }
}

/// <summary>What became of one case.</summary>
/// <param name="Passed">The access was let through.</param>
/// <param name="Code">The error code, when it was not.</param>
/// <param name="AccessedLevels">Bit n: A was set by this access in the entry of level n.</param>
/// <param name="DirtyLevels">Bit n: D was set by this access in the entry of level n.</param>
internal readonly record struct MatrixResult(bool Passed, PageFaultCode Code, byte AccessedLevels, byte DirtyLevels);

/// <summary>Takes the cases of a matrix, one after the other.</summary>
internal interface IMatrixVisitor
{
    /// <summary>Takes one case; it is valid during the call.</summary>
    void Visit(in MatrixCase one);
}
