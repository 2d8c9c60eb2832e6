namespace MmuEmu.Debugger.Travel;

/// <summary>All that a run gets from the host and gives to it, noted so that the same comes again when the run is run again.</summary>
internal interface IHostTape
{
    /// <summary>How much of it is over; set back, what follows comes again, and the host is not asked.</summary>
    int Position { get; set; }
}
