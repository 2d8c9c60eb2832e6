namespace MmuEmu.Debugger.Source;

/// <summary>The functions that the symbols of a file name, by address: what is known of code without debug information.</summary>
internal sealed class FunctionSymbols
{
    private readonly ElfSymbol[] _sorted;

    /// <summary>Takes the functions among <paramref name="symbols"/>, and what <paramref name="isCode"/> says is code though no one says it is a function.</summary>
    /// <param name="symbols">Of one file.</param>
    /// <param name="isCode">Whether an address is one of an instruction.</param>
    public FunctionSymbols(IEnumerable<ElfSymbol> symbols, Func<ulong, bool> isCode)
    {
        _sorted = [.. symbols.Where(symbol => symbol.IsDefined && (symbol.IsFunction || isCode(symbol.Value)))
            .OrderBy(symbol => symbol.Value)
            .ThenBy(symbol => symbol.IsFunction)
            .ThenBy(symbol => symbol.IsGlobal)
            .ThenByDescending(symbol => symbol.Name, StringComparer.Ordinal)];
    }

    /// <summary>The nearest symbol at or before <paramref name="address"/>, and how far behind it the address is.</summary>
    /// <returns>Null when there is none, or when it tells its size and the address is beyond it.</returns>
    public (ElfSymbol Symbol, ulong Offset)? At(ulong address)
    {
        (int low, int high) = (0, _sorted.Length);
        while (low < high)
        {
            int middle = (low + high) / 2;
            (low, high) = _sorted[middle].Value <= address ? (middle + 1, high) : (low, middle);
        }

        for (int at = low - 1; at >= 0 && _sorted[at].Value == _sorted[low - 1].Value; at--)
        {
            ElfSymbol symbol = _sorted[at];
            ulong offset = address - symbol.Value;
            if (symbol.Size == 0 || offset < symbol.Size)
            {
                return (symbol, offset);
            }
        }

        return null;
    }
}
