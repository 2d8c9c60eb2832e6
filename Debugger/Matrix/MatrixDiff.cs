using System.Numerics;
using MmuEmu.Emulator.Paging;

namespace MmuEmu.Debugger.Matrix;

/// <summary>Compares the cases of a matrix with the lines of another run or another model, which may come in another order.</summary>
/// <remarks>Lines in the same order cost nothing to keep; of others those are kept that were not asked for yet.</remarks>
internal struct MatrixDiff(MatrixBench bench, TextReader old, TextWriter writer) : IMatrixVisitor
{
    private readonly Dictionary<string, string> _ahead = new(StringComparer.Ordinal);
    private int _fewest = int.MaxValue;

    /// <summary>Cases of this side.</summary>
    public long Cases { get; private set; }

    /// <summary>Cases with another result, or on one side only.</summary>
    public long Differences { get; private set; }

    /// <summary>Of the cases that differ the one with the fewest bits set, the first of several; null when none differs.</summary>
    public string? Smallest { get; private set; }

    /// <inheritdoc/>
    public void Visit(in MatrixCase one)
    {
        Cases++;
        (string key, string now) = (MatrixText.Of(one), MatrixText.Of(bench.Run(one)));
        string? before = Take(key);
        if (before == now)
        {
            return;
        }

        Tell(key, before, now);
        int bits = BitsOf(one);
        if (bits < _fewest)
        {
            (_fewest, Smallest) = (bits, $"{key}: {before ?? "(no line)"} there, {now} here");
        }
    }

    /// <summary>Tells of the lines whose case did not come.</summary>
    public void Finish()
    {
        while (TryRead(out string key, out string result))
        {
            _ahead.TryAdd(key, result);
        }

        foreach ((string key, string result) in _ahead)
        {
            Tell(key, result, null);
        }
    }

    /// <summary>The result of the line of a case; null when there is none.</summary>
    private readonly string? Take(string key)
    {
        if (_ahead.Remove(key, out string? kept))
        {
            return kept;
        }

        while (TryRead(out string read, out string result))
        {
            if (read == key)
            {
                return result;
            }

            _ahead.TryAdd(read, result);
        }

        return null;
    }

    private readonly bool TryRead(out string key, out string result)
    {
        while (old.ReadLine() is { } line)
        {
            int at = line.IndexOf(MatrixText.Between, StringComparison.Ordinal);
            if (at >= 0)
            {
                (key, result) = (line[..at].Trim(), line[(at + MatrixText.Between.Length)..].Trim());
                return true;
            }
        }

        (key, result) = ("", "");
        return false;
    }

    private void Tell(string key, string? before, string? now)
    {
        Differences++;
        writer.WriteLine($"- {(before is null ? "(no line)" : $"{key}{MatrixText.Between}{before}")}");
        writer.WriteLine($"+ {(now is null ? "(no case)" : $"{key}{MatrixText.Between}{now}")}");
    }

    private static int BitsOf(in MatrixCase one)
    {
        int bits = BitOperations.PopCount((uint)one.Mode.Bits) + BitOperations.PopCount(one.Mode.Pkru);
        for (PagingLevel level = one.LowestLevel; level <= one.Mode.RootLevel; level++)
        {
            bits += BitOperations.PopCount(one.Entries[(int)level].Raw);
        }

        return bits;
    }
}
