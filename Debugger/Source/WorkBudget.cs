namespace MmuEmu.Debugger.Source;

/// <summary>How much reading a file's debug information is worth: a bound that grows with its size, so that no damage costs its square.</summary>
/// <remarks>Tables may overlap and be named from many places; whole files need about once or twice their bytes.</remarks>
internal sealed class WorkBudget
{
    private const long Least = 4 << 20;
    private const long PerByte = 40;

    /// <summary>Rows of all line tables together, of 24 bytes each; the largest programs have a tenth of it.</summary>
    private const int MostRows = 1 << 25;

    private long _left = Least;
    private int _rows = MostRows;

    /// <summary>What to say when it is spent.</summary>
    public static string Reason => "refers to the same bytes too often";

    /// <summary>More bytes came into view.</summary>
    public void Grow(long bytes) => _left += bytes * PerByte;

    /// <summary>Takes <paramref name="bytes"/>, about as many as are read or made.</summary>
    /// <returns>False when there is no more.</returns>
    public bool TrySpend(long bytes)
    {
        _left = Math.Max(_left - bytes, -1);
        return _left >= 0;
    }

    /// <summary>Takes one row of a line table.</summary>
    /// <returns>False when there are too many.</returns>
    public bool TryRow() => _rows > 0 && --_rows >= 0;
}
