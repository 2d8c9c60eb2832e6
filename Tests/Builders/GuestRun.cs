using System.Buffers.Binary;
using Iced.Intel;
using MmuEmu.Kernel.Files;
using MmuEmu.Kernel.Run;
using MmuEmu.Kernel.Setup;
using MmuEmu.Kernel.Story;

namespace MmuEmu.Tests.Builders;

/// <summary>Keeps every event of a run.</summary>
public sealed class TraceRecorder(TraceKinds wanted) : ITraceSink
{
    public TraceKinds Wanted => wanted;

    public List<FaultEvent> Faults { get; } = [];

    public List<SyscallEvent> Syscalls { get; } = [];

    public List<SignalEvent> Signals { get; } = [];

    public List<MemoryEvent> Memory { get; } = [];

    public List<string> All { get; } = [];

    public void OnFault(in FaultEvent happened)
    {
        Faults.Add(happened);
        All.Add($"{happened.Stamp} {happened.Rip} {happened.Fault} {happened.Kind} {happened.After} {happened.Signal} {happened.Mapping}");
    }

    public void OnWalk(in WalkEvent happened) => All.Add($"{happened.Stamp} {happened.What.Kind} {happened.What.Access}");

    public void OnSyscall(in SyscallEvent happened)
    {
        Syscalls.Add(happened);
        All.Add(happened.ToString());
    }

    public void OnSignal(in SignalEvent happened)
    {
        Signals.Add(happened);
        All.Add(happened.ToString());
    }

    public void OnMemory(in MemoryEvent happened)
    {
        Memory.Add(happened);
        All.Add(happened.ToString());
    }

    public void OnMark(in MarkEvent happened) => All.Add(happened.ToString());

    public void OnTask(in TaskEvent happened) => All.Add(happened.ToString());
}

/// <summary>One run of a program to its end, with what it printed and what happened.</summary>
public sealed class GuestRun
{
    private const TraceKinds ByDefault = TraceKinds.Fault | TraceKinds.Signal | TraceKinds.Syscall | TraceKinds.Task;

    private GuestRun(RunResult result, KernelOptions options) =>
        (Result, Output, Errors, Trace) = (result, (BytesOutput)options.Output, (BytesOutput)options.Error, (TraceRecorder?)options.Trace);

    public RunResult Result { get; }

    public BytesOutput Output { get; }

    public BytesOutput Errors { get; }

    public TraceRecorder? Trace { get; }

    /// <summary>The program's bytes, as written, taken as 64-bit words.</summary>
    public ulong this[int index] => BinaryPrimitives.ReadUInt64LittleEndian(Output.Written[(index * 8)..]);

    /// <summary>Runs a program file.</summary>
    public static GuestRun Of(string program, params string[] arguments) => Of(Options(program) with { Arguments = [program, .. arguments] });

    /// <summary>Runs with all options chosen; <paramref name="prepare"/> may change the kernel before it runs.</summary>
    public static GuestRun Of(KernelOptions options, Action<MiniKernel>? prepare = null)
    {
        KernelBuilder.TryBuild(options, out MiniKernel? kernel, out BootFailure? failure).ShouldBeTrue(failure?.Message);
        using (kernel)
        {
            prepare?.Invoke(kernel!);
            GuestRun run = new(kernel!.Run(), options);
            WhatRan.Now.Memory(options.Profile);
            WhatRan.Now.Vrange(options.Profile);
            WhatRan.Now.Threads(run.Trace?.Syscalls.Select(call => call.Stamp.Tid).Distinct().Count() ?? 0);
            return run;
        }
    }

    /// <summary>Assembles a program and runs it.</summary>
    public static GuestRun Of(
        Action<Assembler> code, Func<KernelOptions, KernelOptions>? change = null, Action<MiniKernel>? prepare = null) =>
        Of(AssembledGuest.Build(code), change, prepare);

    /// <summary>Runs a program that is at hand as bytes.</summary>
    public static GuestRun Of(byte[] program, Func<KernelOptions, KernelOptions>? change = null, Action<MiniKernel>? prepare = null)
    {
        string path = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(path, program);
            KernelOptions options = Options(path);
            return Of(change is null ? options : change(options), prepare);
        }
        finally
        {
            File.Delete(path);
        }
    }

    /// <summary>Options that keep outputs and events, and end a guest that does not.</summary>
    public static KernelOptions Options(string program) => new()
    {
        Program = program,
        Output = new BytesOutput(),
        Error = new BytesOutput(),
        Trace = new TraceRecorder(ByDefault),
        MaxInstructions = 2_000_000_000,
    };
}
