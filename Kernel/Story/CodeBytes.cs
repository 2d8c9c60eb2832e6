using System.Buffers.Binary;

namespace MmuEmu.Kernel.Story;

/// <summary>What memory holds where an instruction begins; it reaches into the next ones when the instruction is shorter.</summary>
/// <param name="Bits">The bytes, the first one lowest.</param>
/// <param name="Count">How many could be read, 0 to <see cref="Most"/>.</param>
public readonly record struct CodeBytes(UInt128 Bits, int Count) : IComparable<CodeBytes>
{
    /// <summary>The length of the longest instruction.</summary>
    /// <remarks>Source: [SDM2 Instruction Format, "Instruction Prefixes"].</remarks>
    public const int Most = 15;

    /// <summary>The value of <paramref name="bytes"/>, of which there are at most <see cref="Most"/>.</summary>
    public static CodeBytes Of(ReadOnlySpan<byte> bytes)
    {
        Span<byte> all = stackalloc byte[16];
        all.Clear();
        bytes.CopyTo(all);
        return new CodeBytes(BinaryPrimitives.ReadUInt128LittleEndian(all), bytes.Length);
    }

    /// <summary>The bytes one by one.</summary>
    public byte[] ToArray()
    {
        byte[] bytes = new byte[Count];
        for (int i = 0; i < Count; i++)
        {
            bytes[i] = (byte)(Bits >> (8 * i));
        }

        return bytes;
    }

    /// <summary>Orders by what is read, then by how much.</summary>
    public int CompareTo(CodeBytes other) => (Bits, Count).CompareTo((other.Bits, other.Count));

    /// <summary>Two hexadecimal digits a byte.</summary>
    public override string ToString() => Convert.ToHexStringLower(ToArray());
}
