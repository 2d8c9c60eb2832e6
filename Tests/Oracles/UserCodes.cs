using Iced.Intel;

namespace MmuEmu.Tests.Oracles;

/// <summary>Every instruction of 64-bit mode that Iced's decoder can give, with the bytes that gave it.</summary>
/// <remarks>Found by decoding all opcodes of all maps under all mandatory prefixes, with register and memory operands.</remarks>
public static class UserCodes
{
    private const byte MemoryAtRbx = 0x03;
    private const byte VectorMemory = 0x04;
    private const byte SibRbxXmm1 = 0x0B;

    private static readonly byte[][] Prefixes = [[], [0x66], [0xF3], [0xF2], [0x66, 0xF2], [0x66, 0xF3], [0x67], [0x48], [0x66, 0x48], [0xF3, 0x48], [0xF2, 0x48]];

    private static readonly byte[][] Maps = [[], [0x0F], [0x0F, 0x38], [0x0F, 0x3A]];

    private static readonly Lazy<IReadOnlyDictionary<Code, byte[]>> Found = new(Search);

    /// <summary>The codes, each with one encoding.</summary>
    public static IReadOnlyDictionary<Code, byte[]> All => Found.Value;

    private static SortedDictionary<Code, byte[]> Search()
    {
        SortedDictionary<Code, byte[]> found = [];
        byte[] bytes = new byte[15];
        foreach (byte[] start in Starts())
        {
            start.CopyTo(bytes, 0);
            for (int opcode = 0; opcode < 256; opcode++)
            {
                bytes[start.Length] = (byte)opcode;
                foreach (byte modRm in ModRms())
                {
                    Array.Clear(bytes, start.Length + 1, bytes.Length - start.Length - 1);
                    bytes[start.Length + 1] = modRm;
                    bytes[start.Length + 2] = (modRm & 0xC7) == VectorMemory ? SibRbxXmm1 : (byte)0;
                    Note(found, bytes);
                }
            }
        }

        return found;
    }

    private static IEnumerable<byte[]> Starts()
    {
        foreach (byte[] prefixes in Prefixes)
        {
            foreach (byte[] map in Maps)
            {
                yield return [.. prefixes, .. map];
            }
        }

        for (int vex = 0; vex < 3 * 16; vex++)
        {
            // C4, then R X B inverted and the map, then W, vvvv inverted, L and pp; vvvv once as 1111 and once as XMM2
            int low = ((vex & 8) << 4) | (vex & 7);
            yield return [0xC4, (byte)(0xE1 + (vex >> 4)), (byte)(low | 0x78)];
            yield return [0xC4, (byte)(0xE1 + (vex >> 4)), (byte)(low | 0x68)];
        }
    }

    private static IEnumerable<byte> ModRms()
    {
        for (int reg = 0; reg < 8; reg++)
        {
            yield return (byte)((reg << 3) | MemoryAtRbx);
            yield return (byte)((reg << 3) | VectorMemory);
            for (int rm = 0; rm < 8; rm++)
            {
                yield return (byte)(0xC0 | (reg << 3) | rm);
            }
        }
    }

    private static void Note(SortedDictionary<Code, byte[]> found, byte[] bytes)
    {
        Decoder decoder = Decoder.Create(64, new ByteArrayCodeReader(bytes));
        decoder.Decode(out Instruction instruction);
        if (!instruction.IsInvalid)
        {
            found.TryAdd(instruction.Code, bytes[..instruction.Length]);
        }
    }
}
