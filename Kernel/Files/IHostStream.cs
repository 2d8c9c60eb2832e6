using MmuEmu.Kernel.Abi;

namespace MmuEmu.Kernel.Files;

/// <summary>One of the guest's standard streams: a door to whoever runs the kernel.</summary>
/// <remarks>The kernel itself never touches the host's console.</remarks>
public interface IHostStream
{
    /// <summary>True when a person sits at the other end: the guest sees a terminal.</summary>
    bool IsTerminal { get; }

    /// <summary>Width and height in characters, when a terminal.</summary>
    (ushort Columns, ushort Rows) Size { get; }

    /// <summary>Reads up to <paramref name="destination"/>'s length. May wait for the host.</summary>
    /// <param name="destination">Where the bytes go; not empty.</param>
    /// <param name="count">Out: bytes read; 0 at the end, and with an errno.</param>
    /// <returns>None, or the host's errno.</returns>
    Errno Read(Span<byte> destination, out int count);

    /// <summary>Writes <paramref name="source"/>. May wait for the host.</summary>
    /// <param name="source">The bytes.</param>
    /// <param name="count">Out: bytes written: all of them, or those that went before the host refused.</param>
    /// <returns>None, or the host's errno: EPIPE when nobody reads any more, ENOSPC when there is no room, EBADF when there is no such stream.</returns>
    Errno Write(ReadOnlySpan<byte> source, out int count);
}
