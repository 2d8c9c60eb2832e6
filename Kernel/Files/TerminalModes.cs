using System.Buffers.Binary;
using MmuEmu.Kernel.Abi;

namespace MmuEmu.Kernel.Files;

/// <summary>The settings of a terminal: the kernel's struct termios.</summary>
/// <remarks>Source: [Linux include/uapi/asm-generic/termbits.h].</remarks>
internal readonly struct TerminalModes
{
    /// <summary>Bytes of it.</summary>
    public const int LengthBytes = 36;

    private const int LocalAt = 12;
    private const int MinimumAt = 17 + 6;
    private const uint Canonical = 2;

    private readonly byte[] _bytes;

    private TerminalModes(byte[] bytes) => _bytes = bytes;

    /// <summary>All of it.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes;

    /// <summary>A read where nothing was typed answers 0 instead of waiting: no lines, and VMIN is 0.</summary>
    public bool ReadsNothing => (BinaryPrimitives.ReadUInt32LittleEndian(Bytes[LocalAt..]) & Canonical) == 0 && _bytes[MinimumAt] == 0;

    /// <summary>Those of <paramref name="stream"/>; of a terminal that edits lines and echoes, where nobody keeps any.</summary>
    public static TerminalModes Of(IHostStream stream)
    {
        byte[] bytes = new byte[LengthBytes];
        return stream.ReadModes(bytes) == Errno.None ? new TerminalModes(bytes) : new TerminalModes(Cooked());
    }

    private static byte[] Cooked()
    {
        byte[] bytes = new byte[LengthBytes];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, 0x4500);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(4), 0x5);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(8), 0xBF);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(LocalAt), 0x8A3B);
        ReadOnlySpan<byte> characters = [3, 28, 127, 21, 4, 0, 1, 0, 17, 19, 26, 0, 18, 15, 23, 22, 0, 0, 0];
        characters.CopyTo(bytes.AsSpan(17));
        return bytes;
    }
}
