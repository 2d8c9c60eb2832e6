using Iced.Intel;
using MmuEmu.Emulator.Cpu;
using MmuEmu.Emulator.Machine;
using MmuEmu.Emulator.Models;
using MmuEmu.Emulator.Translation;
using MmuEmu.Emulator.Values;
using MmuEmu.Perf.Report;
using static Iced.Intel.AssemblerRegisters;

namespace MmuEmu.Perf.Measure;

/// <summary>Host cost of single vector instructions: loops of sixteen of them.</summary>
internal static class VectorMeasures
{
    private const int Copies = 16;
    private const int Rounds = 12_000;
    private const int Instructions = (Copies + 2) * Rounds;

    private static readonly (string Name, Action<Assembler> Write)[] Cases =
    [
        ("addsd", a => a.addsd(xmm1, xmm2)),
        ("addsd, memory", a => a.addsd(xmm1, __qword_ptr[rbx])),
        ("mulsd", a => a.mulsd(xmm1, xmm3)),
        ("divsd", a => a.divsd(xmm1, xmm3)),
        ("movapd", a => a.movapd(xmm1, xmm2)),
        ("movsd, load", a => a.movsd(xmm1, __qword_ptr[rbx])),
        ("movsd, store", a => a.movsd(__qword_ptr[rbx + 64], xmm2)),
        ("ucomisd", a => a.ucomisd(xmm1, xmm2)),
        ("cvttsd2si", a => a.cvttsd2si(eax, xmm2)),
        ("addpd", a => a.addpd(xmm1, xmm2)),
        ("vmulpd ymm", a => a.vmulpd(ymm1, ymm3, ymm3)),
        ("vmulps ymm", a => a.vmulps(ymm4, ymm6, ymm6)),
        ("vcmpps ymm", a => a.vcmpps(ymm5, ymm6, ymm6, 14)),
        ("paddb", a => a.paddb(xmm5, xmm2)),
        ("vpaddb ymm", a => a.vpaddb(ymm5, ymm3, ymm2)),
        ("vmovdqu ymm, load", a => a.vmovdqu(ymm5, __ymmword_ptr[rbx])),
        ("vmovdqu ymm, store", a => a.vmovdqu(__ymmword_ptr[rbx + 64], ymm2)),
        ("vpmovzxbd ymm, memory", a => a.vpmovzxbd(ymm5, __qword_ptr[rbx])),
        ("vsqrtps ymm", a => a.vsqrtps(ymm5, ymm6)),
        ("vmulps ymm, memory", a => a.vmulps(ymm5, ymm6, __ymmword_ptr[rbx + 128])),
        ("vpavgb ymm, memory", a => a.vpavgb(ymm5, ymm6, __ymmword_ptr[rbx])),
        ("vpsllvd ymm", a => a.vpsllvd(ymm5, ymm6, ymm8)),
        ("vpsadbw ymm", a => a.vpsadbw(ymm5, ymm6, ymm7)),
        ("vaddpd ymm after gather", a =>
        {
            a.vpcmpeqd(ymm9, ymm9, ymm9);
            a.vpgatherdd(ymm5, __ymmword_ptr[rbx + ymm8], ymm9);
            a.vmulps(ymm10, ymm5, ymm5);
        }),
        ("vpermd ymm", a => a.vpermd(ymm5, ymm2, ymm3)),
        ("vpgatherdd ymm", a =>
        {
            a.vpcmpeqd(ymm9, ymm9, ymm9);
            a.vpgatherdd(ymm5, __ymmword_ptr[rbx + ymm8], ymm9);
        }),
        ("vmaskmovps ymm, store", a => a.vmaskmovps(__ymmword_ptr[rbx + 64], ymm7, ymm6)),
    ];

    public static IEnumerable<Row> Run(int rounds)
    {
        foreach ((string name, Action<Assembler> write) in Cases)
        {
            using FlatTables tables = new(2);
            using Core core = new(tables.Ram, new MmuOptions()) { Vcpu = { Model = CpuModels.Max } };
            core.Mmu.Mode = tables.Mode;
            int added = Write(write, tables);
            yield return new Row
            {
                Name = $"instruction {name}",
                Value = Median.NanosecondsPer((long)Instructions + ((added - 1) * Copies * Rounds), rounds, () => Run(core)),
                Unit = "ns",
            };
        }
    }

    private static unsafe void Run(Core core)
    {
        double* vectors = (double*)core.Vcpu.State->Vectors;
        for (int i = 0; i < 16 * 4; i++)
        {
            vectors[i] = 1 + (i / 4 * 1e-7);
        }

        new Span<float>(core.Vcpu.State->Vectors + (32 * 6), 8).Fill(1.1f);
        new Span<byte>(core.Vcpu.State->Vectors + (32 * 7), 32).Fill(0xFF);
        new Span<byte>(core.Vcpu.State->Vectors + (32 * 8), 32).Clear();
        core.Vcpu.Rip = FlatTables.Start;
        core.Vcpu[Gpr.Rbx] = FlatTables.Start + 4096;
        core.Run(long.MaxValue);
    }

    private static int Write(Action<Assembler> write, FlatTables tables)
    {
        Assembler a = new(64);
        Label loop = a.CreateLabel();
        write(a);
        int each = a.Instructions.Count;
        a.Reset();
        a.mov(ecx, Rounds);
        a.Label(ref loop);
        for (int i = 0; i < Copies; i++)
        {
            write(a);
        }

        a.sub(ecx, 1);
        a.jne(loop);
        a.ud2();
        using MemoryStream bytes = new();
        a.Assemble(new StreamCodeWriter(bytes), FlatTables.Start);
        bytes.ToArray().CopyTo(tables.Ram.SliceToWrite(new PhysAddr(0x800 << 12), (int)bytes.Length));
        BitConverter.GetBytes(1.5).CopyTo(tables.Ram.SliceToWrite(new PhysAddr(0x801 << 12), 8));
        return each;
    }
}
