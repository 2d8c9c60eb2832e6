using System.Buffers.Binary;
using Iced.Intel;
using MmuEmu.Emulator.Interpreter.Dispatch;
using MmuEmu.Emulator.Interpreter.Ops;
using MmuEmu.Emulator.Models;

namespace MmuEmu.Tests.Guests;

/// <summary>What compilers and C libraries put into the guests, the core has a handler for.</summary>
public sealed class InstructionCoverageTests
{
    /// <summary>What a processor of the first x86-64 generation has. The C libraries ask CPUID before they use anything newer.</summary>
    private static readonly HashSet<CpuidFeature> Baseline =
    [
        CpuidFeature.INTEL8086, CpuidFeature.INTEL186, CpuidFeature.INTEL286, CpuidFeature.INTEL386, CpuidFeature.INTEL486,
        CpuidFeature.X64, CpuidFeature.CMOV, CpuidFeature.CPUID, CpuidFeature.CX8, CpuidFeature.CMPXCHG16B,
        CpuidFeature.MULTIBYTENOP, CpuidFeature.PAUSE, CpuidFeature.SYSCALL, CpuidFeature.TSC, CpuidFeature.MSR,
        CpuidFeature.FPU, CpuidFeature.FPU287, CpuidFeature.FPU387, CpuidFeature.FXSR, CpuidFeature.SSE, CpuidFeature.SSE2,
    ];

    public static TheoryData<string> Files => [.. GuestFiles.Names(_ => true).Select(row => GuestFiles.BuiltFileOf(GuestFiles.Find(row.Data))), "/bin/busybox"];

    [Theory]
    [MemberData(nameof(Files))]
    public void Every_baseline_instruction_of_a_guest_has_a_handler(string file)
    {
        Assert.SkipUnless(File.Exists(file), "needs " + file);
        byte[] elf = File.ReadAllBytes(file);
        Dictionary<Code, string> unknown = [];

        foreach (Instruction instruction in CodeSections(elf).SelectMany(section => Decode(elf, section)))
        {
            if (instruction.Code.CpuidFeatures().All(Baseline.Contains) && !unknown.ContainsKey(instruction.Code) && !HasHandler(instruction))
            {
                unknown.Add(instruction.Code, $"{instruction.IP:x}: {instruction}");
            }
        }

        unknown.Values.ShouldBeEmpty();
    }

    private static bool HasHandler(Instruction instruction)
    {
        using BlockWriter writer = new();
        writer.Begin(0, instruction.IP);
        writer.Take(instruction);
        OpBuilder builder = new(writer, in instruction, new byte[instruction.Length], CpuModels.Max);
        return EmitterTable.Of(instruction.Mnemonic) is { } emit && emit(ref builder);
    }

    private static IEnumerable<Instruction> Decode(byte[] elf, (int Offset, int Length, ulong Address) section)
    {
        Decoder decoder = Decoder.Create(64, new ByteArrayCodeReader(elf, section.Offset, section.Length), section.Address);
        ulong end = section.Address + (ulong)section.Length;
        while (decoder.IP < end)
        {
            Instruction instruction = decoder.Decode();
            if (!instruction.IsInvalid)
            {
                yield return instruction;
            }
        }
    }

    /// <summary>Sections with SHF_EXECINSTR (4) and content.</summary>
    private static IEnumerable<(int Offset, int Length, ulong Address)> CodeSections(byte[] elf)
    {
        int table = (int)Read64(elf, 40);
        int count = BinaryPrimitives.ReadUInt16LittleEndian(elf.AsSpan(60));
        return from index in Enumerable.Range(0, count)
               let header = table + (index * 64)
               where (Read64(elf, header + 8) & 4) != 0 && BinaryPrimitives.ReadUInt32LittleEndian(elf.AsSpan(header + 4)) == 1
               select ((int)Read64(elf, header + 24), (int)Read64(elf, header + 32), Read64(elf, header + 16));
    }

    private static ulong Read64(byte[] bytes, int offset) => BinaryPrimitives.ReadUInt64LittleEndian(bytes.AsSpan(offset));
}
