using System.Buffers.Binary;
using System.Text;

namespace MmuEmu.Tests.Debugger.Source;

/// <summary>An ELF file for x86-64 that has nothing but sections, as bytes.</summary>
internal static class ElfImage
{
    private const int HeaderBytes = 64;
    private const int SectionBytes = 64;

    /// <summary>The file with <paramref name="sections"/>, and with code at 0x1000.</summary>
    public static byte[] Of(params (string Name, byte[] Bytes)[] sections)
    {
        List<byte> content = [.. new byte[HeaderBytes]];
        List<byte> names = [0];
        List<byte> rows = [.. new byte[SectionBytes]];
        foreach ((string name, byte[] bytes) in ((string, byte[])[])[(".text", new byte[0x1000]), .. sections])
        {
            rows.AddRange(Row(names.Count, name == ".text", content.Count, bytes.Length));
            names.AddRange([.. Encoding.ASCII.GetBytes(name), 0]);
            content.AddRange(bytes);
        }

        rows.AddRange(Row(0, isCode: false, content.Count, names.Count));
        content.AddRange(names);
        byte[] file = [.. content, .. rows];
        "\u007fELF\u0002\u0001\u0001"u8.CopyTo(file);
        BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(16), 2);
        BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(18), 62);
        BinaryPrimitives.WriteInt64LittleEndian(file.AsSpan(40), content.Count);
        BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(58), SectionBytes);
        BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(60), (ushort)(rows.Count / SectionBytes));
        BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(62), (ushort)((rows.Count / SectionBytes) - 1));
        return file;
    }

    private static byte[] Row(int name, bool isCode, int offset, int size)
    {
        byte[] row = new byte[SectionBytes];
        BinaryPrimitives.WriteInt32LittleEndian(row, name);
        BinaryPrimitives.WriteInt32LittleEndian(row.AsSpan(4), 1);
        BinaryPrimitives.WriteInt64LittleEndian(row.AsSpan(8), isCode ? 6 : 0);
        BinaryPrimitives.WriteInt64LittleEndian(row.AsSpan(16), isCode ? 0x1000 : 0);
        BinaryPrimitives.WriteInt64LittleEndian(row.AsSpan(24), offset);
        BinaryPrimitives.WriteInt64LittleEndian(row.AsSpan(32), size);
        return row;
    }
}
