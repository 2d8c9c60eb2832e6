using System.Runtime.CompilerServices;
using MmuEmu.Emulator.Cpu;
using MmuEmu.Emulator.Models;
using MmuEmu.Emulator.Paging;
using MmuEmu.Emulator.Tracing;
using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Delivery;
using MmuEmu.Kernel.Faults;
using MmuEmu.Kernel.Life;
using MmuEmu.Kernel.Signals;
using MmuEmu.Kernel.State;
using MmuEmu.Kernel.Story;
using MmuEmu.Kernel.Tasks;
using MmuEmu.Kernel.Vmas;

namespace MmuEmu.Kernel.Run;

/// <summary>Handles page faults and exceptions of user code.</summary>
internal sealed class FaultDesk(TaskSystem system, RunStatistics statistics) : IStateful
{
    private const ulong PageFaultVector = 14;
    private readonly HashSet<string> _missingTold = [];

    /// <summary>The instruction of the last #UD that the machine does not know; null when there was none.</summary>
    public string? Unsupported { get; private set; }

    /// <summary>The page fault that the core has just reported.</summary>
    public void PageFault(UserThread thread)
    {
        statistics.PageFaults++;
        ref readonly PageFault fault = ref system.Core.Vcpu.Exit.Fault;
        AddressSpace space = thread.Process.Space;
        thread.Trap = new TrapRecord(PageFaultVector, CodeFor(fault), fault.Cr2);
        FaultOutcome outcome = FaultHandler.Handle(system.Memory, space, fault);
        SigInfo signal = outcome.End switch
        {
            FaultEnd.Deliver => outcome.Signal,
            FaultEnd.OutOfMemory => OutOfMemory(thread),
            FaultEnd.Resume or FaultEnd.Wait => default,
        };
        if (system.Trace.For(signal.Signal == Signal.None ? KernelEvent.FaultHandled : KernelEvent.FaultSignalled) is { } trace)
        {
            Tell(trace, space, outcome.Kind, signal);
        }

        if (outcome.Wait is { } wait)
        {
            thread.Sleep(wait);
        }

        if (signal.Signal is Signal.SIGSEGV or Signal.SIGBUS)
        {
            Check(thread, signal);
            system.Core.Vcpu.Flags |= Rflags.RF;
            SignalSend.Force(thread, signal);
        }
    }

    /// <summary>The exception that the core has just reported.</summary>
    public void Exception(UserThread thread)
    {
        CoreExit exit = system.Core.Vcpu.Exit;
        thread.Trap = thread.Trap with { Number = (ulong)exit.Vector, ErrorCode = exit.ErrorCode };
        if (exit.Unsupported)
        {
            NoteUnsupported();
        }
        else if (exit.Missing != CpuFeatures.None)
        {
            NoteMissing(exit.Missing);
        }

        system.Core.Vcpu.Flags |= TrapSignals.IsFault(exit.Vector) ? Rflags.RF : 0;
        SignalSend.Force(thread, TrapSignals.Of(exit.Vector, system.Core.Vcpu));
    }

    /// <summary>The error code as signal frames show it: of the kernel's half they do not tell what is mapped.</summary>
    /// <remarks>Source: [Linux arch/x86/mm/fault.c, sanitize_error_code].</remarks>
    private static ulong CodeFor(in PageFault fault) =>
        (ulong)fault.Code | (fault.Cr2.Raw >= VirtRange.TaskSize ? (ulong)PageFaultCode.P : 0);

    /// <summary>Apart from the handling, which mostly has nobody to tell, and need not clear room for the event.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Tell(Tracer trace, AddressSpace space, FaultKind kind, in SigInfo signal)
    {
        ref readonly CoreExit exit = ref system.Core.Vcpu.Exit;
        trace.Take(new TraceEvent(signal.Signal == Signal.None ? KernelEvent.FaultHandled : KernelEvent.FaultSignalled)
        {
            Space = space.Tag.Id,
            Address = exit.Fault.Cr2,
            Detail = new FaultDetail(new VirtAddr(system.Core.Vcpu.Rip), exit.Fault, exit.Path, kind)
            {
                Signal = signal,
                Line = space.FindVma(exit.Fault.Cr2) is { } vma ? MapsLine.Of(vma) : null,
                After = system.Memory.Editor.Find(space.Tables, exit.Fault.Cr2).Entry,
            },
        });
    }

    private SigInfo OutOfMemory(UserThread thread)
    {
        bool freed = OomKiller.Run(system);
        bool dies = thread.HasSignal;
        if (freed || dies)
        {
            return default;
        }

        SigInfo kill = new(Signal.SIGKILL, SigCode.Kernel, default);
        thread.Process.KilledForMemory = true;
        system.Shortages.Note(new MemoryShortage("", Errno.None, thread.Process.ToString(), system.Memory.Report.RefusedBytes, system.Processors.Cores.Retired));
        SignalSend.ToProcess(thread.Process, kill);
        return default;
    }

    private void Check(UserThread thread, in SigInfo signal)
    {
        if (thread.ExpectedFault is { } expected && expected != signal.Address)
        {
            system.BrokenExpectation ??= $"{thread} expected its next fault at {expected}, and it came at {signal.Address}";
        }

        thread.ExpectedFault = null;
    }

    private void NoteMissing(CpuFeatures missing)
    {
        string text = InstructionText.At(system, system.Core.Vcpu.Rip);
        if (_missingTold.Add(text))
        {
            string why = (missing & CpuFeatures.Foreign) != 0
                ? $"{InstructionText.ExtensionsAt(system, system.Core.Vcpu.Rip)}, which no model has"
                : $"{CpuFeatureTable.NamesOf(missing)}, which --cpu {system.Core.Vcpu.Model.Name} has not";
            system.Diagnostics($"{text} at 0x{system.Core.Vcpu.Rip:x} needs {why}: the guest gets SIGILL, as on such a processor");
        }
    }

    private void NoteUnsupported()
    {
        string text = InstructionText.At(system, system.Core.Vcpu.Rip);
        bool first = !statistics.UnsupportedInstructions.TryGetValue(text, out ulong times);
        statistics.UnsupportedInstructions[text] = times + 1;
        Unsupported = text;
        if (first)
        {
            system.Diagnostics($"unsupported instruction {text} at 0x{system.Core.Vcpu.Rip:x}: the guest gets SIGILL");
        }
    }

    object IStateful.Save(object? last) => ((string[])[.. _missingTold], Unsupported);

    void IStateful.Restore(object state)
    {
        (string[] told, Unsupported) = ((string[], string?))state;
        _missingTold.Clear();
        _missingTold.UnionWith(told);
    }
}
