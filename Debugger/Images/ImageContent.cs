namespace MmuEmu.Debugger.Images;

/// <summary>What a file was found to hold.</summary>
/// <param name="Kind">The kind of file, in words.</param>
/// <param name="Segments">The memory; where two hold the same address, the first counts.</param>
internal sealed record ImageContent(string Kind, IReadOnlyList<ImageSegment> Segments)
{
    /// <summary>The processors that the file notes; empty where it notes none.</summary>
    public IReadOnlyList<ImageCpu> Cpus { get; init; } = [];

    /// <summary>What Linux noted of itself; null where there is no such note.</summary>
    public VmcoreInfo? Linux { get; init; }
}
