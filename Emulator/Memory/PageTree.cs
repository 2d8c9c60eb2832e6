namespace MmuEmu.Emulator.Memory;

/// <summary>What all frames of RAM hold at one moment: group w has frames 64 w to 64 w + 63, and null is a group of zeros.</summary>
internal sealed class PageTree(PageGroup?[] groups)
{
    private int _holders = 1;

    /// <summary>The groups.</summary>
    internal PageGroup?[] Groups => groups;

    /// <summary>One holder more.</summary>
    internal void Hold() => _holders++;

    /// <summary>One holder less; the last one lets its groups go.</summary>
    internal void Leave(PageStore store)
    {
        if (--_holders != 0)
        {
            return;
        }

        foreach (PageGroup? group in groups)
        {
            group?.Leave(store);
        }
    }
}
