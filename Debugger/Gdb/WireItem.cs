namespace MmuEmu.Debugger.Gdb;

/// <summary>What came over the wire.</summary>
internal enum WireKind
{
    /// <summary>A packet whose checksum is right.</summary>
    Packet,

    /// <summary>A packet whose checksum is wrong, or that is too long.</summary>
    Damaged,

    /// <summary>The other side did not understand the last packet.</summary>
    Again,

    /// <summary>The byte 03H outside of packets: the user wants a stop.</summary>
    Interrupt,

    /// <summary>Nothing comes any more.</summary>
    End,
}

/// <summary>One thing that came over the wire.</summary>
/// <param name="Kind">What.</param>
/// <param name="Text">A packet's bytes, one char each, escapes resolved; otherwise empty.</param>
internal readonly record struct WireItem(WireKind Kind, string Text = "");
