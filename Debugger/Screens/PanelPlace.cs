namespace MmuEmu.Debugger.Screens;

/// <summary>The column of a panel.</summary>
internal enum PanelPlace
{
    /// <summary>The wider column.</summary>
    Left,

    /// <summary>The narrower column beside it.</summary>
    Right,

    /// <summary>A third column where the screen is wide, otherwise below those of <see cref="Right"/>.</summary>
    Far,

    /// <summary>Over all columns, below them.</summary>
    Wide,
}
