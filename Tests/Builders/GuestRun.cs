using System.Buffers.Binary;
using Iced.Intel;
using MmuEmu.Emulator.Paging;
using MmuEmu.Emulator.Tracing;
using MmuEmu.Kernel.Faults;
using MmuEmu.Kernel.Files;
using MmuEmu.Kernel.Run;
using MmuEmu.Kernel.Setup;
using MmuEmu.Kernel.Story;

namespace MmuEmu.Tests.Builders;

/// <summary>Keeps every event of a run.</summary>
public sealed class TraceRecorder(TraceKinds families) : ITraceSink
{
    public TraceMask Wanted { get; } = TraceFamilies.MaskOf(families);

    /// <summary>All of them, in order.</summary>
    public List<TraceEvent> Events { get; } = [];

    public List<FaultDetail> Faults => Details<FaultDetail>();

    public List<SignalDetail> Signals => Details<SignalDetail>();

    /// <summary>System calls, at entry and at return.</summary>
    public List<TraceEvent> Syscalls => [.. Events.Where(happened => happened.Detail is SyscallDetail)];

    /// <summary>What memory management did.</summary>
    public IEnumerable<TraceEvent> Memory => Events.Where(happened => TraceFamilies.Of(happened.Kind) == TraceKinds.Reclaim);

    /// <summary>All of them as text, for comparing runs.</summary>
    public List<string> All => Events.ConvertAll(happened => happened.Detail switch
    {
        WalkDetail walk => $"{happened with { Detail = null }} {walk.Access} {walk.Fault} {PathText(walk.Path)}",
        FaultDetail fault => $"{happened with { Detail = null }} {fault.Rip} {fault.Fault} {fault.Kind} {fault.After} {fault.Signal} {fault.Mapping} {PathText(fault.Path)}",
        _ => happened.ToString(),
    });

    public void Take(in TraceEvent happened) => Events.Add(happened);

    private static string PathText(WalkPath path) => string.Join(' ', Enumerable.Range(0, path.Count).Select(i => path[i]));

    private List<T> Details<T>()
        where T : TraceDetail => [.. Events.Select(happened => happened.Detail).OfType<T>()];
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
