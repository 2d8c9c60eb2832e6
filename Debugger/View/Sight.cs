using MmuEmu.Debugger.Monitor;
using MmuEmu.Debugger.Travel;
using MmuEmu.Emulator.Cpu;
using MmuEmu.Emulator.Paging;
using MmuEmu.Emulator.Tracing;
using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Run;
using MmuEmu.Kernel.Views;

namespace MmuEmu.Debugger.View;

/// <summary>The machine during one look at it, and what happens at that T. Nothing of it outlives the look.</summary>
/// <param name="kernel">The machine.</param>
/// <param name="what">What happens.</param>
/// <param name="step">Micro-steps that are over.</param>
/// <param name="context">Words, and the source.</param>
/// <param name="rip">The instruction at work, where the processor's own register may be behind it; null where it is right.</param>
internal sealed class Sight(MiniKernel kernel, Happenings what, uint step, MonitorContext context, ulong? rip)
{
    /// <summary>The machine.</summary>
    public MiniKernel Kernel => kernel;

    /// <summary>Its processor at work.</summary>
    public Vcpu Cpu => kernel.Core.Vcpu;

    /// <summary>The instruction at work.</summary>
    public VirtAddr Rip { get; } = new(rip ?? kernel.Core.Vcpu.Rip);

    /// <summary>The control state.</summary>
    public PagingMode Mode => kernel.Core.Mmu.Mode;

    /// <summary>The run as values.</summary>
    public KernelView View { get; } = new(kernel);

    /// <summary>The address space that is loaded; null for none.</summary>
    public int? Space { get; } = MonitorContext.SpaceOf(kernel);

    /// <summary>What happens at this T.</summary>
    public Happenings What => what;

    /// <summary>Micro-steps that are over.</summary>
    public uint Step => step;

    /// <summary>Words, and the source.</summary>
    public MonitorContext Context => context;

    /// <summary>An instruction is about to run.</summary>
    public bool IsAtInstruction => what.IsInstruction(step);

    /// <summary>The event of the micro-step that is just over; -1 before the first.</summary>
    public int Number { get; } = what.EventAt(step) ?? -1;

    /// <summary>The micro-step that is just over; null before the first, and where an instruction is about to run.</summary>
    public MicroStep? Micro => step == 0 || IsAtInstruction ? null : what.Steps[(int)step - 1];

    /// <summary>The event that it belongs to.</summary>
    public TraceEvent? Event => Micro is { } micro ? what.Events[micro.Event] : null;
}
