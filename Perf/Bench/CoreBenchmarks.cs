using BenchmarkDotNet.Attributes;
using Iced.Intel;
using MmuEmu.Emulator.Cpu;
using MmuEmu.Emulator.Machine;
using MmuEmu.Emulator.Timing;
using MmuEmu.Emulator.Translation;
using MmuEmu.Emulator.Values;
using MmuEmu.Perf.Measure;
using static Iced.Intel.AssemblerRegisters;

namespace MmuEmu.Perf.Bench;

/// <summary>Host cost of one guest instruction in a loop of a store, a load with addition, a subtraction and a branch.</summary>
[MemoryDiagnoser]
public class CoreBenchmarks : IDisposable
{
    private const int Rounds = 25_000;
    private const int Instructions = 4 * Rounds;
    private FlatTables _tables = null!;
    private Core _core = null!;

    /// <summary>Whether every access is priced.</summary>
    [Params(false, true)]
    public bool Clock { get; set; }

    [GlobalSetup]
    public void BuildCore()
    {
        _tables = new FlatTables(2);
        _core = new Core(_tables.Ram, new MmuOptions { Geometry = MachinePresets.Zen5.Tlb });
        _core.Mmu.Mode = _tables.Mode;
        _core.Clock = Clock ? new CycleModel(MachinePresets.Zen5) : null;
        Assembler code = Loop();
        using MemoryStream bytes = new();
        code.Assemble(new StreamCodeWriter(bytes), FlatTables.Start);
        bytes.ToArray().CopyTo(_tables.Ram.SliceToWrite(new PhysAddr(0x800 << 12), (int)bytes.Length));
    }

    [GlobalCleanup]
    public void Dispose()
    {
        _core.Dispose();
        _tables.Dispose();
        GC.SuppressFinalize(this);
    }

    [Benchmark(OperationsPerInvoke = Instructions)]
    public ulong Run()
    {
        _core.Vcpu.Rip = FlatTables.Start;
        _core.Vcpu[Gpr.Rbx] = FlatTables.Start + 4096;
        _core.Run(Instructions);
        return _core.Vcpu[Gpr.Rax];
    }

    private static Assembler Loop()
    {
        Assembler a = new(64);
        Label loop = a.CreateLabel();
        a.mov(ecx, Rounds);
        a.Label(ref loop);
        a.mov(__qword_ptr[rbx], rcx);
        a.add(rax, __qword_ptr[rbx]);
        a.sub(ecx, 1);
        a.jne(loop);
        a.ud2();
        return a;
    }
}
