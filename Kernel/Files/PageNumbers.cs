namespace MmuEmu.Kernel.Files;

/// <summary>Numbers of pages in an order that does not depend on how they are kept.</summary>
internal static class PageNumbers
{
    /// <summary>Those from <paramref name="first"/> to <paramref name="last"/>, lowest first.</summary>
    public static List<ulong> Sorted(IReadOnlyCollection<ulong> numbers, ulong first, ulong last)
    {
        List<ulong> sorted = [];
        foreach (ulong number in numbers)
        {
            if (number >= first && number <= last)
            {
                sorted.Add(number);
            }
        }

        sorted.Sort();
        return sorted;
    }
}
