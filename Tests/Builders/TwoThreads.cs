using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace MmuEmu.Tests.Builders;

/// <summary>A guest program of two threads over one address space. R15 tells them apart, in their signal handlers too: 0 and 1.</summary>
/// <remarks>Words of <see cref="AssembledGuest.Data"/> below 400H are the program's own and are printed at the end.</remarks>
public sealed class TwoThreads
{
    private const ulong Data = AssembledGuest.Data;
    private const ulong Tid = Data + 0x400;
    private const ulong Stack = Data + 0x8000;
    private const ulong CloneThread = 0x5_0F00 | 0x20_0000;
    private ulong _nextGate = Data + 0x500;

    /// <summary>Runs once, before there are two.</summary>
    public Action<Assembler> Before { get; init; } = _ => { };

    /// <summary>What the first thread does; afterwards it waits for the second.</summary>
    public required Action<Assembler> First { get; init; }

    /// <summary>What the second thread does, and ends.</summary>
    public required Action<Assembler> Second { get; init; }

    /// <summary>The body of the handler of SIGBUS; RSI points to its siginfo. None when null.</summary>
    public Action<Assembler>? OnBusError { get; init; }

    /// <summary>Runs on so many processors, taking turns of so many instructions.</summary>
    public GuestRun Run(int cpus, ulong quantum) => GuestRun.Of(
        Write, options => options with { Cpus = cpus, Quantum = quantum, MaxInstructions = 5_000_000 });

    /// <summary>A place that each thread passes once, when the other is there too.</summary>
    public Action<Assembler> NewGate()
    {
        ulong gate = _nextGate;
        _nextGate += 8;
        return a =>
        {
            Label wait = a.CreateLabel();
            a.mov(rcx, gate);
            a.@lock.inc(__qword_ptr[rcx]);
            a.Label(ref wait);
            a.cmp(__qword_ptr[rcx], 2);
            a.jl(wait);
        };
    }

    private void Write(Assembler a)
    {
        Label handler = a.CreateLabel();
        Label restorer = a.CreateLabel();
        Label start = a.CreateLabel();
        Label second = a.CreateLabel();
        a.jmp(start);
        a.Label(ref handler);
        a.nop();
        if (OnBusError is null)
        {
            a.ud2();
        }
        else
        {
            OnBusError(a);
            a.ret();
        }

        a.Restorer(ref restorer);
        a.Label(ref start);
        a.Handle(7, handler, restorer);
        Before(a);
        a.mov(__dword_ptr[Tid], 1);
        a.mov(r15, 1UL);
        a.Call(56, CloneThread, Stack, 0, Tid, 0);
        a.test(rax, rax);
        a.jz(second);
        a.mov(r15, 0UL);
        First(a);
        Join(a);
        a.PrintAndExit(Data, 0x400);
        a.Label(ref second);
        Second(a);
        a.Call(60, 0);
    }

    private static void Join(Assembler a)
    {
        Label again = a.CreateLabel();
        Label done = a.CreateLabel();
        a.Label(ref again);
        a.cmp(__dword_ptr[Tid], 0);
        a.je(done);
        a.Call(202, Tid, 0, 1, 0);
        a.jmp(again);
        a.Label(ref done);
    }
}
