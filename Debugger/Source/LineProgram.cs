namespace MmuEmu.Debugger.Source;

/// <summary>Runs the program of a line table, which makes its rows.</summary>
/// <remarks>
/// Kept are address, file, line, column, is_stmt and end_sequence; discriminators, blocks, prologues and instruction sets are read and left out.
/// Source: [DWARF5 "The Line Number Program"].
/// </remarks>
internal sealed class LineProgram(DwarfSections sections, LineHeader header)
{
    private const int MostOperands = 255;
    private const string TooMany = "has more rows than are read";

    private readonly List<LineRow> _rows = [];
    private ulong _address;
    private ulong _operation;
    private long _file = 1;
    private long _line = 1;
    private long _column;
    private bool _isStatement = header.IsStatement;
    private bool _isFull;

    /// <summary>Standard opcodes (DW_LNS_).</summary>
    private enum Standard : byte
    {
        Copy = 1,
        AdvancePc,
        AdvanceLine,
        SetFile,
        SetColumn,
        NegateStmt,
        SetBasicBlock,
        ConstAddPc,
        FixedAdvancePc,
    }

    /// <summary>Extended opcodes (DW_LNE_).</summary>
    private enum Extended : byte
    {
        EndSequence = 1,
        SetAddress,
        DefineFile,
    }

    /// <summary>All rows in the order in which the program makes them; those behind the last end of a sequence are left out.</summary>
    /// <param name="fault">Out: what ended it early; null when it ran to its end.</param>
    public List<LineRow> Run(out string? fault)
    {
        ReadOnlySpan<byte> section = sections.Line;
        ByteReader reader = new(section[..header.End], (ulong)header.Program);
        while (!reader.AtEnd && !_isFull)
        {
            int opcode = reader.U8();
            if (opcode > header.OperandCounts.Length)
            {
                Special(opcode - header.OperandCounts.Length - 1);
            }
            else if (opcode == 0)
            {
                RunExtended(ref reader);
            }
            else
            {
                RunStandard(ref reader, opcode);
            }
        }

        int whole = _rows.FindLastIndex(row => row.IsEnd) + 1;
        fault = _isFull ? TooMany : reader.Fault ?? (whole < _rows.Count ? "ends within a sequence" : null);
        _rows.RemoveRange(whole, _rows.Count - whole);
        return _rows;
    }

    private void Special(int adjusted)
    {
        Advance((ulong)(adjusted / header.LineRange));
        _line += header.LineBase + (adjusted % header.LineRange);
        AddRow(isEnd: false);
    }

    private void RunStandard(ref ByteReader reader, int opcode)
    {
        switch ((Standard)opcode)
        {
            case Standard.Copy:
                AddRow(isEnd: false);
                break;
            case Standard.AdvancePc:
                Advance(reader.Uleb());
                break;
            case Standard.AdvanceLine:
                _line += reader.Sleb();
                break;
            case Standard.SetFile:
                _file = (long)reader.Uleb();
                break;
            case Standard.SetColumn:
                _column = (long)reader.Uleb();
                break;
            case Standard.NegateStmt:
                _isStatement = !_isStatement;
                break;
            case Standard.ConstAddPc:
                Advance((ulong)((MostOperands - header.OperandCounts.Length - 1) / header.LineRange));
                break;
            case Standard.FixedAdvancePc:
                (_address, _operation) = (_address + reader.U16(), 0);
                break;
            default:
                for (int i = 0; i < header.OperandCounts[opcode - 1]; i++)
                {
                    reader.Uleb();
                }

                break;
        }
    }

    private void RunExtended(ref ByteReader reader)
    {
        ulong length = reader.Uleb();
        if (length == 0 || length > (ulong)reader.Left)
        {
            reader.Fail("has an extended opcode of an impossible length");
            return;
        }

        int next = reader.Position + (int)length;
        switch ((Extended)reader.U8())
        {
            case Extended.EndSequence:
                AddRow(isEnd: true);
                Reset();
                break;
            case Extended.SetAddress when length is > 1 and <= 9:
                (_address, _operation) = (reader.Unsigned((int)length - 1), 0);
                break;
            case Extended.DefineFile:
                header.Define(sections, ref reader);
                break;
        }

        if (reader.Position > next)
        {
            reader.Fail("has an extended opcode that is longer than it says");
        }

        reader.Skip((ulong)Math.Max(next - reader.Position, 0));
    }

    private void Advance(ulong operations)
    {
        ulong perInstruction = (ulong)header.OperationsPerInstruction;
        ulong sum = _operation + operations;
        _address += (ulong)header.InstructionBytes * (sum / perInstruction);
        _operation = sum % perInstruction;
    }

    private void AddRow(bool isEnd)
    {
        _isFull |= !sections.Budget.TryRow();
        if (!_isFull)
        {
            _rows.Add(new LineRow(_address, Small(_file), Small(_line), Small(_column), _isStatement, isEnd));
        }
    }

    /// <summary>Numbers of files and lines; what is beyond them is damage, and 0.</summary>
    private static int Small(long number) => number is >= 0 and <= int.MaxValue ? (int)number : 0;

    private void Reset()
    {
        (_address, _operation, _file, _line, _column) = (0, 0, 1, 1, 0);
        _isStatement = header.IsStatement;
    }
}
