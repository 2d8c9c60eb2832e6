using MmuEmu.Debugger.Travel;

namespace MmuEmu.Debugger.Monitor;

/// <summary>A breakpoint or watchpoint.</summary>
/// <param name="Number">Its number, from 1.</param>
/// <param name="Text">What it stops at, as it is listed.</param>
/// <param name="Goals">What that is to the journey.</param>
internal sealed record StopPoint(int Number, string Text, IReadOnlyList<Goal> Goals)
{
    /// <summary>What it was and what it is when memory is watched, where the move ended; null for what is no memory.</summary>
    public Func<MonitorContext, IEnumerable<string>>? Values { get; init; }
}

/// <summary>The breakpoints and watchpoints that are set, in their order.</summary>
internal sealed class StopList
{
    private readonly List<StopPoint> _all = [];
    private int _made;

    /// <summary>All of them.</summary>
    public IReadOnlyList<StopPoint> All => _all;

    /// <summary>Adds one.</summary>
    public StopPoint Add(string text, IReadOnlyList<Goal> goals, Func<MonitorContext, IEnumerable<string>>? values = null)
    {
        StopPoint made = new(++_made, text, goals) { Values = values };
        _all.Add(made);
        return made;
    }

    /// <summary>Takes one away; false when there is none of that number.</summary>
    public bool Remove(int number) => _all.RemoveAll(stop => stop.Number == number) > 0;

    /// <summary>Takes all away.</summary>
    public void Clear() => _all.Clear();

    /// <summary>The one that a goal belongs to; null for none.</summary>
    public StopPoint? Of(Goal? goal) => _all.Find(stop => stop.Goals.Any(own => ReferenceEquals(own, goal)));
}
