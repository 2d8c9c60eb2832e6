using System.Text;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Files;

namespace MmuEmu.Debugger.Sessions;

/// <summary>A stream of the guest that nobody reads, of which the last lines are kept.</summary>
internal sealed class TailStream : IHostStream
{
    private const int MostBytes = 4096;
    private readonly List<byte> _tail = [];

    /// <inheritdoc/>
    public bool IsTerminal => false;

    /// <inheritdoc/>
    public (ushort Columns, ushort Rows) Size => (80, 24);

    /// <summary>The last lines, at most <paramref name="most"/>, without what a terminal would not show.</summary>
    public IReadOnlyList<string> LastLines(int most) =>
        [.. Encoding.UTF8.GetString(_tail.ToArray())
            .Split('\n')
            .Select(line => new string([.. line.Where(letter => !char.IsControl(letter))]))
            .Where(line => line.Length > 0)
            .TakeLast(most)];

    /// <inheritdoc/>
    public Errno Read(Span<byte> destination, out int count)
    {
        count = 0;
        return Errno.None;
    }

    /// <inheritdoc/>
    public Errno Write(ReadOnlySpan<byte> source, out int count)
    {
        count = source.Length;
        _tail.AddRange(source[Math.Max(0, source.Length - MostBytes)..]);
        _tail.RemoveRange(0, Math.Max(0, _tail.Count - MostBytes));
        return Errno.None;
    }
}
