namespace MmuEmu.Debugger.Gdb;

/// <summary>
/// Values of registers that nobody can write, as they were told. gdb puts all registers back when a function that it has called returns,
/// these too: what was told before is taken as said back, and means nothing.
/// </summary>
internal sealed class ToldValues
{
    private const int Most = 1024;
    private readonly Queue<(int Register, ulong Value)> _order = new();
    private readonly HashSet<(int Register, ulong Value)> _known = [];

    /// <summary>Values were told, by the registers' numbers.</summary>
    public void Add(IReadOnlyList<ulong> values)
    {
        for (int register = 0; register < values.Count; register++)
        {
            if (_known.Add((register, values[register])))
            {
                _order.Enqueue((register, values[register]));
            }
        }

        while (_order.Count > Most)
        {
            _known.Remove(_order.Dequeue());
        }
    }

    /// <summary>True when that value was told of that register.</summary>
    public bool Has(int register, ulong value) => _known.Contains((register, value));
}
