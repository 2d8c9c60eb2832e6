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
using MmuEmu.Kernel.Waiting;

namespace MmuEmu.Kernel.Run;

/// <summary>Handles page faults and exceptions of user code.</summary>
internal sealed class FaultDesk(TaskSystem system, RunStatistics statistics) : IStateful
{
    private const ulong PageFaultVector = 14;
    private readonly HashSet<CodeBytes> _missingTold = [];
    private readonly StallWatch _stall = new();

    /// <summary>The instruction of the last #UD that the machine does not know; null when there was none.</summary>
    public CodeBytes? Unsupported { get; private set; }

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
            FaultEnd.Resume when _stall.IsStalled(system.Processors.Cores.Retired, thread, fault.Cr2, system.Processes) => Stalled(thread),
            FaultEnd.Resume or FaultEnd.Wait => default,
        };
        if (signal.Signal != Signal.None)
        {
            TellSignalled(space, outcome.Kind, signal);
        }
        else if (system.Trace.For(KernelEvent.FaultHandled) is { } trace)
        {
            TellHandled(trace, space, outcome.Kind);
        }

        if (outcome.Wait is { } wait)
        {
            thread.Sleep(wait);
            LockCycles.Look(system, thread);
        }

        if (signal.Signal is Signal.SIGSEGV or Signal.SIGBUS)
        {
            Check(thread, signal);
            system.Core.Vcpu.Flags |= Rflags.RF;
            thread.Forced = null;
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
        SigInfo signal = TrapSignals.Of(exit.Vector, system.Core.Vcpu);
        thread.Forced = Told(signal, exit);
        SignalSend.Force(thread, signal);
    }

    /// <summary>What is to be told of an exception besides its signal.</summary>
    private SignalDetail Told(in SigInfo signal, in CoreExit exit)
    {
        ulong[] registers = new ulong[16];
        for (int i = 0; i < registers.Length; i++)
        {
            registers[i] = system.Core.Vcpu[i];
        }

        return new SignalDetail(signal, SignalFate.Fatal, default, default)
        {
            Vector = exit.Vector,
            ErrorCode = exit.ErrorCode,
            Code = exit.FromInstruction ? CodeAtRip.ReadAt(system, exit.AskedAt)
                : TrapSignals.IsFault(exit.Vector) ? CodeAtRip.Read(system)
                : default,
            Registers = registers,
            Missing = exit.Missing,
            Unsupported = exit.Unsupported,
        };
    }

    /// <summary>The error code as signal frames show it: of the kernel's half they do not tell what is mapped.</summary>
    /// <remarks>Source: [Linux arch/x86/mm/fault.c, sanitize_error_code].</remarks>
    private static ulong CodeFor(in PageFault fault) =>
        (ulong)fault.Code | (fault.Cr2.Raw >= VirtRange.TaskSize ? (ulong)PageFaultCode.P : 0);

    /// <summary>Apart from the handling, which mostly has nobody to tell, and need not clear room for the event.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void TellHandled(Tracer trace, AddressSpace space, FaultKind kind)
    {
        FaultDetail detail = new();
        Vma? vma = Describe(detail, space, kind);
        detail.After = system.Memory.Editor.Find(space.Tables, detail.Fault.Cr2).Entry;
        detail.Line = vma is null ? null : MapsLine.Of(vma);
        Tell(trace, KernelEvent.FaultHandled, space, detail);
    }

    /// <summary>The witness keeps one fault, the last; only those who listen get a detail of their own.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void TellSignalled(AddressSpace space, FaultKind kind, in SigInfo signal)
    {
        FaultDetail fault = system.Witness.NextFault();
        Vma? vma = Describe(fault, space, kind);
        ref readonly CoreExit exit = ref system.Core.Vcpu.Exit;
        fault.Signal = signal;
        fault.After = exit.Path.Count > 0 ? exit.Path.Last.Entry : system.Memory.Editor.Find(space.Tables, exit.Fault.Cr2).Entry;
        fault.Code = CodeAtRip.Read(system);
        fault.Mode = system.Core.Mmu.Mode;
        Explain(fault, space, vma);
        system.Witness.Faulted(system.Processors.Cores.Now, space.Tag.Id);
        if (system.Trace.For(KernelEvent.FaultSignalled) is { } trace)
        {
            Tell(trace, KernelEvent.FaultSignalled, space, system.Witness.KeepFault());
        }
    }

    /// <summary>What there is to tell of every fault; gives the mapping that covers it.</summary>
    private Vma? Describe(FaultDetail detail, AddressSpace space, FaultKind kind)
    {
        ref readonly CoreExit exit = ref system.Core.Vcpu.Exit;
        (detail.Rip, detail.Fault, detail.Kind) = (new VirtAddr(system.Core.Vcpu.Rip), exit.Fault, kind);
        detail.Path = exit.Path;
        detail.Above = UpperEntries.Above(system.Memory.Ram, system.Core.Mmu.Mode, exit.Fault.Cr2, exit.Path);
        return space.FindVma(exit.Fault.Cr2);
    }

    /// <summary>What explains a signal besides the walk: the mapping, its file's end, the stack's limit.</summary>
    private static void Explain(FaultDetail fault, AddressSpace space, Vma? vma)
    {
        VirtAddr address = fault.Fault.Cr2;
        fault.Line = vma is null ? null : MapsLine.Of(vma);
        IBacking? file = vma?.Backing;
        fault.FileBytes = file?.SizeBytes;
        fault.FileOffset = file is null ? 0 : (vma!.PgOff << 12) + (address.PageBase.Raw - vma.Start.Raw);
        Vma? stack = vma is null && address.Raw < VirtRange.TaskSize ? space.Vmas.FindAtOrAbove(address) : null;
        bool isBelow = stack is not null && stack.Has(VmFlags.GrowsDown);
        fault.StackAbove = isBelow ? stack!.Range : null;
        fault.StackLimitBytes = isBelow ? space.Limits.StackBytes : 0;
    }

    private static void Tell(Tracer trace, TraceEventKind kind, AddressSpace space, FaultDetail detail) =>
        trace.Take(new TraceEvent(kind) { Space = space.Tag.Id, Address = detail.Fault.Cr2, Detail = detail });

    /// <summary>More pages are needed at once than frames are left: the same as when there is none.</summary>
    /// <remarks>Where the allocator never fails the task waits in it; when all have waited in vain, for ever.</remarks>
    private SigInfo Stalled(UserThread thread)
    {
        ulong againNs = 0;
        bool waits = system.Memory.Shortage?.TriesAgain(out againNs) == true;
        if (waits && _stall.Rounds <= (uint)system.Processes.ThreadCount)
        {
            _ = _stall.TakeNeeded();
            thread.Sleep(new WaitFor(new FrameWait(), againNs, Interruption.Never));
            return default;
        }

        TellStalled();
        if (waits)
        {
            thread.Sleep(new WaitFor(new FrameWait(), VirtualClock.Never, Interruption.Never));
            return default;
        }

        return OutOfMemory(thread);
    }

    private void TellStalled()
    {
        uint faults = _stall.Faults;
        system.Notices(new Notice(NoticeKind.NoProgress)
        {
            Number = faults,
            Rip = new VirtAddr(system.Core.Vcpu.Rip),
            Needed = _stall.TakeNeeded(),
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
        system.Shortages.Note(OomKiller.ShortageOf(system, thread.Process, 1));
        SignalSend.ToProcess(thread.Process, kill);
        return default;
    }

    private void Check(UserThread thread, in SigInfo signal)
    {
        if (thread.ExpectedFault is { } expected && expected != signal.Address)
        {
            system.BrokenExpectation ??= new BrokenExpectation(thread.Title, expected, signal.Address);
        }

        thread.ExpectedFault = null;
    }

    private void NoteMissing(CpuFeatures missing)
    {
        CodeBytes code = CodeAtRip.Read(system);
        if (_missingTold.Add(code))
        {
            system.Notices(new Notice(NoticeKind.MissingFeature) { Code = code, Rip = new VirtAddr(system.Core.Vcpu.Rip), Missing = missing });
        }
    }

    private void NoteUnsupported()
    {
        CodeBytes code = CodeAtRip.Read(system);
        bool first = !statistics.UnsupportedInstructions.TryGetValue(code, out ulong times);
        statistics.UnsupportedInstructions[code] = times + 1;
        Unsupported = code;
        if (first)
        {
            system.Notices(new Notice(NoticeKind.UnsupportedInstruction) { Code = code, Rip = new VirtAddr(system.Core.Vcpu.Rip) });
        }
    }

    object IStateful.Save(object? last) => ((CodeBytes[])[.. _missingTold], Unsupported);

    void IStateful.SeeParts(StateVisitor visitor) => visitor.See(_stall);

    void IStateful.Restore(object state)
    {
        (CodeBytes[] told, Unsupported) = ((CodeBytes[], CodeBytes?))state;
        _missingTold.Clear();
        _missingTold.UnionWith(told);
    }
}
