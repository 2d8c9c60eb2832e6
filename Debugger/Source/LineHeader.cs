namespace MmuEmu.Debugger.Source;

/// <summary>What begins a line table: how its program is read, and the names of files.</summary>
/// <remarks>Source: [DWARF5 "The Line Number Program Header"]; before version 5: [DWARF4 "The Line Number Program Header"].</remarks>
internal sealed class LineHeader
{
    private const int FirstTypedTables = 5;
    private const int FirstWithOps = 4;

    private readonly List<string> _folders = [];
    private readonly List<string> _files = [];

    private LineHeader()
    {
    }

    /// <summary>2 to 5.</summary>
    public int Version { get; private set; }

    /// <summary>Where the program begins in .debug_line.</summary>
    public int Program { get; private set; }

    /// <summary>Where the table ends in .debug_line.</summary>
    public int End { get; private set; }

    /// <summary>minimum_instruction_length: what the program counts addresses in.</summary>
    public int InstructionBytes { get; private set; }

    /// <summary>maximum_operations_per_instruction, at least 1.</summary>
    public int OperationsPerInstruction { get; private set; } = 1;

    /// <summary>default_is_stmt.</summary>
    public bool IsStatement { get; private set; }

    /// <summary>line_base: the least that a special opcode adds to the line.</summary>
    public int LineBase { get; private set; }

    /// <summary>line_range: how many such steps there are; 1 to 255.</summary>
    public int LineRange { get; private set; }

    /// <summary>standard_opcode_lengths: how many numbers follow each, from opcode 1 on; the first special opcode is one more than there are.</summary>
    public byte[] OperandCounts { get; private set; } = [];

    /// <summary>The paths of the files, as far as the compiler told them, by number; before version 5 number 0 is empty.</summary>
    public IReadOnlyList<string> Files => _files;

    /// <summary>Reads the header at <paramref name="at"/>.</summary>
    /// <param name="sections">The file's.</param>
    /// <param name="at">Where in .debug_line it begins.</param>
    /// <param name="folder">Where the compiler ran, to which paths are relative.</param>
    /// <param name="reason">Out: what is wrong, when the result is null.</param>
    public static LineHeader? Read(DwarfSections sections, ulong at, string folder, out string reason)
    {
        ReadOnlySpan<byte> section = sections.Line;
        ByteReader reader = new(section, at);
        int length = reader.UnitLength(out int offsetBytes);
        LineHeader header = new() { End = reader.Position + length, Version = reader.U16() };
        reader = new ByteReader(section[..header.End], (ulong)reader.Position);
        if (header.Version is < 2 or > 5)
        {
            reason = length == 0 ? "is no line table" : $"is of version {header.Version}; 2 to 5 are read";
            return null;
        }

        int addressBytes = header.Version >= FirstTypedTables ? reader.U8() : 8;
        reader.Skip(header.Version >= FirstTypedTables ? 1UL : 0);
        ulong headerLength = reader.Unsigned(offsetBytes);
        header.Program = reader.Position + (int)Math.Min(headerLength, (ulong)reader.Left);
        header.ReadNumbers(ref reader);
        header._folders.Add(folder);
        UnitShape shape = new(header.Version, addressBytes is 4 or 8 ? addressBytes : 8, offsetBytes, 0);
        if (header.Version >= FirstTypedTables)
        {
            new LineFileTable(sections, shape).Read(ref reader, header._folders, header._files);
        }
        else
        {
            header._files.Add("");
            header.ReadPlainTables(sections, ref reader);
        }

        reason = reader.Fault ?? "";
        return reader.Fault is null ? header : null;
    }

    /// <summary>Takes a file that the program defines, which gets the next number.</summary>
    public void Define(DwarfSections sections, ref ByteReader reader)
    {
        ulong name = (ulong)reader.Position;
        reader.Text();
        ulong folder = reader.Uleb();
        reader.Uleb();
        reader.Uleb();
        if (reader.Fault is null)
        {
            _files.Add(sections.Joined(SourcePath.At(_folders, folder), sections.TextAt(sections.Line, name)));
        }
    }

    private void ReadNumbers(ref ByteReader reader)
    {
        InstructionBytes = reader.U8();
        OperationsPerInstruction = Version >= FirstWithOps ? Math.Max((int)reader.U8(), 1) : 1;
        IsStatement = reader.U8() != 0;
        LineBase = (sbyte)reader.U8();
        LineRange = reader.U8();
        int opcodes = reader.U8();
        OperandCounts = new byte[Math.Max(opcodes - 1, 0)];
        for (int i = 0; i < OperandCounts.Length; i++)
        {
            OperandCounts[i] = reader.U8();
        }

        if (LineRange == 0)
        {
            reader.Fail("has a line range of 0");
        }
    }

    private void ReadPlainTables(DwarfSections sections, ref ByteReader reader)
    {
        while (!reader.AtEnd)
        {
            ulong at = (ulong)reader.Position;
            if (reader.Text().Length == 0)
            {
                break;
            }

            _folders.Add(sections.Joined(_folders[0], sections.TextAt(sections.Line, at)));
        }

        while (!reader.AtEnd)
        {
            ByteReader next = reader;
            if (next.U8() == 0)
            {
                return;
            }

            Define(sections, ref reader);
        }
    }
}
