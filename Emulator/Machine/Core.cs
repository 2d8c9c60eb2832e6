using MmuEmu.Emulator.Cpu;
using MmuEmu.Emulator.Interpreter.Dispatch;
using MmuEmu.Emulator.Memory;
using MmuEmu.Emulator.Timing;
using MmuEmu.Emulator.Tlb;
using MmuEmu.Emulator.Tracing;
using MmuEmu.Emulator.Translation;

namespace MmuEmu.Emulator.Machine;

/// <summary>A vCPU that runs: the door between the machine and whoever drives it.</summary>
/// <remarks>The runner calls <see cref="Run"/>, looks at the exit, edits registers and RAM, and calls again. Nothing calls back.</remarks>
public sealed class Core : IDisposable
{
    private readonly Engine _engine;

    /// <summary>A core over <paramref name="ram"/> with an MMU of its own.</summary>
    public Core(PhysicalMemory ram, MmuOptions options)
    {
        Mmu = new Mmu(ram, options);
        Vcpu = new Vcpu(ram, Mmu);
        Clock = null;
        _engine = new Engine(Vcpu);
    }

    /// <summary>Its MMU.</summary>
    public Mmu Mmu { get; }

    /// <summary>Its registers and decoded blocks.</summary>
    public Vcpu Vcpu { get; }

    /// <summary>Prices all that the core does; null, the default, runs without a clock and many times faster.</summary>
    /// <remarks>While one is set every access and every fetch reaches the MMU, so that nothing escapes the clock. Set it between runs.</remarks>
    public CycleModel? Clock
    {
        get => Vcpu.Clock;
        set
        {
            Vcpu.Clock = value;
            ChooseShortcuts();
        }
    }

    /// <summary>Who sees what this core does; null, the default, for nobody. T and processor of each event are filled in.</summary>
    /// <remarks>
    /// Seeing changes nothing, with one exception: a sink that wants <see cref="TraceEventKind.Access"/> turns the look-aside off, as a clock does,
    /// so every access reaches the MMU and uses its TLB. Set it between runs.
    /// </remarks>
    public ITraceSink? Trace
    {
        get => (Mmu.Trace as CoreTrace)?.Sink;
        set
        {
            TraceMask wanted = value?.Wanted ?? TraceMask.None;
            bool sawAccesses = Vcpu.Data.Seer is not null;
            CoreTrace? trace = value is not null && wanted.Meets(TraceMask.Machine) ? new CoreTrace(Vcpu, value) : null;
            Mmu.Trace = trace;
            Vcpu.Watched = trace is not null;
            Vcpu.Data.Seer = wanted.Has(TraceEventKind.Access) ? trace : null;
            if (sawAccesses != (Vcpu.Data.Seer is not null))
            {
                ChooseShortcuts();
            }
        }
    }

    /// <summary>Instructions retired since it was made; the machine's time T.</summary>
    public ulong Retired { get; private set; }

    /// <summary>Runs at most <paramref name="budget"/> instructions.</summary>
    /// <returns>Why it stopped; valid until the next call.</returns>
    /// <remarks>
    /// With <see cref="TrapMode.Idt"/> the guest's own kernel takes faults and exceptions, and the run goes on. It ends at an instruction that
    /// this core does not know (<see cref="CoreExit.Unsupported"/>): the guest's handler would take our gap for a fault of its own.
    /// </remarks>
    public ref readonly CoreExit Run(ulong budget)
    {
        ulong left = budget;
        while (true)
        {
            ulong ran = _engine.Run(left);
            Retired += ran;
            left -= ran;
            PriceExit();
            if (Vcpu.Traps == TrapMode.Exit || !WasDelivered())
            {
                return ref Vcpu.Exit;
            }

            // A delivery takes a share of the budget too, or a handler that faults at its first byte would never come back.
            left -= Math.Min(left, 1);
        }
    }

    /// <summary>Its state as a value, without RAM; <paramref name="last"/> is an earlier one to share with.</summary>
    /// <remarks>RAM is saved before: it is told here which of its pages the core may go on writing.</remarks>
    internal CoreImage Save(CoreImage? last) => new(CpuImage.Of(Vcpu, last?.Cpu), Mmu.Save(last?.Mmu), Retired);

    /// <summary>Takes that state again; RAM is restored before.</summary>
    internal void Restore(CoreImage image)
    {
        Mmu.Restore(image.Mmu);
        image.Cpu.CopyTo(Vcpu);
        Retired = image.Retired;
    }

    /// <summary>Frees the native memory.</summary>
    public void Dispose()
    {
        _engine.Dispose();
        Vcpu.Dispose();
    }

    /// <summary>The look-aside answers only while nobody has to know of each access; blocks are looked for anew.</summary>
    private void ChooseShortcuts()
    {
        Vcpu.Pages.Enabled = Vcpu.Clock is null && Vcpu.Data.Seer is null && Mmu.Options.TlbMode != TlbMode.NoCache;
        Vcpu.Pages.DropAll();
        Vcpu.Blocks.Clear();
    }

    private bool WasDelivered()
    {
        if (Vcpu.Exit.Kind is not (CoreExitKind.PageFault or CoreExitKind.Exception) || Vcpu.Exit.Unsupported)
        {
            return false;
        }

        if (IdtDelivery.TryDeliver(Vcpu))
        {
            return true;
        }

        Vcpu.Exit.Kind = CoreExitKind.TripleFault;
        return false;
    }

    // A runner always comes back, so the way back is paid at once; a guest's own kernel comes back by its own IRETQ.
    private void PriceExit()
    {
        if (Vcpu.Clock is not { } clock)
        {
            return;
        }

        switch (Vcpu.Exit.Kind)
        {
            case CoreExitKind.PageFault:
                clock.Hardware(HardwarePath.PageFaultDelivery);
                clock.Hardware(HardwarePath.InterruptReturn, Vcpu.Traps == TrapMode.Exit ? 1UL : 0);
                break;
            case CoreExitKind.Syscall:
                clock.Hardware(HardwarePath.SyscallEntryExit);
                break;
        }
    }
}
