using MmuEmu.Kernel.Abi;

namespace MmuEmu.Debugger.Travel;

/// <summary>All that a run gets from the host and gives to it, noted so that the same comes again when the run is run again.</summary>
internal interface IHostTape
{
    /// <summary>How much of it is over; set back, what follows comes again, and the host is not asked.</summary>
    int Position { get; set; }

    /// <summary>Signals of the terminal that the run was sent, each with its moment, earliest first.</summary>
    IReadOnlyList<(Moment When, Signal Signal)> Signals { get; }

    /// <summary>Notes a signal that the run is sent, if it is not noted yet.</summary>
    void Sent(Moment when, Signal signal);

    /// <summary>Somebody types for the guest at <paramref name="now"/>, where the run is.</summary>
    void Type(Moment now, ReadOnlySpan<byte> text);

    /// <summary>Another future begins at <paramref name="now"/>, where the run is: what is noted behind is forgotten.</summary>
    void Cut(Moment now);
}
