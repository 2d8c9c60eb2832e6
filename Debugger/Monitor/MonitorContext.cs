using MmuEmu.Debugger.Rendering;
using MmuEmu.Debugger.Travel;
using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Run;
using MmuEmu.Kernel.Views;

namespace MmuEmu.Debugger.Monitor;

/// <summary>What all commands work on: the journey, its source, and what the user has set.</summary>
/// <param name="journey">The journey.</param>
/// <param name="style">How entries and causes are written; without colours, for lines go through protocols too.</param>
internal sealed class MonitorContext(Journey journey, WhyStyle style) : IDisposable
{
    /// <summary>Where the user is.</summary>
    public Journey Journey => journey;

    /// <summary>How explanations are written.</summary>
    public WhyStyle Style => style;

    /// <summary>The source of what runs.</summary>
    public SourceLines Source { get; } = new(journey);

    /// <summary>Where to stop on the way.</summary>
    public StopList Stops { get; } = new();

    /// <summary>The address that was walked for last, with its space; null before the first walk.</summary>
    public (int Space, VirtAddr Address)? Focus { get; set; }

    /// <summary>Looks at the run as it is here; nothing may be changed.</summary>
    public T View<T>(Func<KernelView, T> look) => journey.Look(kernel => look(new KernelView(kernel)));

    /// <summary>Likewise at another position.</summary>
    public T ViewAt<T>(Position where, Func<KernelView, T> look) => journey.Course.Look(where, kernel => look(new KernelView(kernel)));

    /// <summary>The number of the address space that the processor at work has loaded.</summary>
    /// <exception cref="CommandException">None is.</exception>
    public int Space() => journey.Look(SpaceOf)
        ?? throw new CommandException(ExitCodes.Usage, "expected a process at work; found none here: the run is over or has not begun", "try: seek begin, or seek T of a moment in between");

    /// <summary>Likewise; null for none.</summary>
    public static int? SpaceOf(MiniKernel kernel)
    {
        Pfn root = kernel.Core.Mmu.Mode.Root;
        foreach (SpaceView space in new KernelView(kernel).Spaces())
        {
            if (space.Root == root)
            {
                return space.Id;
            }
        }

        return null;
    }

    /// <inheritdoc/>
    public void Dispose() => Source.Dispose();
}
