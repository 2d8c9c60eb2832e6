namespace MmuEmu.Debugger.Shells;

/// <summary>The lines of a table in a script: what is answered to which words; words with the same answer share a line.</summary>
/// <remarks>
/// Loops and lists of text, not LINQ over pairs and groups: each type that LINQ goes over brings some dozens more, which the native
/// program lays out at the start of every run.
/// </remarks>
internal sealed class ShellCases
{
    private readonly List<string> _answers = [];
    private readonly Dictionary<string, List<string>> _keys = [];

    /// <summary>The answers, in the order in which they came.</summary>
    public IReadOnlyList<string> Answers => _answers;

    /// <summary>The words that get <paramref name="answer"/>.</summary>
    public IReadOnlyList<string> KeysOf(string answer) => _keys[answer];

    /// <summary>Adds a line.</summary>
    public void Add(string key, string answer)
    {
        if (!_keys.TryGetValue(answer, out List<string>? keys))
        {
            _answers.Add(answer);
            _keys.Add(answer, keys = []);
        }

        keys.Add(key);
    }
}
