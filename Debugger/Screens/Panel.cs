namespace MmuEmu.Debugger.Screens;

/// <summary>A titled part of a screen.</summary>
/// <param name="Title">What it shows.</param>
/// <param name="Lines">Its lines.</param>
/// <param name="Place">Where it stands when there is room for more than one column.</param>
/// <param name="Rank">Which closes first where the rows do not suffice: the highest; 0 is the last.</param>
internal sealed record Panel(string Title, IReadOnlyList<TextLine> Lines, PanelPlace Place, int Rank)
{
    /// <summary>The first line that is shown, when not all are.</summary>
    public int Top { get; init; }

    /// <summary>Rows with its borders, when all lines are shown.</summary>
    public int WantedRows => Lines.Count + 2;

    /// <summary>The keys go to this one; it stays open when others close.</summary>
    public bool IsChosen { get; init; }
}
