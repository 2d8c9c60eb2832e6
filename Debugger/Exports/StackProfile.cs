namespace MmuEmu.Debugger.Exports;

/// <summary>A profile: stacks in the order in which they were met, each with its weight; equal ones side by side are one.</summary>
/// <param name="name">What it counts.</param>
internal sealed class StackProfile(string name)
{
    private readonly List<(int[] Stack, ulong Weight)> _samples = [];

    /// <summary>What it counts.</summary>
    public string Name => name;

    /// <summary>All weights together.</summary>
    public ulong Total { get; private set; }

    /// <summary>The stacks, outermost frame first, each frame a number of the file's list.</summary>
    public IReadOnlyList<(int[] Stack, ulong Weight)> Samples => _samples;

    /// <summary>Adds to a stack.</summary>
    public void Add(int[] stack, ulong weight)
    {
        Total += weight;
        if (_samples.Count > 0 && _samples[^1].Stack.AsSpan().SequenceEqual(stack))
        {
            _samples[^1] = (stack, _samples[^1].Weight + weight);
            return;
        }

        _samples.Add((stack, weight));
    }
}
