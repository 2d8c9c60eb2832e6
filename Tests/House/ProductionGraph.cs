namespace MmuEmu.Tests.House;

/// <summary>The graph of all files that ship, made once for the tests that look at it.</summary>
[CollectionDefinition(Collection)]
public sealed class ProductionGraph : ICollectionFixture<ProductionGraph>
{
    /// <summary>The name under which tests share it.</summary>
    public const string Collection = "The graph of all files that ship";

    /// <summary>The graph.</summary>
    public FileGraph Graph { get; } = FileGraph.Of("Emulator", "Kernel", "Guests", "Debugger");
}
