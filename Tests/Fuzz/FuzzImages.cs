using MmuEmu.Tests.Oracles;

namespace MmuEmu.Tests.Fuzz;

/// <summary>Makes register images (XSAVE areas with x87, SSE and AVX state) and memory images.</summary>
public static class FuzzImages
{
    /// <summary>Every so manieth image holds small integers in its vectors, which gathers can use as indices.</summary>
    public const int IndexEvery = 8;

    /// <summary>Every so manieth image has MXCSR.MM, where the host has it.</summary>
    private const int MisalignedEvery = 16;

    private const int StateBits = 512;

    /// <summary>The image with number <paramref name="number"/>; the number decides what kind it is.</summary>
    public static byte[] Registers(FuzzRandom random, int number)
    {
        byte[] image = new byte[FuzzLayout.ImageBytes];
        image[StateBits] = 7;
        SetX87(image, random);
        SetMxcsr(image, random, number);
        for (int i = 0; i < 16; i++)
        {
            FillVector(image.AsSpan(FuzzResult.Xmm + (16 * i), 16), random, number);
            FillVector(image.AsSpan(FuzzResult.Upper + (16 * i), 16), random, number);
        }

        // Equal operands now and then.
        if (random.OneIn(2))
        {
            int from = random.Next(16);
            int to = random.Next(16);
            image.AsSpan(FuzzResult.Xmm + (16 * from), 16).CopyTo(image.AsSpan(FuzzResult.Xmm + (16 * to), 16));
            image.AsSpan(FuzzResult.Upper + (16 * from), 16).CopyTo(image.AsSpan(FuzzResult.Upper + (16 * to), 16));
        }

        return image;
    }

    /// <summary>An image with nothing in it: what a case is simplified to.</summary>
    public static byte[] Plain()
    {
        byte[] image = new byte[FuzzLayout.ImageBytes];
        image[StateBits] = 7;
        BitConverter.TryWriteBytes(image.AsSpan(FuzzResult.Fcw), (ushort)0x37F);
        BitConverter.TryWriteBytes(image.AsSpan(FuzzResult.Mxcsr), 0x1F80U);
        return image;
    }

    /// <summary>Memory for <paramref name="windows"/>, one after another.</summary>
    public static byte[] Memory(FuzzRandom random, IReadOnlyList<FuzzWindow> windows)
    {
        byte[] memory = new byte[windows.Sum(window => window.Bytes)];
        int kind = random.Next(8);
        for (int i = 0; i < memory.Length; i += 16)
        {
            FillVector(memory.AsSpan(i, 16), random, random.OneIn(2) ? kind : 4);
        }

        // A whole register image at the inner place: what FXRSTOR and XRSTOR can load.
        if (windows.Count == 2 && random.Next(4) != 0)
        {
            Registers(random, random.Next(8)).CopyTo(memory, 0x1400);
        }

        return memory;
    }

    private static void SetX87(byte[] image, FuzzRandom random)
    {
        int top = random.Next(8);
        int precision = random.Next(6) switch { 0 => 0x200, 1 => 0x000, _ => 0x300 };
        int masks = random.OneIn(6) ? random.Next(64) : 0x3F;
        int flags = random.OneIn(2) ? 0 : random.Next(64);
        flags &= random.OneIn(16) ? 0x3F : masks;
        BitConverter.TryWriteBytes(image.AsSpan(FuzzResult.Fcw), (ushort)(0x40 | masks | precision | (random.Next(4) << 10)));
        int codes = random.OneIn(2) ? 0 : (random.Next(8) << 8) | (random.Next(2) << 14);
        BitConverter.TryWriteBytes(image.AsSpan(FuzzResult.Fsw), (ushort)((top << 11) | flags | codes | ((flags & ~masks) != 0 ? 0x8080 : 0)));
        image[FuzzResult.Tags] = random.Next(4) switch { 0 => (byte)random.Next(256), 1 => (byte)(0xFF ^ (1 << ((top + 7) & 7))), _ => 0xFF };
        bool packed = random.OneIn(4);
        for (int i = 0; i < 8; i++)
        {
            Span<byte> register = image.AsSpan(FuzzResult.St + (16 * i), 10);
            if (packed)
            {
                BitConverter.TryWriteBytes(register, FuzzValues.Word(random));
                BitConverter.TryWriteBytes(register[8..], (ushort)0xFFFF);
            }
            else
            {
                FloatPatterns.Extended(register, random);
            }
        }
    }

    private static void SetMxcsr(byte[] image, FuzzRandom random, int number)
    {
        uint mxcsr = 0x1F80;
        mxcsr |= random.OneIn(2) ? 0 : (uint)random.Next(64);
        mxcsr |= random.OneIn(2) ? 0 : (uint)random.Next(4) << 13;
        mxcsr |= random.OneIn(4) ? 0x8000U : 0;
        mxcsr |= random.OneIn(4) ? 0x40U : 0;
        mxcsr &= random.OneIn(8) ? ~((uint)random.Next(64) << 7) : ~0U;
        mxcsr |= number % MisalignedEvery == 1 ? FuzzFeatures.MisalignedMode : 0;
        BitConverter.TryWriteBytes(image.AsSpan(FuzzResult.Mxcsr), mxcsr);
        BitConverter.TryWriteBytes(image.AsSpan(FuzzResult.Mxcsr + 4), 0xFFFFU);
    }

    private static void FillVector(Span<byte> vector, FuzzRandom random, int number)
    {
        switch (number % IndexEvery)
        {
            case 0:
                FillIndices(vector, random);
                break;
            case 1:
                BitConverter.TryWriteBytes(vector, FuzzValues.Word(random));
                BitConverter.TryWriteBytes(vector[8..], FuzzValues.Word(random));
                break;
            case 2:
                for (int i = 0; i < vector.Length; i++)
                {
                    vector[i] = random.Of<byte>([0, 1, 0x41, 0x42, 0x7F, 0x80, 0xFF, (byte)random.Next(4)]);
                }

                break;
            default:
                FloatPatterns.Fill(vector, random);
                break;
        }
    }

    private static void FillIndices(Span<byte> vector, FuzzRandom random)
    {
        bool wide = random.OneIn(2);
        bool mask = random.OneIn(2);
        int step = wide ? 8 : 4;
        for (int i = 0; i < vector.Length; i += step)
        {
            long value = mask ? (random.OneIn(2) ? -1L : 0) : random.Next(-8, 9);
            if (wide)
            {
                BitConverter.TryWriteBytes(vector[i..], value);
            }
            else
            {
                BitConverter.TryWriteBytes(vector[i..], (int)value);
            }
        }
    }
}
