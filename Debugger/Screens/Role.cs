namespace MmuEmu.Debugger.Screens;

/// <summary>What a piece of text means to the eye; never the only way in which it is said.</summary>
internal enum Role
{
    /// <summary>Text like any other.</summary>
    Plain,

    /// <summary>The title of a panel, a name.</summary>
    Strong,

    /// <summary>What can be passed over: borders, hints, what is only around.</summary>
    Faint,

    /// <summary>What is as it should be.</summary>
    Good,

    /// <summary>What went wrong, or where a walk stopped.</summary>
    Bad,

    /// <summary>What may be lost or deserves a look.</summary>
    Warning,

    /// <summary>What is other than at the step before.</summary>
    Changed,

    /// <summary>What can be followed: an address, a frame, a time.</summary>
    Link,

    /// <summary>The line or the letter at which the user is; the bar at the top.</summary>
    Cursor,
}
