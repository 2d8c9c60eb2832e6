using System.Buffers.Binary;
using System.Text;
using Iced.Intel;

namespace MmuEmu.Tests.Builders;

/// <summary>One program header; the numbers are those of the file.</summary>
/// <param name="Flags">4 to read, 2 to write, 1 to execute.</param>
/// <param name="Offset">p_offset.</param>
/// <param name="Address">p_vaddr.</param>
/// <param name="FileBytes">p_filesz.</param>
/// <param name="MemoryBytes">p_memsz.</param>
public sealed record ElfHeader(uint Flags, ulong Offset, ulong Address, ulong FileBytes, ulong MemoryBytes)
{
    /// <summary>p_type: PT_LOAD.</summary>
    public uint Type { get; init; } = 1;

    /// <summary>p_align.</summary>
    public ulong Alignment { get; init; } = 4096;
}

/// <summary>An ELF file as a linker would not make it: any program headers, code at offset 0x1000, a name of an interpreter at 0x800.</summary>
public sealed record HandMadeElf
{
    /// <summary>Where the code lies in the file.</summary>
    public const int CodeOffset = 0x1000;

    private const int NameOffset = 0x800;

    /// <summary>True for ET_DYN.</summary>
    public bool PositionIndependent { get; init; }

    /// <summary>Where the code runs, without the load base: e_entry.</summary>
    public ulong Entry { get; init; } = 0x40_1000;

    /// <summary>The interpreter's path; null for none.</summary>
    public string? Interpreter { get; init; }

    /// <summary>The segments.</summary>
    public required IReadOnlyList<ElfHeader> Segments { get; init; }

    /// <summary>The file; it ends with the code.</summary>
    public byte[] Build(Action<Assembler> write)
    {
        Assembler assembler = new(64);
        write(assembler);
        using MemoryStream code = new();
        assembler.Assemble(new StreamCodeWriter(code), Entry);
        byte[] name = Interpreter is null ? [] : [.. Encoding.UTF8.GetBytes(Interpreter), 0];
        List<ElfHeader> headers = [.. Segments];
        if (Interpreter is not null)
        {
            headers.Insert(0, new ElfHeader(4, NameOffset, 0, (ulong)name.Length, (ulong)name.Length) { Type = 3 });
        }

        byte[] file = new byte[CodeOffset + (int)code.Length];
        ((ReadOnlySpan<byte>)[0x7F, (byte)'E', (byte)'L', (byte)'F', 2, 1, 1]).CopyTo(file);
        Put(file, 16, PositionIndependent ? 3UL : 2UL, 2);
        Put(file, 18, 62, 2);
        Put(file, 20, 1, 4);
        Put(file, 24, Entry, 8);
        Put(file, 32, 64, 8);
        Put(file, 52, 64, 2);
        Put(file, 54, 56, 2);
        Put(file, 56, (ulong)headers.Count, 2);
        for (int i = 0; i < headers.Count; i++)
        {
            Put(file, 64 + (i * 56), headers[i]);
        }

        name.CopyTo(file, NameOffset);
        code.ToArray().CopyTo(file, CodeOffset);
        return file;
    }

    private static void Put(byte[] file, int at, ElfHeader header)
    {
        Put(file, at, header.Type, 4);
        Put(file, at + 4, header.Flags, 4);
        Put(file, at + 8, header.Offset, 8);
        Put(file, at + 16, header.Address, 8);
        Put(file, at + 32, header.FileBytes, 8);
        Put(file, at + 40, header.MemoryBytes, 8);
        Put(file, at + 48, header.Alignment, 8);
    }

    private static void Put(byte[] file, int at, ulong value, int bytes)
    {
        Span<byte> word = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(word, value);
        word[..bytes].CopyTo(file.AsSpan(at));
    }
}
