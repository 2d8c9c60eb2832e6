using System.Buffers.Binary;
using Iced.Intel;

namespace MmuEmu.Tests.Fuzz.Records;

/// <summary>A program of the fuzzer as a file: its cases can be read from it, without the seed and the generator that made it.</summary>
public sealed class RecordedProgram
{
    private const int ProgramHeaderBytes = 56;
    private const int FirstHeader = 64;
    private const int MostWholeCases = 512;
    private readonly byte[] _file;
    private readonly Dictionary<ulong, FuzzSlot> _slots = [];

    /// <summary>Takes the bytes of an ELF file that <see cref="FuzzBatch"/> made.</summary>
    public RecordedProgram(byte[] file)
    {
        _file = file;
        CaseCount = At(FuzzLayout.Records).Length / FuzzLayout.RecordBytes;
        Windows = At(FuzzLayout.Memories).Length % Length(FuzzLayout.WholeWindows) == 0 && CaseCount <= MostWholeCases
            ? FuzzLayout.WholeWindows
            : FuzzLayout.EdgeWindows;
    }

    /// <summary>The ELF file.</summary>
    public byte[] File => _file;

    /// <summary>How many cases it has.</summary>
    public int CaseCount { get; }

    /// <summary>The memory that each result shows.</summary>
    public IReadOnlyList<FuzzWindow> Windows { get; }

    /// <summary>Length of one result.</summary>
    public int ResultBytes => FuzzResult.Windows + Length(Windows);

    /// <summary>Length of all that it writes.</summary>
    public int OutputBytes => (ResultBytes * CaseCount) + Length(FuzzLayout.WholeWindows);

    /// <summary>Case <paramref name="number"/>, 0 to <see cref="CaseCount"/> - 1.</summary>
    public FuzzCase Case(int number)
    {
        ReadOnlySpan<byte> record = At(FuzzLayout.Records).Slice(number * FuzzLayout.RecordBytes, FuzzLayout.RecordBytes);
        ulong code = Word(record, FuzzRecord.Code);
        FuzzCase made = new()
        {
            Slot = SlotAt(code),
            Image = [.. At(FuzzLayout.Images).Slice((int)(Word(record, FuzzRecord.Image) - FuzzLayout.Images), FuzzLayout.ImageBytes)],
            Memory = [.. At(FuzzLayout.Memories).Slice((int)(Word(record, FuzzRecord.Memory) - FuzzLayout.Memories), Length(Windows))],
            Flags = Word(record, FuzzRecord.Flags),
            Patch1 = (Word(record, FuzzRecord.Patch1At), Word(record, FuzzRecord.Patch1Value)),
            Patch2 = (Word(record, FuzzRecord.Patch2At), Word(record, FuzzRecord.Patch2Value)),
        };
        for (int i = 0; i < made.Registers.Length; i++)
        {
            made.Registers[i] = Word(record, FuzzRecord.Registers + (8 * i));
        }

        return made;
    }

    /// <summary>The instructions of the slot at <paramref name="rip"/>: all before the jump back into the runner.</summary>
    private FuzzSlot SlotAt(ulong rip)
    {
        if (_slots.TryGetValue(rip, out FuzzSlot? known))
        {
            return known;
        }

        byte[] bytes = [.. At(FuzzLayout.Slots).Slice((int)(rip - FuzzLayout.Slots), FuzzLayout.SlotBytes)];
        Decoder decoder = Decoder.Create(64, bytes, rip);
        List<Instruction> instructions = [];
        while (true)
        {
            decoder.Decode(out Instruction instruction);
            bool back = instruction.Code == Code.Jmp_rel32_64 && instruction.NearBranchTarget < FuzzLayout.Slots;
            if (instructions.Count > 0 && (back || instruction.IsInvalid || decoder.IP >= rip + FuzzLayout.Landing))
            {
                break;
            }

            instructions.Add(instruction);
        }

        int length = (int)(instructions[^1].NextIP - rip);
        return _slots[rip] = new FuzzSlot(instructions[^1].Code, [.. instructions], bytes[..length]);
    }

    /// <summary>The bytes of the segment that begins at <paramref name="address"/>.</summary>
    private ReadOnlySpan<byte> At(ulong address)
    {
        int count = BinaryPrimitives.ReadUInt16LittleEndian(_file.AsSpan(56));
        for (int i = 0; i < count; i++)
        {
            ReadOnlySpan<byte> header = _file.AsSpan(FirstHeader + (i * ProgramHeaderBytes), ProgramHeaderBytes);
            if (Word(header, 16) == address)
            {
                return _file.AsSpan((int)Word(header, 8), (int)Word(header, 32));
            }
        }

        throw new InvalidDataException($"the program has no segment at {address:X}: it is none of the fuzzer's");
    }

    private static int Length(IReadOnlyList<FuzzWindow> windows) => windows.Sum(window => window.Bytes);

    private static ulong Word(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt64LittleEndian(bytes[at..]);
}
