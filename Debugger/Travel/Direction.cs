namespace MmuEmu.Debugger.Travel;

/// <summary>Which way in time.</summary>
internal enum Direction
{
    /// <summary>As the run went.</summary>
    Forward,

    /// <summary>Against it.</summary>
    Backward,
}
