namespace MmuEmu.Kernel.Files;

/// <summary>One of the guest's standard streams: a door to whoever runs the kernel.</summary>
/// <remarks>The kernel itself never touches the host's console.</remarks>
public interface IHostStream
{
    /// <summary>True when a person sits at the other end: the guest sees a terminal.</summary>
    bool IsTerminal { get; }

    /// <summary>Width and height in characters, when a terminal.</summary>
    (ushort Columns, ushort Rows) Size { get; }

    /// <summary>Reads up to <paramref name="destination"/>'s length; 0 at the end. May wait for the host.</summary>
    int Read(Span<byte> destination);

    /// <summary>Writes all of <paramref name="source"/>; false when nobody reads any more (EPIPE).</summary>
    bool TryWrite(ReadOnlySpan<byte> source);
}
