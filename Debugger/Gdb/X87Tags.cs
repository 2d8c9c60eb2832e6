using System.Buffers.Binary;

namespace MmuEmu.Debugger.Gdb;

/// <summary>The x87 tag word: two bits a register, of which an FXSAVE image keeps whether the register is empty.</summary>
/// <remarks>Source: [SDM2 "FXSAVE", "Recreating FSAVE format"].</remarks>
internal static class X87Tags
{
    private const int St = 32;
    private const int Valid = 0;
    private const int Zero = 1;
    private const int Special = 2;
    private const int Empty = 3;
    private const int ExponentMask = 0x7FFF;

    /// <summary>The tag word.</summary>
    public static ushort Of(ReadOnlySpan<byte> image)
    {
        int top = (image[3] >> 3) & 7;
        int tags = 0;
        for (int physical = 0; physical < 8; physical++)
        {
            int tag = (image[4] >> physical & 1) == 0 ? Empty : TagOf(image.Slice(St + (16 * ((physical - top) & 7)), 10));
            tags |= tag << (2 * physical);
        }

        return (ushort)tags;
    }

    /// <summary>Keeps of a tag word what an image can.</summary>
    public static void Put(Span<byte> image, ushort tags)
    {
        int used = 0;
        for (int physical = 0; physical < 8; physical++)
        {
            used |= (tags >> (2 * physical) & Empty) == Empty ? 0 : 1 << physical;
        }

        image[4] = (byte)used;
    }

    private static int TagOf(ReadOnlySpan<byte> number)
    {
        ulong fraction = BinaryPrimitives.ReadUInt64LittleEndian(number);
        int exponent = BinaryPrimitives.ReadUInt16LittleEndian(number[8..]) & ExponentMask;
        return exponent switch
        {
            ExponentMask => Special,
            0 => fraction == 0 ? Zero : Special,
            _ => fraction >> 63 != 0 ? Valid : Special,
        };
    }
}
