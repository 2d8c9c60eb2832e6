using Iced.Intel;
using MmuEmu.Emulator.Cpu;
using MmuEmu.Emulator.Machine;
using MmuEmu.Emulator.Models;
using MmuEmu.Emulator.Translation;
using MmuEmu.Emulator.Values;
using MmuEmu.Perf.Report;
using static Iced.Intel.AssemblerRegisters;

namespace MmuEmu.Perf.Measure;

/// <summary>What an instruction costs the first time: decoding included, in basic blocks of five.</summary>
internal static class DecodeMeasures
{
    private const int Pages = 16;
    private const int Blocks = 2800;
    private const int Instructions = Blocks * 5;

    public static IEnumerable<Row> Run(int rounds)
    {
        using FlatTables tables = new(Pages + 1);
        using Core core = new(tables.Ram, new MmuOptions()) { Vcpu = { Model = CpuModels.Max } };
        core.Mmu.Mode = tables.Mode;
        Write(tables);
        Row row = new()
        {
            Name = "first run of an instruction",
            Value = Median.NanosecondsPer(Instructions, rounds, () => Once(core)),
            Unit = "ns",
            Target = new Target(Better.Lower, 1000),
            Note = "decoded, compiled to an op, run once; blocks of five",
        };
        yield return row;
    }

    private static void Once(Core core)
    {
        core.Vcpu.Blocks.Clear();
        core.Vcpu.Rip = FlatTables.Start;
        core.Vcpu[Gpr.Rbx] = FlatTables.Start + (Pages * 4096);
        core.Run(Instructions);
        if (core.Vcpu.Exit.Kind != CoreExitKind.BudgetSpent)
        {
            throw new InvalidOperationException($"the code of the measurement ended with {core.Vcpu.Exit.Kind}");
        }
    }

    /// <summary>Blocks of a load, arithmetic, a vector operation, a comparison and a branch to the next block.</summary>
    private static void Write(FlatTables tables)
    {
        Assembler a = new(64);
        for (int i = 0; i < Blocks; i++)
        {
            Label next = a.CreateLabel();
            a.mov(rcx, __qword_ptr[rbx + (i & 127)]);
            a.lea(rdx, __[rcx + (rax * 2) + 5]);
            a.paddd(xmm1, xmm2);
            a.cmp(edx, i);
            a.jne(next);
            a.Label(ref next);
        }

        a.ud2();
        using MemoryStream bytes = new();
        a.Assemble(new StreamCodeWriter(bytes), FlatTables.Start);
        bytes.ToArray().CopyTo(tables.Ram.SliceToWrite(new PhysAddr(0x800 << 12), (int)bytes.Length));
    }
}
