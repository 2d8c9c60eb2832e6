using System.Buffers.Binary;
using System.Text;

namespace MmuEmu.Debugger.Source;

/// <summary>A program and its debug file as one file, for a debugger that is given the program only.</summary>
/// <remarks>
/// All that is loaded stays where it is, to the byte. Behind it come the debug sections, and a table of sections that has them instead of the
/// program's own, which describe the C library if anything. Source: [gABI "ELF Header", "Sections"].
/// </remarks>
internal static class JoinedElf
{
    private const int RowBytes = 64;
    private const int TableAt = 40;
    private const int RowSizeAt = 58;
    private const int CountAt = 60;
    private const int NamesAt = 62;
    private const uint ProgramBits = 1;
    private const ulong Compressed = 0x800;
    private const int Alignment = 8;
    private const string DebugPrefix = ".debug_";

    /// <summary>The bytes of <paramref name="program"/> with what its debug file says.</summary>
    /// <param name="path">Where the program lies on the host, for its debug file to be found.</param>
    /// <param name="program">Its bytes.</param>
    /// <returns><paramref name="program"/> itself when nothing beside it describes it.</returns>
    public static byte[] Of(string path, byte[] program)
    {
        using ElfFile? file = ElfFile.TryOpen(path, program, out ElfFile? opened, out _) ? opened : null;
        using ElfFile? debug = file is null ? null : OwnDebugFile.Open(file, out _);
        bool hasTable = file is not null && BinaryPrimitives.ReadUInt16LittleEndian(program.AsSpan(RowSizeAt)) == RowBytes
            && file.Sections.Count == BinaryPrimitives.ReadUInt16LittleEndian(program.AsSpan(CountAt))
            && BinaryPrimitives.ReadUInt16LittleEndian(program.AsSpan(NamesAt)) < file.Sections.Count;
        return debug is null || !hasTable ? program : Join(program, file!, debug);
    }

    private static byte[] Join(byte[] program, ElfFile file, ElfFile debug)
    {
        int names = BinaryPrimitives.ReadUInt16LittleEndian(program.AsSpan(NamesAt));
        using MemoryStream all = new();
        using MemoryStream text = new();
        using MemoryStream rows = new();
        all.Write(program);
        text.Write(file.Bytes(file.Sections[names]));
        byte[] table = file.Bytes(BinaryPrimitives.ReadUInt64LittleEndian(program.AsSpan(TableAt)), (ulong)(file.Sections.Count * RowBytes));
        for (int i = 0; i < file.Sections.Count; i++)
        {
            // An empty row, so that those behind it keep their numbers.
            bool isReplaced = file.Sections[i].Name.StartsWith(DebugPrefix, StringComparison.Ordinal);
            rows.Write(isReplaced ? new byte[RowBytes] : table.AsSpan(i * RowBytes, RowBytes));
        }

        int count = file.Sections.Count;
        foreach (ElfSection section in debug.Sections.Where(section => section.HasBytes && section.Name.StartsWith(DebugPrefix, StringComparison.Ordinal)))
        {
            byte[] bytes = debug.Bytes(section);
            rows.Write(Row((uint)text.Length, section.Flags & Compressed, Append(all, bytes), (ulong)bytes.Length));
            text.Write(Encoding.UTF8.GetBytes(section.Name + "\0"));
            count++;
        }

        byte[] whole = rows.ToArray();
        BinaryPrimitives.WriteUInt64LittleEndian(whole.AsSpan((names * RowBytes) + 24), Append(all, text.ToArray()));
        BinaryPrimitives.WriteUInt64LittleEndian(whole.AsSpan((names * RowBytes) + 32), (ulong)text.Length);
        ulong tableAt = Append(all, whole);
        byte[] joined = all.ToArray();
        BinaryPrimitives.WriteUInt64LittleEndian(joined.AsSpan(TableAt), tableAt);
        BinaryPrimitives.WriteUInt16LittleEndian(joined.AsSpan(CountAt), (ushort)count);
        return joined;
    }

    /// <summary>Adds bytes at the next place that is aligned; says where.</summary>
    private static ulong Append(MemoryStream all, byte[] bytes)
    {
        all.Write(new byte[-all.Length & (Alignment - 1)]);
        ulong at = (ulong)all.Length;
        all.Write(bytes);
        return at;
    }

    private static byte[] Row(uint name, ulong flags, ulong offset, ulong size)
    {
        byte[] row = new byte[RowBytes];
        BinaryPrimitives.WriteUInt32LittleEndian(row, name);
        BinaryPrimitives.WriteUInt32LittleEndian(row.AsSpan(4), ProgramBits);
        BinaryPrimitives.WriteUInt64LittleEndian(row.AsSpan(8), flags);
        BinaryPrimitives.WriteUInt64LittleEndian(row.AsSpan(24), offset);
        BinaryPrimitives.WriteUInt64LittleEndian(row.AsSpan(32), size);
        BinaryPrimitives.WriteUInt64LittleEndian(row.AsSpan(48), flags == 0 ? 1UL : Alignment);
        return row;
    }
}
