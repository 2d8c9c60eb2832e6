namespace MmuEmu.Kernel.Tables;

/// <summary>How a descent to an entry of a wanted page size ended.</summary>
internal enum Descent
{
    /// <summary>The entry is there: a leaf of that size, a marker, or none.</summary>
    Found,

    /// <summary>A table above it is missing; where missing tables are made, memory is out.</summary>
    NoTable,

    /// <summary>A leaf of a larger page covers the address, or what the kernel keeps in its place.</summary>
    Larger,

    /// <summary>The entry leads to a table: smaller pages, or room for them.</summary>
    Smaller,
}
