namespace MmuEmu.Tests.House;

/// <summary>Groups of files that need one another: the strongly connected components of a <see cref="FileGraph"/>, by Tarjan's algorithm.</summary>
public sealed class Components
{
    private readonly FileGraph _graph;
    private readonly Dictionary<string, int> _order = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _low = new(StringComparer.Ordinal);
    private readonly Stack<string> _open = new();
    private readonly List<IReadOnlyList<string>> _found = [];

    private Components(FileGraph graph) => _graph = graph;

    /// <summary>Every component of two files or more, largest first.</summary>
    public static IReadOnlyList<IReadOnlyList<string>> Of(FileGraph graph)
    {
        Components search = new(graph);
        foreach (string file in graph.Files)
        {
            search.Visit(file);
        }

        return [.. search._found.Where(component => component.Count > 1).OrderByDescending(component => component.Count)];
    }

    private void Visit(string file)
    {
        if (_order.ContainsKey(file))
        {
            return;
        }

        _low[file] = _order[file] = _order.Count;
        _open.Push(file);
        foreach (string used in _graph.UsesOf(file))
        {
            bool known = _order.ContainsKey(used);
            Visit(used);
            if (!known || _open.Contains(used))
            {
                _low[file] = Math.Min(_low[file], known ? _order[used] : _low[used]);
            }
        }

        if (_low[file] == _order[file])
        {
            _found.Add(Close(file));
        }
    }

    private List<string> Close(string file)
    {
        List<string> component = [];
        do
        {
            component.Add(_open.Pop());
        }
        while (component[^1] != file);

        component.Sort(StringComparer.Ordinal);
        return component;
    }
}
