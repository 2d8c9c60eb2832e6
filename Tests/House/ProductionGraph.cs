namespace MmuEmu.Tests.House;

/// <summary>The graph of all files that ship, made once for the tests that look at it.</summary>
public sealed class ProductionGraph
{
    /// <summary>The graph.</summary>
    public FileGraph Graph { get; } = FileGraph.Of("Emulator", "Kernel", "Guests", "Debugger");
}
