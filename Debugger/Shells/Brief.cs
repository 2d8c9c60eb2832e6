namespace MmuEmu.Debugger.Shells;

/// <summary>Descriptions short enough for the line of a menu.</summary>
internal static class Brief
{
    private static readonly string[] Ends = [". ", "; ", ": ", ", such as ", "\n"];

    /// <summary>The first clause of <paramref name="description"/>, without a full stop; what stands in brackets does not end it.</summary>
    public static string Of(string description)
    {
        int depth = 0;
        for (int i = 0; i < description.Length; i++)
        {
            depth += description[i] switch { '(' => 1, ')' => -1, _ => 0 };
            if (i > 0 && depth == 0 && Ends.Any(mark => string.CompareOrdinal(description, i, mark, 0, mark.Length) == 0))
            {
                return description[..i];
            }
        }

        return description.TrimEnd('.');
    }
}
