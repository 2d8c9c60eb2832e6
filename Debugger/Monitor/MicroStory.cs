using MmuEmu.Debugger.Travel;
using MmuEmu.Emulator.Paging;
using MmuEmu.Emulator.Tracing;

namespace MmuEmu.Debugger.Monitor;

/// <summary>The micro-steps of one T in words: a short line each, and a sentence for who sees it for the first time.</summary>
/// <param name="what">What happens at that T.</param>
/// <param name="walk">Words for the processor's steps.</param>
/// <param name="kernel">Words for the kernel's.</param>
internal sealed class MicroStory(Happenings what, WalkStory walk, KernelStory kernel)
{
    /// <summary>That of the T at which the user is.</summary>
    public static MicroStory Here(MonitorContext context)
    {
        PagingMode mode = context.Journey.Look(machine => machine.Core.Mmu.Mode);
        return new MicroStory(context.Journey.Now, new WalkStory(mode, context.Style.Format), new KernelStory(context.Style));
    }

    /// <summary>How many there are.</summary>
    public int Count => what.Steps.Count;

    /// <summary>Step <paramref name="number"/>, from 0, in one line.</summary>
    public string Short(int number)
    {
        MicroStep step = what.Steps[number];
        TraceEvent happened = what.Events[step.Event];
        return happened.Kind < TraceEventKind.FirstOfSoftware ? walk.Short(step, happened) : kernel.Short(happened);
    }

    /// <summary>What it is for, and what follows from it.</summary>
    public string Sentence(int number)
    {
        MicroStep step = what.Steps[number];
        TraceEvent happened = what.Events[step.Event];
        return happened.Kind < TraceEventKind.FirstOfSoftware ? walk.Sentence(step, happened) : KernelStory.Sentence(happened);
    }
}
