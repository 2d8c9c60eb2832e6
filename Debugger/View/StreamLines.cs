using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Files;

namespace MmuEmu.Debugger.View;

/// <summary>The lines of a stream, each as soon as it is there: whoever types commands into a pipe sees their answers.</summary>
/// <param name="stream">The stream.</param>
internal sealed class StreamLines(IHostStream stream) : TextReader
{
    private readonly byte[] _piece = new byte[1 << 12];
    private readonly List<byte> _line = [];
    private int _at;
    private int _count;

    /// <inheritdoc/>
    public override string? ReadLine()
    {
        _line.Clear();
        while (_at < _count || HasMore())
        {
            byte next = _piece[_at++];
            if (next == '\n')
            {
                return Taken();
            }

            _line.Add(next);
        }

        return _line.Count > 0 ? Taken() : null;
    }

    private bool HasMore()
    {
        (_at, _count) = (0, 0);
        return stream.Read(_piece, out _count) == Errno.None && _count > 0;
    }

    private string Taken() => OwnText.Encoding.GetString([.. _line]);
}
