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

    /// <summary>Whether a terminal has something to read, the end included; the kernel asks before it reads one.</summary>
    /// <param name="milliseconds">How long to wait for it at most, in the host's time; 0 for not at all.</param>
    /// <returns>True when a read has an answer at once; false when the time is over.</returns>
    bool HasInput(int milliseconds) => true;

    /// <summary>The settings of a terminal, as the guest made or found them.</summary>
    /// <param name="modes">Out: the kernel's struct termios, 36 bytes; left alone with an errno.</param>
    /// <returns>None; ENOTTY when nobody keeps settings: the guest sees a terminal that edits lines and echoes.</returns>
    Errno ReadModes(Span<byte> modes) => Errno.ENOTTY;

    /// <summary>Changes the settings of a terminal; it does nothing where nobody keeps them.</summary>
    /// <param name="modes">The kernel's struct termios, 36 bytes.</param>
    /// <param name="when">0: at once; 1: after what was written has gone out; 2: also forgetting what was typed and not read.</param>
    /// <returns>None, or the host's errno.</returns>
    Errno WriteModes(ReadOnlySpan<byte> modes, int when) => Errno.None;

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
