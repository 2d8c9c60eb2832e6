using System.Buffers.Binary;

namespace MmuEmu.Tests.Debugger;

/// <summary>The smallest static ELF64 file around a piece of code: one segment, readable, writable, executable.</summary>
public static class TinyElf
{
    /// <summary>Where the code begins.</summary>
    public const ulong Entry = Base + HeaderBytes;

    private const ulong Base = 0x40_0000;
    private const int HeaderBytes = 64 + 56;

    /// <summary>The file; execution starts at the first byte of <paramref name="code"/>.</summary>
    public static byte[] Around(byte[] code)
    {
        byte[] file = new byte[HeaderBytes + code.Length];
        "\u007fELF"u8.CopyTo(file);
        (file[4], file[5], file[6]) = (2, 1, 1);
        Put(file, 16, 2, 2);
        Put(file, 18, 62, 2);
        Put(file, 20, 1, 4);
        Put(file, 24, Entry, 8);
        Put(file, 32, 64, 8);
        Put(file, 52, 64, 2);
        Put(file, 54, 56, 2);
        Put(file, 56, 1, 2);
        Put(file, 64, 1, 4);
        Put(file, 68, 7, 4);
        Put(file, 80, Base, 8);
        Put(file, 88, Base, 8);
        Put(file, 96, (ulong)file.Length, 8);
        Put(file, 104, (ulong)file.Length + 0x2000, 8);
        Put(file, 112, 0x1000, 8);
        code.CopyTo(file, HeaderBytes);
        return file;
    }

    private static void Put(byte[] file, int at, ulong value, int bytes)
    {
        Span<byte> word = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(word, value);
        word[..bytes].CopyTo(file.AsSpan(at));
    }
}
