using MmuEmu.Emulator.Cpu;

namespace MmuEmu.Debugger.Travel;

/// <summary>Notes every instruction of a piece of the run.</summary>
internal sealed class TrailProbe : IInstructionProbe
{
    private readonly List<TrailPoint> _points = [];

    /// <summary>The thread at work.</summary>
    public int Tid { get; set; }

    /// <summary>The instructions, in their order. Two with one T: the first was given up for a signal, whose handler the second begins.</summary>
    public IReadOnlyList<TrailPoint> Points => _points;

    /// <inheritdoc/>
    public void Before(ulong time, ulong rip, ulong rsp) => Add(new TrailPoint(time, rip, rsp, Tid));

    /// <inheritdoc/>
    public bool Seeks(ulong rip) => true;

    /// <inheritdoc/>
    public void Passed(ulong time, ulong rip) => Add(new TrailPoint(time, rip, _points[^1].Rsp, Tid));

    private void Add(TrailPoint point)
    {
        // One that faulted comes again when the page is there.
        if (_points.Count == 0 || _points[^1] != point)
        {
            _points.Add(point);
        }
    }
}
