using System.Buffers.Binary;

namespace MmuEmu.Tests.Fuzz;

/// <summary>Thousands of cases and the program that runs them.</summary>
public sealed class FuzzBatch
{
    private readonly Dictionary<byte[], ulong> _images = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<FuzzSlot, ulong> _slots = new(ReferenceEqualityComparer.Instance);

    public FuzzBatch(IReadOnlyList<FuzzCase> cases, IReadOnlyList<FuzzWindow> windows)
    {
        Cases = cases;
        Windows = windows;
        FuzzRunner runner = FuzzRunner.For(windows, cases.Count);
        ResultBytes = runner.ResultBytes;
        Program = Build(runner);
    }

    public IReadOnlyList<FuzzCase> Cases { get; }

    /// <summary>The memory that results show.</summary>
    public IReadOnlyList<FuzzWindow> Windows { get; }

    /// <summary>Length of one result.</summary>
    public int ResultBytes { get; }

    /// <summary>Length of all that the program writes: the results, and at the end all memory that may be written.</summary>
    public int OutputBytes => (ResultBytes * Cases.Count) + FuzzLayout.WholeWindows.Sum(window => window.Bytes);

    /// <summary>The ELF file.</summary>
    public byte[] Program { get; }

    private byte[] Build(FuzzRunner runner)
    {
        FuzzElf elf = new();
        elf.Add(FuzzLayout.Runner, FuzzRights.Read | FuzzRights.Execute, runner.Code);
        elf.Add(FuzzLayout.Slots, FuzzRights.Read | FuzzRights.Execute, BuildSlots(runner));
        elf.Add(FuzzLayout.Images, FuzzRights.Read, Pool(FuzzLayout.Images, Cases.Select(made => made.Image)));
        elf.Add(FuzzLayout.Memories, FuzzRights.Read, Pool(FuzzLayout.Memories, Cases.Select(made => made.Memory)));
        elf.Add(FuzzLayout.Records, FuzzRights.Read, BuildRecords());
        elf.AddZeroed(FuzzLayout.Control, 4096);
        elf.AddZeroed(FuzzLayout.Output, (ResultBytes * FuzzRunner.ResultsPerWrite) + 0x4000);
        elf.AddZeroed(FuzzLayout.AltStack, FuzzLayout.StackBytes + 4096);
        elf.AddZeroed(FuzzLayout.Stack, FuzzLayout.StackBytes);
        elf.AddZeroed(FuzzLayout.Page0, 0x2000);
        elf.Add(FuzzLayout.ReadOnlyPage, FuzzRights.Read, ReadOnly());
        elf.AddZeroed(FuzzLayout.PageQ, 0x1000);
        return elf.Build(FuzzLayout.Runner);
    }

    private byte[] BuildSlots(FuzzRunner runner)
    {
        foreach (FuzzCase made in Cases)
        {
            _slots.TryAdd(made.Slot, made.Slot.Instructions[0].IP);
        }

        ulong end = _slots.Values.Max() + FuzzLayout.SlotBytes;
        byte[] code = new byte[end - FuzzLayout.Slots];
        code.AsSpan().Fill(0xCC);
        foreach ((FuzzSlot slot, ulong at) in _slots)
        {
            Span<byte> bytes = code.AsSpan((int)(at - FuzzLayout.Slots), FuzzLayout.SlotBytes);
            slot.Bytes.CopyTo(bytes);
            Jump(bytes, slot.Bytes.Length, at, runner.Done);
            Jump(bytes, FuzzLayout.Landing, at, runner.Taken);
        }

        return code;
    }

    private static void Jump(Span<byte> slot, int at, ulong rip, ulong target)
    {
        slot[at] = 0xE9;
        BinaryPrimitives.WriteInt32LittleEndian(slot[(at + 1)..], (int)(target - (rip + (ulong)at + 5)));
    }

    /// <summary>Lays images out without repeating any.</summary>
    private byte[] Pool(ulong at, IEnumerable<byte[]> images)
    {
        List<byte[]> distinct = [];
        ulong next = at;
        foreach (byte[] image in images)
        {
            if (_images.TryAdd(image, next))
            {
                distinct.Add(image);
                next += (ulong)image.Length;
            }
        }

        return [.. distinct.SelectMany(image => image)];
    }

    private byte[] BuildRecords()
    {
        byte[] records = new byte[Cases.Count * FuzzLayout.RecordBytes];
        for (int i = 0; i < Cases.Count; i++)
        {
            FuzzCase made = Cases[i];
            Span<byte> record = records.AsSpan(i * FuzzLayout.RecordBytes, FuzzLayout.RecordBytes);
            for (int register = 0; register < 16; register++)
            {
                Put(record, FuzzRecord.Registers + (8 * register), made.Registers[register]);
            }

            Put(record, FuzzRecord.Flags, made.Flags);
            Put(record, FuzzRecord.Code, _slots[made.Slot]);
            Put(record, FuzzRecord.Image, _images[made.Image]);
            Put(record, FuzzRecord.Memory, _images[made.Memory]);
            Put(record, FuzzRecord.Patch1At, made.Patch1.At);
            Put(record, FuzzRecord.Patch1Value, made.Patch1.Value);
            Put(record, FuzzRecord.Patch2At, made.Patch2.At);
            Put(record, FuzzRecord.Patch2Value, made.Patch2.Value);
        }

        return records;
    }

    /// <summary>The read-only page: the same in every batch.</summary>
    private static byte[] ReadOnly()
    {
        byte[] page = new byte[4096];
        new FuzzRandom(4096).NextBytes(page);
        return page;
    }

    private static void Put(Span<byte> record, int at, ulong value) => BinaryPrimitives.WriteUInt64LittleEndian(record[at..], value);
}
