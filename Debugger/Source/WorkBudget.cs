namespace MmuEmu.Debugger.Source;

/// <summary>How much reading a file's debug information is worth: a bound that grows with its size, so that no damage costs its square.</summary>
/// <remarks>Tables may overlap and be named from many places; whole files need about once or twice their bytes.</remarks>
internal sealed class WorkBudget
{
    private const long Least = 4 << 20;
    private const long PerByte = 24;

    private long _left = Least;

    /// <summary>All has been spent.</summary>
    public bool IsSpent => _left < 0;

    /// <summary>What to say when it is spent.</summary>
    public static string Reason => "refers to the same bytes too often";

    /// <summary>More bytes came into view.</summary>
    public void Grow(long bytes) => _left += bytes * PerByte;

    /// <summary>Takes <paramref name="bytes"/>, about as many as are read or made.</summary>
    /// <returns>False when there is no more.</returns>
    public bool TrySpend(long bytes)
    {
        _left -= bytes;
        return _left >= 0;
    }
}
