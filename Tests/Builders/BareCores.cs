using Iced.Intel;
using MmuEmu.Emulator.Cpu;
using MmuEmu.Emulator.Machine;
using MmuEmu.Emulator.Models;
using MmuEmu.Emulator.Translation;
using MmuEmu.Emulator.Values;

namespace MmuEmu.Tests.Builders;

/// <summary>Several cores over the tables, code and data of a <see cref="BareCore"/>; each begins in a code page of its own.</summary>
public sealed class BareCores : IDisposable
{
    public BareCores(int count, MmuOptions? options = null)
    {
        Bare = new BareCore();
        Set = new CoreSet(Bare.Ram, options ?? new MmuOptions(), count);
        for (int i = 0; i < count; i++)
        {
            Set[i].Mmu.Mode = Bare.Mode;
            Set[i].Vcpu.Model = CpuModels.Max;
            Set[i].Vcpu.Rip = CodeOf(i);
            Set[i].Vcpu[Gpr.Rsp] = BareCore.StackTop - ((ulong)i << 12);
        }
    }

    public BareCore Bare { get; }

    public CoreSet Set { get; }

    public static ulong CodeOf(int core) => BareCore.Code + ((ulong)core << 12);

    /// <summary>Assembles at the code page of a core.</summary>
    public BareCores Assemble(int core, Action<Assembler> write)
    {
        Assembler assembler = new(64);
        write(assembler);
        using MemoryStream stream = new();
        assembler.Assemble(new StreamCodeWriter(stream), CodeOf(core));
        byte[] code = stream.ToArray();
        code.CopyTo(Bare.Ram.SliceToWrite(new PhysAddr(CodeOf(core)), code.Length));
        return this;
    }

    /// <summary>Runs all cores in turn, so many instructions each, until each has made a system call.</summary>
    public void RunAll(ulong quantum)
    {
        bool[] done = new bool[Set.Count];
        for (int turns = 0; turns < 1_000_000 && done.Contains(false); turns++)
        {
            int core = turns % Set.Count;
            if (!done[core])
            {
                CoreExitKind kind = Set.Run(core, quantum).Kind;
                kind.ShouldBeOneOf(CoreExitKind.BudgetSpent, CoreExitKind.Syscall);
                done[core] = kind == CoreExitKind.Syscall;
            }
        }

        done.ShouldNotContain(false);
    }

    public void Dispose()
    {
        Set.Dispose();
        Bare.Dispose();
    }
}
