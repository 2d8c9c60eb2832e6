using MmuEmu.Emulator.Tracing;
using MmuEmu.Kernel.Run;
using MmuEmu.Kernel.Story;
using MmuEmu.Kernel.Views;

namespace MmuEmu.Debugger.Exports;

/// <summary>A map of a run's faults, to be looked at: pages by time.</summary>
internal sealed class SvgExport(ExportScene scene) : IExport
{
    private readonly FaultMap _map = new(scene.Window);
    private readonly Dictionary<int, string> _names = [];

    /// <inheritdoc/>
    public TraceMask Wanted => FaultMap.Kinds;

    /// <inheritdoc/>
    public bool WantsPast => true;

    /// <inheritdoc/>
    public void Begin(MiniKernel kernel)
    {
        KernelView view = new(kernel);
        foreach (TaskView task in view.Tasks())
        {
            _names[task.Pid] = task.Name;
        }

        _map.Begin(view);
    }

    /// <inheritdoc/>
    public void Take(in TraceEvent happened)
    {
        _map.Take(happened);
        if (happened.Detail is TaskDetail { Change: TaskChange.Began or TaskChange.Executed } task)
        {
            _names[happened.Stamp.Pid] = task.Text[(task.Text.LastIndexOf('/') + 1)..];
        }
    }

    /// <inheritdoc/>
    public void End(ExportEnd end)
    {
        _map.End();
        SvgMap drawing = new(_map, $"{scene.Guest}: page faults", scene.Window.Unit, _map.First ?? 0, pid => _names.GetValueOrDefault(pid, ""));
        using StreamWriter writer = scene.Text();
        writer.Write(drawing.ToString());
    }

    /// <inheritdoc/>
    public void Dispose()
    {
    }
}
