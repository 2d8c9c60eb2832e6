using MmuEmu.Emulator.Tracing;
using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Run;
using MmuEmu.Kernel.Story;
using MmuEmu.Kernel.Views;

namespace MmuEmu.Debugger.Exports;

/// <summary>File and line of what threads do, for the events that say where.</summary>
/// <param name="scene">The export.</param>
internal sealed class EventSource(ExportScene scene) : IDisposable
{
    private readonly CodeNames _names = new(scene.Plan, scene.Program);
    private readonly Dictionary<int, int> _spaces = [];
    private MiniKernel? _kernel;

    /// <summary>The run begins.</summary>
    public void Begin(MiniKernel kernel) => _kernel = kernel;

    /// <summary>Takes an event: which space a thread runs in.</summary>
    public void Take(in TraceEvent happened)
    {
        if (happened.Kind == KernelEvent.UserEntry)
        {
            _spaces[happened.Stamp.Tid] = happened.Space;
        }
    }

    /// <summary>The line of an instruction of a thread; empty when it is not known.</summary>
    public string PlaceAt(int tid, VirtAddr rip) =>
        SpaceOf(tid) is { } space ? _names.Of(new KernelView(_kernel!), space, rip).Place : "";

    /// <summary>Likewise as a fact, or none.</summary>
    public IEnumerable<ItemFact> At(int tid, VirtAddr rip) => PlaceAt(tid, rip) is { Length: > 0 } place ? [new ItemFact("source", place)] : [];

    /// <summary>The same of the system call that the thread begins: the register is behind it, where another line may begin.</summary>
    public IEnumerable<ItemFact> OfCall(int tid) => At(tid, new VirtAddr(_kernel!.Core.Vcpu.Rip - 1));

    /// <summary>A window may begin behind the last entry into user code that the thread has made.</summary>
    private int? SpaceOf(int tid)
    {
        if (_spaces.TryGetValue(tid, out int space))
        {
            return space;
        }

        KernelView view = new(_kernel!);
        int? pid = view.Tasks().FirstOrDefault(task => task.Tid == tid)?.Pid;
        return view.Processes().FirstOrDefault(process => process.Pid == pid)?.Space;
    }

    /// <inheritdoc/>
    public void Dispose() => _names.Dispose();
}
