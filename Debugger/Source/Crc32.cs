namespace MmuEmu.Debugger.Source;

/// <summary>The checksum by which .gnu_debuglink knows its file: CRC-32 with the polynomial 0xEDB88320, as zlib has it.</summary>
internal static class Crc32
{
    private const uint Polynomial = 0xEDB8_8320;
    private const int PieceBytes = 1 << 16;

    private static readonly uint[] Table = MakeTable();

    /// <summary>The checksum of all bytes of <paramref name="file"/>.</summary>
    public static uint Of(ElfFile file)
    {
        uint sum = uint.MaxValue;
        for (ulong at = 0; at < file.Length; at += PieceBytes)
        {
            foreach (byte one in file.Bytes(at, PieceBytes))
            {
                sum = Table[(byte)(sum ^ one)] ^ (sum >> 8);
            }
        }

        return ~sum;
    }

    private static uint[] MakeTable()
    {
        uint[] table = new uint[256];
        for (uint i = 0; i < table.Length; i++)
        {
            uint value = i;
            for (int bit = 0; bit < 8; bit++)
            {
                value = (value & 1) != 0 ? (value >> 1) ^ Polynomial : value >> 1;
            }

            table[i] = value;
        }

        return table;
    }
}
